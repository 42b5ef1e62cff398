"""Workflows that are run without a server, in the process tree of the program that made them."""
