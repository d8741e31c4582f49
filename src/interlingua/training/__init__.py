"""One training loop, its batches and its budget."""
