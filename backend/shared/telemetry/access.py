"""Who may read the figures: holders of PIPELOOM_METRICS_TOKEN or, where none is set, this machine itself."""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path

TOKEN = "PIPELOOM_METRICS_TOKEN"  # noqa: S105 - the variable's name
# A proxy on this machine makes everybody look local; it leaves one of these.
_PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def metrics_token() -> str:
    file = os.environ.get(f"{TOKEN}_FILE")
    return os.environ.get(TOKEN) or (Path(file).read_text().strip() if file else "")


def may_read(headers: Mapping[str, str], peer: str) -> bool:
    """`headers` with names in small letters; `peer` the address of the other end of the connection."""
    token = metrics_token()
    if token:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    if any(name in headers for name in _PASSED_ON):
        return False
    try:
        return ipaddress.ip_address(peer.split("%")[0]).is_loopback
    except ValueError:
        return False
