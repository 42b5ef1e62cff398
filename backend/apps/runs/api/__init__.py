"""The HTTP side of runs."""
