"""Packages under the names of other products. `pipeloom exec` puts this folder on the path of the program that it
runs; nothing is ever installed under these names, so nothing shadows the real ones."""
