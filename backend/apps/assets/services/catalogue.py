"""Engines and flavors: what steps can run on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from backend.apps.assets.models import Engine, Flavor, FlavorOffer
from backend.shared.db import advisory_lock

SIZES = (1, 2, 4, 8, 16, 32, 64)
MEMORY_PER_CPU_MB = 2_048


def engine_register(
    *,
    name: str,
    version: str,
    interpreter: str,
    lock_hash: str = "",
    preloads: Sequence[str] = (),
    description: str = "",
) -> Engine:
    """Make the engine known, or say anew where it is."""
    engine, _ = Engine.objects.update_or_create(
        name=name,
        version=version,
        defaults={
            "interpreter": interpreter,
            "lock_hash": lock_hash,
            "preloads": list(preloads),
            "description": description,
        },
    )
    return engine


@transaction.atomic
def flavors_sync(
    *, host: str, cpu: float, memory_mb: int, gpus: Sequence[Mapping[str, Any]] = (), pools: Sequence[str] = ()
) -> list[Flavor]:
    """What this host can serve, derived from its size: cpu.1, cpu.2 … and gpu.1, gpu.2 … of each type and pool."""
    advisory_lock("flavors")
    wanted = [
        flavor for pool in (pools or (None,)) for flavor in _derived(cpu=cpu, memory_mb=memory_mb, gpus=gpus, pool=pool)
    ]
    made = [_ensured(each) for each in wanted]
    FlavorOffer.objects.filter(host=host).exclude(flavor__in=made).delete()
    FlavorOffer.objects.bulk_create([FlavorOffer(flavor=each, host=host) for each in made], ignore_conflicts=True)
    return made


def flavors_forget(*, host: str) -> None:
    """The host is gone for good; what only it offered is offered no more."""
    FlavorOffer.objects.filter(host=host).delete()


def flavor_declare(
    *,
    flavor_id: str,
    title: str,
    cpu: float,
    memory_mb: int,
    gpus: int = 0,
    gpu_type: str | None = None,
    pool: str | None = None,
) -> Flavor:
    """A flavor of the administrator's own: it stays, whether or not a host can serve it now."""
    flavor, _ = Flavor.objects.update_or_create(
        flavor_id=flavor_id,
        defaults={
            "title": title,
            "cpu": cpu,
            "memory_mb": memory_mb,
            "gpus": gpus,
            "gpu_type": gpu_type,
            "pool": pool,
            "declared": True,
        },
    )
    return flavor


def _ensured(wanted: Flavor) -> Flavor:
    shown = ("title", "cpu", "memory_mb", "gpus", "gpu_type", "pool")
    defaults = {name: getattr(wanted, name) for name in shown}
    found, made = Flavor.objects.get_or_create(flavor_id=wanted.flavor_id, defaults=defaults)
    if not made and not found.declared:
        # Two hosts of different size offer the same name: it means what the smaller one can give.
        found.cpu = min(found.cpu, wanted.cpu)
        found.memory_mb = min(found.memory_mb, wanted.memory_mb)
        found.save(update_fields=["cpu", "memory_mb"])
    flavor: Flavor = found
    return flavor


def _derived(*, cpu: float, memory_mb: int, gpus: Sequence[Mapping[str, Any]], pool: str | None) -> list[Flavor]:
    ending = f"@{pool}" if pool else ""
    listed = []
    for size in (size for size in SIZES if size <= max(1, int(cpu))):
        memory = min(MEMORY_PER_CPU_MB * size, memory_mb)
        title = f"{size} CPU, {_gib(memory)}"
        listed.append(Flavor(flavor_id=f"cpu.{size}{ending}", title=title, cpu=size, memory_mb=memory, pool=pool))
    for size in (size for size in SIZES if size <= len(gpus)):
        share = size / len(gpus)
        memory = int(memory_mb * share)
        cores = max(1, int(cpu * share))
        title = f"{size} GPU, {cores} CPU, {_gib(memory)}"
        listed.append(
            Flavor(flavor_id=f"gpu.{size}{ending}", title=title, cpu=cores, memory_mb=memory, gpus=size, pool=pool)
        )
    return listed


def _gib(memory_mb: int) -> str:
    return f"{memory_mb / 1024:.3g} GiB"
