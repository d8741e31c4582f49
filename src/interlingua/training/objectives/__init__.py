"""Objectives: one per file, `(lm, batch) -> Loss`, found by the shelf under the file name."""
