"""What changes schedules, and what they do when their time has come."""

from backend.apps.schedules.services.changing import (
    schedule_change,
    schedule_create,
    schedule_delete,
    times_previewed,
)
from backend.apps.schedules.services.firing import fire_retry, fires_forget, schedule_fire

__all__ = [
    "fire_retry",
    "fires_forget",
    "schedule_change",
    "schedule_create",
    "schedule_delete",
    "schedule_fire",
    "times_previewed",
]
