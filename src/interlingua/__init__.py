"""Make a language model answer as well in every language as in its strongest one, and prove the gain."""

__version__ = "0.1.0"
