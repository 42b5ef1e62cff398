"""A soak says that something grows when it grows, and not when it only moves."""

import random

import pytest

from tests.soak.faults import FAULTS, choose
from tests.soak.figures import Figures, slope


def life(rng: random.Random, *, per_hour: float, level: float, samples: int = 120) -> list[tuple[float, float]]:
    return [(5.0 * i, level + per_hour * 5.0 * i / 3600 + rng.gauss(0, 1)) for i in range(samples)]


def test_it_sees_growth_through_noise_and_over_several_lives(rng: random.Random) -> None:
    found = slope("x", "MB", [life(rng, per_hour=60, level=level) for level in (100, 300, 120)])
    assert found is not None
    assert found.grows
    assert found.per_hour == pytest.approx(60, rel=0.2)
    assert abs(found.per_hour - 60) < 3 * found.interval


def test_it_takes_another_level_of_another_life_for_no_growth() -> None:
    rng = random.Random(7)
    found = slope("x", "MB", [life(rng, per_hour=0, level=level) for level in (100, 200, 300)])
    assert found is not None
    assert abs(found.per_hour) < 2 * found.interval
    assert not found.grows or found.per_hour < 5


def test_it_says_nothing_about_lives_that_were_too_short(rng: random.Random) -> None:
    assert slope("x", "MB", [life(rng, per_hour=5, level=1, samples=5)] * 9) is None


def test_it_counts_neighbours_that_resemble_each_other_as_fewer() -> None:
    """A walk without a direction looks like growth to whoever takes its samples for independent."""
    rng = random.Random(3)
    walk, value = [], 0.0
    for i in range(200):
        value = 0.97 * value + rng.gauss(0, 1)
        walk.append((5.0 * i, value))
    independent = slope("x", "MB", [[(x, rng.gauss(0, 1)) for x, _ in walk]])
    dependent = slope("x", "MB", [walk])
    assert independent is not None
    assert dependent is not None
    assert dependent.interval > 5 * independent.interval


def test_it_judges_memory_apart_once_a_process_has_settled(rng: random.Random) -> None:
    figures = Figures()
    warming = [(at, 100 + at / 20) for at in range(60, 600, 5)]
    settled = [(at, 130 + rng.gauss(0, 0.1)) for at in range(600, 1500, 5)]
    figures.lives["memory"]["web:1:0"] = [(float(at), value) for at, value in (*warming, *settled)]

    found = {each.name: each for each in figures.slopes()}

    assert found["web memory"].per_hour > 30
    assert abs(found["web memory after 10 min"].per_hour) < 2


def test_it_ends_nothing_that_is_spared(rng: random.Random) -> None:
    chosen = {choose(rng, ["web"]) for _ in range(2_000)}
    assert chosen == FAULTS.keys() - {"kill web", "kill up", "failpoint"}
