"""Runs models over items and writes rows; the dear part, therefore cached."""
