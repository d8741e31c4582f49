"""Languages: codes, names and scripts."""
