"""Counts: what texts are made of, as the rows of an integer array `(count, text)`."""

COUNTS = ("tokens", "characters", "bytes", "words", "unknown", "pieces")
"""Characters are code points and bytes UTF-8; words are what spaces set apart, 0 where a script has none;
`unknown` tokens stand for what the vocabulary lacks, `pieces` for bytes of a character (byte fallback)."""
