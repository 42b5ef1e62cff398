"""Documents with something wrong in them, and what has to hold whatever was sent."""

import json
import random
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from backend.apps.workflows.models import Draft, WorkflowVersion
from backend.domain.design.check import check, well_formed
from backend.domain.untrusted_json import ill_formed

ENOUGH = settings(
    max_examples=min(settings().max_examples, 200), deadline=None, suppress_health_check=list(HealthCheck)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
NASTY: list[Any] = [
    None,
    True,
    -0.0,
    1e22,
    2**53 + 1,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "\x00",
    "\ud800",
    "${{7*7}}",
    "{{config}}",
    "$(id)",
    "__class__",
    "x" * 5_000,
    "\u202e",
    [],
    {},
    [[]],
    {"$parameter": "nobody"},
    {"$parameter": {"$parameter": "x"}},
    {"$output": {"step": "train", "output": "nobody"}},
    {"$any_of": []},
    {"$literal": {"$literal": 1}},
    {"$unknown": 1},
    {"$storage": {"name": "runs", "path": "../../etc"}},
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in the document, the whole of it too."""
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        found += _paths(below, (*path, key))
    return found


def mutated(document: Any, random_: random.Random, nasty: Any) -> Any:
    """The document with one place deleted, doubled, retyped, inflated, renamed or exchanged."""
    changed = deepcopy(document)
    places = _paths(changed)[1:]
    if not places:
        return nasty
    *above, last = random_.choice(places)
    holder = changed
    for key in above:
        holder = holder[key]
    match random_.choice(("delete", "double", "retype", "inflate", "rename", "wrap")):
        case "delete":
            del holder[last]
        case "double" if isinstance(holder, list):
            holder.append(deepcopy(holder[last]))
        case "rename" if isinstance(holder, dict):
            holder[random_.choice(["", "schema", "$parameter", "é", last + "_"])] = holder.pop(last)
        case "inflate":
            holder[last] = [deepcopy(holder[last])] * random_.choice([2, 50, 1_000])
        case "wrap":
            for _ in range(random_.choice([1, 60, 150])):
                holder[last] = {"x": holder[last]}
        case _:
            holder[last] = nasty
    return changed


@st.composite
def mutants(draw: st.DrawFn, source: Any) -> Any:
    """`source` with one to three things wrong."""
    shuffler = draw(st.randoms(use_true_random=False))
    document = deepcopy(source)
    for _ in range(draw(st.integers(1, 3))):
        document = mutated(document, shuffler, draw(st.sampled_from(NASTY) | JSON))
    return document


def text(value: Any) -> bytes:
    """As a careless client writes it: NaN, lone surrogates and endless numbers included."""
    return json.dumps(value).encode()


def told(answer: Any, *fine: int) -> Any:
    """Fine, or refused with problems that point somewhere."""
    body = json.loads(answer.content)
    assert answer.status_code in {*fine, 400, 409, 413, 422}, body
    if answer.status_code not in fine:
        assert body["problems"]
        assert all(each["path"] == "" or each["path"].startswith("/") for each in body["problems"])
    return body


def stored_is_sound() -> None:
    for document in Draft.objects.values_list("document", flat=True):
        assert list(ill_formed(document)) == []
        assert well_formed(document) == []
    for document in WorkflowVersion.objects.values_list("document", flat=True):
        assert not [each for each in check(document) if each.severity == "error"]
