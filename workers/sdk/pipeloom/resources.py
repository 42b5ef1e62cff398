"""What steps can run on, asked as programs of ModelArts ask: flavors, pools and engines of the server.

The shapes of the answers are not documented by the source, except that they are a list, lists, and a dictionary.
"""

from __future__ import annotations

from typing import Any

from pipeloom.session import Session

_MEGABYTE_PER_GIGABYTE = 1024


class TrainingJob:
    """`estimatorV2.TrainingJob`, as far as it answers questions. Each question takes a session of its own, or not."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or Session()

    def get_train_instance_types(self, session: Session | None = None) -> list[dict[str, Any]]:
        """The flavors of the public pool: those that a step may name as `flavor_id`."""
        return [_flavor(each) for each in (session or self.session).client.flavors() if each["pool"] is None]

    def get_engine_list(self, session: Session | None = None) -> dict[str, Any]:
        """`engines`, each with name, version and id as `JobEngine` takes them; and how many."""
        listed = [
            {
                "engine_id": f"{each['name']}-{each['version']}",
                "engine_name": each["name"],
                "engine_version": each["version"],
                "description": each["description"],
            }
            for each in (session or self.session).client.engines()
        ]
        return {"total": len(listed), "engines": listed}


class JobClient:
    """`workflow.client.job_client.JobClient`: the pools that hosts belong to."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or Session()

    def get_pool_list(self) -> list[dict[str, Any]]:
        """Those of which a host is there now, each with its hosts and flavors."""
        return [each for each in self.session.client.pools() if each["online"]]

    def get_pool_id_list(self) -> list[str]:
        return [str(each["pool_id"]) for each in self.get_pool_list()]


def _flavor(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "flavor_id": told["flavor_id"],
        "flavor_name": told["title"],
        "flavor_type": "GPU" if told["gpus"] else "CPU",
        "cpu": told["cpu"],
        "memory_gib": round(told["memory_mb"] / _MEGABYTE_PER_GIGABYTE, 3),
        "gpus": told["gpus"],
        "gpu_type": told["gpu_type"],
        "hosts": told["hosts"],
    }
