"""Data: items, sources, tasks and builders."""
