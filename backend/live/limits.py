"""How much a socket may ask of us, and how long it may keep us waiting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts; tests make them small."""

    ping_seconds: float = 15.0
    authorise_seconds: float = 10.0
    send_seconds: float = 10.0
    poll_seconds: float = 1.0
    page: int = 200
    furthest_behind: int = 5_000
    incoming_bytes: int = 64 * 1024
    incoming_frames: int = 100
    """Within one ping's time; we expect none at all."""
    whole_files: int = 200
    """Metrics files sent whole to a client that does not say since when it has them."""
    sockets: int = 5_000


LIMITS = Limits()


class Close:
    """Close codes of ours; below 4000 they are the protocol's own."""

    BAD_DATA = 1007
    POLICY = 1008
    TOO_BIG = 1009
    TRY_LATER = 1013
    UNAUTHORISED = 4401
    NOT_FOUND = 4404
    TOO_SLOW = 4408
