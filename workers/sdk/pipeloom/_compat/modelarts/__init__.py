"""Stands for `modelarts` in programs that are run by `pipeloom exec`. What is not here is not there yet."""
