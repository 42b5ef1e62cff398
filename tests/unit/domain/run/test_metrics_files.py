"""Which files an output says that hold metrics."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.run.metrics_files import MetricsFile, metrics_files


@pytest.mark.parametrize(
    ("type_", "config", "files"),
    [
        ("metrics", {"metric_files": ["/a/m.json"]}, [MetricsFile("/a/m.json")]),
        (
            "metrics",
            {"metric_files": ["/a/m.json", "/a/n.json"], "realtime_visualization": True, "visualization": False},
            [MetricsFile("/a/m.json", realtime=True, visualization=False), MetricsFile("/a/n.json", True, False)],
        ),
        ("obs", {"obs_path": "/a/b/"}, []),
        ("obs", {"obs_path": "/a/b", "metric_file": "m.json"}, [MetricsFile("/a/b/m.json")]),
        ("obs", {"obs_path": "/a/b/", "metric_file": "deep/m.json"}, [MetricsFile("/a/b/deep/m.json")]),
        ("obs", {"obs_path": "/a/b/", "metric_file": None}, []),
        ("model", {"model_name": "x", "metric_file": "m.json"}, []),
    ],
)
def test_it_names_them_with_what_is_said_of_them(type_: str, config: Any, files: list[MetricsFile]) -> None:
    assert list(metrics_files(type_, config)) == files
