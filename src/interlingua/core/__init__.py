"""Errors, folder shelves, seeds, fingerprints, rows, the ledger and the run folder."""
