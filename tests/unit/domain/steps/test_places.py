"""Places that are written as texts: what is no path is told while drawing, not by the run."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.check import check
from backend.domain.steps.job import boot_file_inside

Raw = dict[str, Any]

BAD = (
    "obs://bucket/x/",
    "s3://bucket/x",
    "/",
    "//a/",
    "/a/../../etc/",
    "../a/",
    "a/../../x",
    "a\\b",
    "/a/./b/",
    "a\nb/",
)
GOOD = ("/default/a/", "/bucket/训练/x y/", "a", "a/", "./a/", ".hidden/", "/a/...b/")
ENGINE = {"engine_name": "python", "engine_version": "3"}


def job(**places: str) -> Raw:
    """A job whose places are all in order but for those that are given."""
    at = {"input": "/default/in/", "output": "/default/out/", "code": "code/", "boot": "train.py"} | places
    outputs = [
        {"name": "result", "type": "obs", "config": {"obs_path": at["output"]}},
        {"name": "figures", "type": "metrics", "config": {"metric_files": [at.get("figures", "/default/out/m.json")]}},
    ]
    algorithm = {"code_dir": at["code"], "boot_file": at["boot"], "engine": ENGINE}
    step = {
        "id": "s1",
        "name": "train",
        "kind": "job",
        "inputs": [{"name": "data_url", "data": {"obs_path": at["input"]}}],
        "outputs": outputs,
        "properties": {"algorithm": algorithm},
    }
    return {"schema": 1, "name": "W", "steps": [step]}


PLACES = {
    "input": "/steps/0/inputs/0/data/obs_path",
    "output": "/steps/0/outputs/0/config/obs_path",
    "figures": "/steps/0/outputs/1/config/metric_files/0",
    "code": "/steps/0/properties/algorithm/code_dir",
}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("text", BAD)
def test_it_tells_what_is_no_path(where: str, text: str) -> None:
    assert [(each.code, each.path) for each in check(job(**{where: text}))] == [("document.bad_form", PLACES[where])]


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("text", GOOD)
def test_it_takes_a_path_in_a_storage_or_in_the_projects_own(where: str, text: str) -> None:
    assert check(job(**{where: text})) == []


@pytest.mark.parametrize("boot", ["../x.py", "/other/x.py", "/code/x.py", "a//x.py", "code/", "obs://code/x.py"])
def test_it_tells_of_a_boot_file_that_the_code_folder_does_not_hold(boot: str) -> None:
    assert [each.code for each in check(job(boot=boot))] == ["document.boot_file_outside"]


@pytest.mark.parametrize(
    ("code", "boot"),
    [
        ("code", "x.py"),
        ("code/", "code/x.py"),
        ("./code", "./code/x.py"),
        ("/b/code/", "/b/code/x.py"),
        (".", "./x.py"),
    ],
)
def test_it_takes_a_boot_file_with_its_folder_before_it_or_without(code: str, boot: str) -> None:
    assert check(job(code=code, boot=boot)) == []
    assert boot_file_inside(code, boot) == "x.py"
