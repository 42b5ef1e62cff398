"""The shapes of what is asked and told about hosts, the queue and quotas."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.apps.runs.serializers.wire import NamedOut, SaidOut
from backend.shared.http import Strict, WholeQuery


class GpuOut(serializers.Serializer[Any]):
    uuid = serializers.CharField()
    type = serializers.CharField(allow_null=True, required=False)
    free = serializers.BooleanField()


class WaitingRunOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    workflow = NamedOut()


class WaitingOut(serializers.Serializer[Any]):
    run = WaitingRunOut(allow_null=True, help_text="Null when the run is not yours.")
    step = serializers.CharField(allow_null=True)
    title = serializers.CharField(allow_null=True)
    position = serializers.IntegerField()
    reason = SaidOut()


class FencesOut(serializers.Serializer[Any]):
    processes = serializers.IntegerField(help_text="How many a step may have at once.")
    processes_by = serializers.ChoiceField(
        ["rlimit", "cgroup", "watched"],
        help_text="The kernel refuses more (rlimit, cgroup), or a step with more is ended soon (watched).",
    )
    disk_mb = serializers.IntegerField(
        allow_null=True, help_text="What a step may write. Null: nine tenths of what is free when it starts."
    )
    network = serializers.ChoiceField(["open", "closed"], help_text="Whether steps have a network.")
    network_possible = serializers.BooleanField(help_text="Whether it could be closed here (PIPELOOM_STEP_NETWORK).")
    files = serializers.BooleanField(help_text="Whether a step is kept from the files that say what it is.")


class HostOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    online = serializers.BooleanField()
    cpu = serializers.FloatField()
    free_cpu = serializers.FloatField()
    memory_mb = serializers.IntegerField()
    free_memory_mb = serializers.IntegerField()
    gpus = GpuOut(many=True)
    pools = serializers.ListField(child=serializers.CharField())
    isolation = serializers.CharField(allow_blank=True)
    fences = FencesOut(allow_null=True, help_text="What else holds for steps there. Null: its worker does not tell.")
    containers = serializers.CharField(allow_blank=True, help_text="Its container engine; empty without one.")
    version = serializers.CharField(allow_blank=True)
    heartbeat_at = serializers.DateTimeField()
    attempts = serializers.IntegerField(help_text="How many it runs now.")
    held = SaidOut(allow_null=True, help_text="Why nothing new starts here, although the host is there.")


class HostsOut(serializers.Serializer[Any]):
    items = HostOut(many=True)
    queue = WaitingOut(many=True)


class PoolOut(serializers.Serializer[Any]):
    pool_id = serializers.CharField()
    online = serializers.BooleanField(help_text="Whether any of its hosts is there now.")
    hosts = serializers.ListField(child=serializers.CharField())
    cpu = serializers.FloatField()
    free_cpu = serializers.FloatField()
    gpus = serializers.IntegerField()
    free_gpus = serializers.IntegerField()
    flavors = serializers.ListField(child=serializers.CharField(), help_text="What a step may ask of it.")


class PoolListQuery(WholeQuery):
    online = serializers.BooleanField(required=False, allow_null=True, default=None)
    order = serializers.ChoiceField(choices=["pool_id", "-pool_id", "gpus", "-gpus"], default="pool_id")


class PoolList(serializers.Serializer[Any]):
    items = PoolOut(many=True)
    next = serializers.CharField(allow_null=True)


class QuotaIn(Strict):
    max_jobs = serializers.IntegerField(min_value=0, max_value=100_000, allow_null=True)
    max_gpus = serializers.IntegerField(min_value=0, max_value=100_000, allow_null=True)


class QuotaOut(serializers.Serializer[Any]):
    max_jobs = serializers.IntegerField(allow_null=True, help_text="Steps at once. Null: no limit.")
    max_gpus = serializers.IntegerField(allow_null=True, help_text="Cards at once. Null: no limit.")
    jobs = serializers.IntegerField(help_text="Steps that run now.")
    gpus = serializers.IntegerField(help_text="Cards that are in use now.")
