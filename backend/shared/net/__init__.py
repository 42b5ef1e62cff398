"""Requests to addresses that people typed: looked up once, judged, and then sent to that very address."""

from backend.shared.net.addresses import Allowed, RefusedAddressError, Target, parse_target, resolve, target_of
from backend.shared.net.post import Answer, UnreachableError, post

__all__ = [
    "Allowed",
    "Answer",
    "RefusedAddressError",
    "Target",
    "UnreachableError",
    "parse_target",
    "post",
    "resolve",
    "target_of",
]
