"""Tables, plots and the one-file page: what a result says, per language first, averages second."""
