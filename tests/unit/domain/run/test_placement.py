"""Who gets which host and card, and what the others are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.run.placement import Gpu, HostCapacity, Placement, Quota, Waiting, placement
from backend.domain.run.resources import Resources
from tests.unit.domain.run.building import NOON

CARDS = tuple(Gpu(f"gpu-{number}", "A100") for number in range(8))


def host(name: str = "gpu-a", *, cards: int = 8, free: int | None = None, **more: Any) -> HostCapacity:
    gpus = tuple(Gpu(f"{name}/{card.uuid}", card.type) for card in CARDS[:cards])
    sizes: dict[str, Any] = {"cpu": 32.0, "memory_mb": 65536, **more}
    sizes = {"free_cpu": sizes["cpu"], "free_memory_mb": sizes["memory_mb"], **sizes}
    return HostCapacity(name=name, gpus=gpus, free_gpus=gpus[: cards if free is None else free], **sizes)


def waiting(key: str, gpus: int = 0, *, after: int = 0, cpu: float = 1, priority: int = 0, **more: Any) -> Waiting:
    project = more.pop("project", "p")
    return Waiting(key, Resources(cpu=cpu, gpus=gpus, **more), NOON + timedelta(seconds=after), project, priority)


def hosts_of(found: Placement) -> dict[str, str]:
    return {given.key: given.host for given in found.assignments}


def test_it_serves_flavors_of_one_two_four_and_eight_cards_from_one_host() -> None:
    found = placement([waiting("four", 4), waiting("one", 1, after=1), waiting("two", 2, after=2)], [host()], {})
    assert [len(given.devices) for given in found.assignments] == [4, 1, 2]
    assert len({device for given in found.assignments for device in given.devices}) == 7

    assert len(placement([waiting("eight", 8)], [host()], {}).assignments[0].devices) == 8


def test_it_says_what_is_short_and_the_place_in_line() -> None:
    found = placement([waiting("a", 4), waiting("b", 4, after=1), waiting("c", 4, after=2)], [host(free=2)], {})

    assert found.reasons["c"].position == 3
    assert found.reasons["c"].code == "placement.gpus_short"
    assert found.reasons["c"].message == "Needs 4 GPU (any type), 2 free on gpu-a; number 3 in line."
    cores = placement([waiting("a", cpu=2)], [host(free_cpu=0.0)], {}).reasons["a"]
    assert cores.message == "Needs 2 CPU, 0 free on gpu-a; number 1 in line."


@pytest.mark.parametrize(
    ("wanted", "capacity", "code"),
    [
        (waiting("a", cpu=8), {"free_cpu": 4.0}, "placement.cpu_short"),
        (waiting("a", memory_mb=1000), {"free_memory_mb": 10}, "placement.memory_short"),
        (waiting("a", gpus=1), {"free": 0}, "placement.gpus_short"),
        (waiting("a", gpus=9), {}, "placement.impossible"),
        (waiting("a", gpus=1, gpu_type="H200"), {}, "placement.impossible"),
        (waiting("a", pool="night"), {}, "placement.impossible"),
        (waiting("a", cpu=33), {}, "placement.impossible"),
        (waiting("a"), {"alive": False}, "placement.host_away"),
        (waiting("a"), {"disk_short_mb": 0}, "placement.disk_full"),
        (waiting("a"), {"alive": False, "disk_short_mb": 0}, "placement.host_away"),
        (waiting("a", cpu=33), {"disk_short_mb": 0}, "placement.impossible"),
    ],
)
def test_it_names_the_reason(wanted: Waiting, capacity: dict[str, Any], code: str) -> None:
    reason = placement([wanted], [host(**capacity)], {}).reasons["a"]

    assert (reason.code, reason.impossible) == (code, code == "placement.impossible")


def test_it_knows_no_impossible_step_while_no_host_has_ever_come() -> None:
    reason = placement([waiting("a", 1)], [], {}).reasons["a"]

    assert (reason.code, reason.impossible) == ("placement.no_hosts", False)


def test_it_chooses_cards_of_the_type_and_hosts_of_the_pool() -> None:
    mixed = HostCapacity(
        name="mixed",
        cpu=8,
        memory_mb=100,
        gpus=(Gpu("x", "T4"), Gpu("y", "A100")),
        free_cpu=8,
        free_memory_mb=100,
        free_gpus=(Gpu("x", "T4"), Gpu("y", "A100")),
        pools=frozenset({"night"}),
    )

    found = placement([waiting("a", 1, gpu_type="A100", pool="night")], [host(), mixed], {})

    assert [(given.host, given.devices) for given in found.assignments] == [("mixed", ("y",))]


def test_it_leaves_hosts_with_cards_to_those_who_need_cards() -> None:
    found = placement([waiting("plain")], [host("a"), host("b", cards=0)], {})

    assert hosts_of(found) == {"plain": "b"}


def test_it_goes_by_priority_then_by_waiting_time() -> None:
    """One core is free, for three steps."""
    line = [waiting("late", after=2), waiting("early", after=1), waiting("urgent", after=3, priority=1)]

    found = placement(line, [host(free_cpu=1.0)], {})

    assert hosts_of(found) == {"urgent": "gpu-a"}
    assert [found.reasons[key].position for key in ("early", "late")] == [1, 2]


def test_it_keeps_free_cards_for_a_big_step_but_lets_others_use_what_it_does_not_need() -> None:
    """`big` waits for 4 cards and 2 are free: no small step may take those, but one without cards may pass."""
    line = [waiting("big", 4), waiting("small", 1, after=1), waiting("plain", after=2)]

    found = placement(line, [host(free=2)], {})

    assert hosts_of(found) == {"plain": "gpu-a"}
    assert found.reasons["small"].code == "placement.kept_for_earlier"


def test_it_keeps_room_on_one_host_only() -> None:
    line = [waiting("big", 8), waiting("small", 1, after=1)]

    found = placement(line, [host("a", free=7), host("b", free=2)], {})

    assert hosts_of(found) == {"small": "b"}


def test_it_holds_a_project_to_its_quota_without_holding_up_others() -> None:
    line = [waiting("a", 2), waiting("b", 1, after=1), waiting("other", 1, after=2, project="q"), waiting("c", after=3)]

    found = placement(line, [host()], {"p": Quota(max_jobs=3, max_gpus=1, jobs=1)})

    assert set(hosts_of(found)) == {"b", "other", "c"}
    assert found.reasons["a"].code == "placement.quota_gpus"
    full = placement(line[:2], [host()], {"p": Quota(max_jobs=1, jobs=1)})
    assert {reason.code for reason in full.reasons.values()} == {"placement.quota_jobs"}


def test_it_counts_what_it_gives_away_itself() -> None:
    """Against the quota, and in the numbers that the others are told."""
    line = [waiting("a", 2), waiting("b", 2, after=1)]

    limited = placement(line, [host()], {"p": Quota(max_jobs=1)})
    short = placement(line, [host(cards=3)], {})

    assert limited.reasons["b"].params == {"used": 1, "limit": 1, "position": 1}
    assert (short.reasons["b"].code, short.reasons["b"].params["free"]) == ("placement.gpus_short", 1)


def test_it_answers_for_ten_thousand_equal_steps() -> None:
    line = [waiting(f"s{number:05}", 1) for number in range(10_000)]

    found = placement(line, [host("a", free=3), host("b", free=0)], {})

    assert len(found.assignments) == 3
    assert found.reasons["s09999"].position == 9_997


SIZES = st.builds(
    Resources,
    cpu=st.sampled_from([0.5, 1, 2, 8]),
    memory_mb=st.sampled_from([0, 100, 1000]),
    gpus=st.sampled_from([0, 0, 1, 2, 4]),
    gpu_type=st.sampled_from([None, "A100", "T4"]),
    pool=st.sampled_from([None, None, "night"]),
)


@st.composite
def hosts(draw: st.DrawFn) -> list[HostCapacity]:
    made = []
    for name in ("h1", "h2", "h3")[: draw(st.integers(0, 3))]:
        types = draw(st.lists(st.sampled_from(["A100", "T4"]), max_size=4))
        gpus = tuple(Gpu(f"{name}/{index}", kind) for index, kind in enumerate(types))
        cpu, memory_mb = draw(st.sampled_from([2.0, 8.0])), draw(st.sampled_from([100, 2000]))
        made.append(
            HostCapacity(
                name=name,
                cpu=cpu,
                memory_mb=memory_mb,
                gpus=gpus,
                free_cpu=draw(st.integers(0, round(2 * cpu))) / 2,
                free_memory_mb=draw(st.integers(0, memory_mb)),
                free_gpus=tuple(gpu for gpu in gpus if draw(st.booleans())),
                pools=draw(st.sampled_from([frozenset(), frozenset({"night"})])),
                alive=draw(st.integers(0, 4)) > 0,
            )
        )
    return made


LINES = st.lists(
    st.tuples(SIZES, st.integers(0, 5), st.sampled_from("pq"), st.integers(0, 1)), min_size=1, max_size=12
).map(
    lambda rows: [
        Waiting(f"s{number}", size, NOON + timedelta(seconds=since), project, priority)
        for number, (size, since, project, priority) in enumerate(rows)
    ]
)
QUOTAS = st.dictionaries(
    st.sampled_from("pq"),
    st.builds(
        Quota, st.none() | st.integers(0, 3), st.none() | st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)
    ),
)


@given(line=LINES, capacity=hosts(), quotas=QUOTAS, shuffled=st.randoms(use_true_random=False))
def test_it_never_gives_more_than_there_is_and_answers_everybody(
    line: list[Waiting], capacity: list[HostCapacity], quotas: dict[str, Quota], shuffled: Any
) -> None:
    found = placement(line, capacity, quotas)

    wanted = {step.key: step for step in line}
    placed = {given.key: given for given in found.assignments}
    assert placed.keys() | found.reasons.keys() == wanted.keys()
    assert not placed.keys() & found.reasons.keys()
    assert sorted(reason.position for reason in found.reasons.values()) == list(range(1, len(found.reasons) + 1))
    devices = [device for given in found.assignments for device in given.devices]
    assert len(devices) == len(set(devices))
    for each in capacity:
        here = [wanted[given.key].resources for given in found.assignments if given.host == each.name]
        assert not here or each.alive
        assert sum(size.cpu for size in here) <= each.free_cpu
        assert sum(size.memory_mb for size in here) <= each.free_memory_mb
        free = {gpu.uuid: gpu.type for gpu in each.free_gpus}
        for given_ in (one for one in found.assignments if one.host == each.name):
            size = wanted[given_.key].resources
            assert len(given_.devices) == size.gpus
            assert all(size.gpu_type in (None, free[device]) for device in given_.devices)
            assert size.pool is None or size.pool in each.pools
    for project, quota in quotas.items():
        mine = [wanted[key] for key in placed if wanted[key].project == project]
        assert not mine or quota.max_jobs is None or quota.jobs + len(mine) <= quota.max_jobs
        taken = sum(step.resources.gpus for step in mine)
        assert not taken or quota.max_gpus is None or quota.gpus + taken <= quota.max_gpus

    shuffled.shuffle(line)
    shuffled.shuffle(capacity)
    assert placement(line, capacity, quotas) == found


@given(line=LINES, capacity=hosts())
def test_it_lets_nobody_pass_who_would_delay_the_first_in_line(
    line: list[Waiting], capacity: list[HostCapacity]
) -> None:
    """However many come after it, as much is missing for the first in line as if they had not come."""
    found = placement(line, capacity, {})
    first = next((step for step in line if step.key in found.reasons and found.reasons[step.key].position == 1), None)
    if first is None or found.reasons[first.key].code in {
        "placement.impossible",
        "placement.host_away",
        "placement.no_hosts",
    }:
        return
    before = [
        step for step in line if (-step.priority, step.since, step.key) <= (-first.priority, first.since, first.key)
    ]
    alone = placement(before, capacity, {})

    assert _missing(first, capacity, found, line) == _missing(first, capacity, alone, line)


def _missing(step: Waiting, capacity: list[HostCapacity], found: Placement, line: list[Waiting]) -> Any:
    sizes = {each.key: each.resources for each in line}
    rest = []
    for each in capacity:
        wanted = step.resources
        able = each.cpu >= wanted.cpu and each.memory_mb >= wanted.memory_mb
        able = able and each.alive and (wanted.pool is None or wanted.pool in each.pools)
        able = able and sum(wanted.gpu_type in (None, gpu.type) for gpu in each.gpus) >= wanted.gpus
        if able:
            taken = [one for one in found.assignments if one.host == each.name]
            gone = {device for one in taken for device in one.devices}
            free = [gpu for gpu in each.free_gpus if gpu.uuid not in gone and wanted.gpu_type in (None, gpu.type)]
            rest.append(
                (
                    max(0, wanted.gpus - len(free)),
                    max(0.0, wanted.memory_mb - each.free_memory_mb + sum(sizes[one.key].memory_mb for one in taken))
                    / max(1, each.memory_mb),
                    max(0.0, wanted.cpu - each.free_cpu + sum(sizes[one.key].cpu for one in taken)) / each.cpu,
                )
            )
    return min(rest)


def test_it_sends_containers_only_to_hosts_that_can_start_them() -> None:
    hosts = [host("a"), host("b", containers=True)]

    found = placement([waiting("plain", 8), waiting("boxed", after=1, container=True)], hosts, {})

    assert hosts_of(found)["boxed"] == "b"
    alone = placement([waiting("boxed", container=True)], [host("a")], {}).reasons["boxed"]
    assert (alone.code, alone.impossible) == ("placement.no_container_engine", True)
    away = placement([waiting("boxed", container=True)], [host("a"), host("b", containers=True, alive=False)], {})
    assert (away.reasons["boxed"].code, away.reasons["boxed"].impossible) == ("placement.host_away", False)
    small = placement([waiting("boxed", cpu=99, container=True)], hosts, {}).reasons["boxed"]
    assert small.code == "placement.impossible"
