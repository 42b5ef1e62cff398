"""Pipeloom for your own code: metrics and context inside a step, client outside.

Nothing is imported here: `pipeloom.metrics` and `pipeloom.context` need the standard library only and must load in
any Python that a step may run in, while `pipeloom.client` needs httpx and websockets.
"""
