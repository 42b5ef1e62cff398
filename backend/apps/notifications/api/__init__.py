"""The HTTP side of notifications."""
