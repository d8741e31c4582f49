"""Data audit: finds rows of task tables and parallel text that are out of step, mislabelled or damaged."""
