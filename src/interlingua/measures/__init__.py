"""Rows and arrays in, numbers with intervals out; cheap, numpy only, never torch."""
