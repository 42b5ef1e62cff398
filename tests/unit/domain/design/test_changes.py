"""What changed between two documents, and two drafts put together."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given

from backend.domain.design.changes import changes
from backend.domain.design.check import check
from backend.domain.design.merge import merge
from backend.domain.design.rename import rename_parameter, rename_step
from tests.unit.domain.design.documents import documents
from tests.unit.domain.design.golden import valid

Raw = dict[str, Any]


def edited(raw: Raw, **places: Any) -> Raw:
    """`steps__2__title="x"`: a copy with another value somewhere."""
    made = copy.deepcopy(raw)
    for place, value in places.items():
        at: Any = made
        *way, last = [int(part) if part.isdigit() else part for part in place.split("__")]
        for part in way:
            at = at[part]
        at[last] = value
    return made


def told(before: Raw, after: Raw) -> list[tuple[str, str, str, str]]:
    return [(each.what, each.list, each.name, each.path) for each in changes(before, after).meaning]


def test_nothing_changed() -> None:
    assert changes(valid("digits"), valid("digits")).meaning == []


def test_a_renamed_step_changes_nothing_else() -> None:
    before = valid("digits")

    assert told(before, rename_step(before, "train", "fit")) == [("renamed", "steps", "fit", "/name")]


def test_two_that_exchange_their_names_are_renamed() -> None:
    before = valid("branches")
    after = rename_step(rename_step(rename_step(before, "a", "x"), "b", "a"), "x", "b")

    assert [each.what for each in changes(before, after).meaning] == ["renamed", "renamed"]


def test_it_says_what_was_added_removed_changed_wired_and_moved() -> None:
    before = valid("digits")
    after = edited(before, steps__2__title="Fit", layout={"nodes": {}}, description="Other")
    after["steps"][3]["depends_on"] = []
    after["parameters"].append({"id": "new", "name": "fresh", "type": "INT"})
    del after["data"][0]

    assert told(before, after) == [
        ("changed", "", "", "/description"),
        ("added", "parameters", "fresh", ""),
        ("removed", "data", "raw", ""),
        ("changed", "steps", "train", "/title"),
        ("edge_removed", "steps", after["steps"][3]["name"], "/depends_on"),
    ]


def test_both_sides_keep_what_they_did() -> None:
    base = valid("digits")
    mine = edited(base, steps__2__title="Fit")
    theirs = edited(base, description="Other", steps__3__title="Keep")

    merged = merge(base, mine, theirs)

    assert merged.conflicts == []
    assert merged.document == edited(base, steps__2__title="Fit", description="Other", steps__3__title="Keep")


def test_a_renaming_of_one_side_reaches_the_references_of_the_other() -> None:
    base = valid("digits")
    mine = rename_parameter(base, "epochs", "rounds")
    theirs = copy.deepcopy(base)
    theirs["steps"][2]["properties"]["algorithm"]["parameters"].append(
        {"name": "again", "value": {"$parameter": "epochs"}}
    )

    merged = merge(base, mine, theirs)

    assert merged.conflicts == []
    assert check(merged.document) == []


def test_what_both_changed_otherwise_is_a_conflict_and_mine_stays() -> None:
    base = valid("digits")
    mine, theirs = edited(base, steps__2__title="Mine"), edited(base, steps__2__title="Theirs")

    merged = merge(base, mine, theirs)

    assert [(each.mine, each.theirs) for each in merged.conflicts] == [("Mine", "Theirs")]
    assert merged.document == mine


def test_a_step_that_one_removed_and_the_other_changed_stays_and_is_told() -> None:
    base = valid("digits")
    mine = {**base, "steps": base["steps"][:-1]}
    theirs = edited(base, steps__3__title="Wanted")

    merged = merge(base, mine, theirs)

    assert len(merged.conflicts) == 1
    assert merged.document["steps"][-1]["title"] == "Wanted"


@given(documents(), documents(), documents())
def test_any_two_drafts_come_together(base: Raw, mine: Raw, theirs: Raw) -> None:
    assert merge(base, mine, base).document == {**base, **mine}
    assert merge(base, mine, mine).document == mine
    merge(base, mine, theirs)
    changes(mine, theirs)
