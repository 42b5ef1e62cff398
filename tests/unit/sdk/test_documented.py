"""Every object of the language says what it is, and what each of its fields means."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest
from pipeloom import workflow as wf

PLACES = (wf, wf.data, wf.steps, wf.policy, wf.resource)
OFFERED = {
    f"{place.__name__.removeprefix('pipeloom.')}.{name}": getattr(place, name)
    for place in PLACES
    for name in place.__all__
    if not isinstance(getattr(place, name), ModuleType)
}


@pytest.mark.parametrize("name", OFFERED)
def test_it_says_what_it_is(name: str) -> None:
    offered = OFFERED[name]
    own = vars(offered).get("__doc__") if inspect.isclass(offered) else offered.__doc__

    # What a dataclass writes by itself, its signature, is not a word about it.
    assert own
    assert not own.startswith(f"{offered.__name__}(")


@pytest.mark.parametrize("name", [name for name, offered in OFFERED.items() if is_dataclass(offered)])
def test_it_says_what_each_field_means(name: str) -> None:
    offered: Any = OFFERED[name]
    words = " ".join(vars(base).get("__doc__") or "" for base in offered.__mro__)

    assert [field.name for field in fields(offered) if not re.search(rf"`{field.name}\b", words)] == []


@pytest.mark.parametrize("name", [name for name, offered in OFFERED.items() if inspect.isclass(offered)])
def test_it_says_what_each_method_does(name: str) -> None:
    methods = inspect.getmembers(OFFERED[name], inspect.isfunction)
    own = [(called, method) for called, method in methods if method.__module__.startswith("pipeloom")]

    assert [called for called, method in own if not called.startswith("_") and not inspect.getdoc(method)] == []
