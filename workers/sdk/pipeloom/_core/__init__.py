"""In an installed library the product's own code lies here: setup.py puts it here. In the sources this is empty."""
