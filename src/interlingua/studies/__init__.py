"""Side-by-side runs: method, controls, oracle, seeds, worlds, verdicts."""
