"""The one place that says which Pipeloom this is."""

VERSION = "0.1.0"
