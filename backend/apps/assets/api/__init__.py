"""The HTTP side of assets."""
