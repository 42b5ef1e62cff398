"""Which metrics files an output of a step declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class MetricsFile(NamedTuple):
    """`place` is logical, as people write it."""

    place: str
    realtime: bool = False
    visualization: bool = True


def metrics_files(type_: str, config: Mapping[str, Any]) -> Iterator[MetricsFile]:
    """From an output's type and its configuration with every reference resolved."""
    if type_ == "metrics":
        realtime, drawn = config.get("realtime_visualization", False), config.get("visualization", True)
        for place in config.get("metric_files", ()):
            yield MetricsFile(place, realtime, drawn)
    elif type_ == "obs" and config.get("metric_file"):
        yield MetricsFile(f"{str(config['obs_path']).rstrip('/')}/{str(config['metric_file']).lstrip('/')}")
