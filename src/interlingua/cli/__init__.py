"""The commands; resolves `hf:`, `file:` and `lab:` names."""
