"""How `make` builds the browser's part: only when something changed, and never under somebody's feet."""

import importlib.util
import json
import os
import time
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("frontend_program", REPOSITORY / ".ci" / "frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    frontend = tmp_path / "frontend"
    for name in ("src/app/main.tsx", "src/app/main.test.ts", "public/mark.svg", *program.SOURCES[2:]):
        path = frontend / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(program, "ROOT", tmp_path)
    return frontend


def seen(program: ModuleType, tree: Path) -> str:
    found: str = program.digest(program.source_files(tree))
    return found


def test_it_sees_a_changed_a_new_and_a_removed_source(program: ModuleType, tree: Path) -> None:
    first = seen(program, tree)
    (tree / "src/app/main.tsx").write_text("changed")
    changed = seen(program, tree)
    (tree / "src/app/new.css").write_text("")
    added = seen(program, tree)
    (tree / "src/app/new.css").unlink()

    assert len({first, changed, added}) == 3
    assert seen(program, tree) == changed


def test_it_does_not_build_again_for_a_test_or_a_touched_file(program: ModuleType, tree: Path) -> None:
    first = seen(program, tree)
    (tree / "src/app/main.test.ts").write_text("another test")
    os.utime(tree / "src/app/main.tsx", (1, 1))

    assert seen(program, tree) == first


def _packages(version: str) -> dict[str, object]:
    return {
        "": {"name": "root"},
        "node_modules/a": {"version": version, "integrity": "sha512-a"},
        "node_modules/elsewhere": {"version": "1.0.0", "integrity": "sha512-e", "optional": True},
    }


def test_it_installs_packages_only_when_they_are_not_the_locked_ones(program: ModuleType, tree: Path) -> None:
    hidden = tree / "node_modules" / ".package-lock.json"
    (tree / "package-lock.json").write_text(json.dumps({"packages": _packages("2.0.0")}))
    assert not program.packages_there(tree)

    hidden.parent.mkdir()
    there = _packages("2.0.0")
    del there[""], there["node_modules/elsewhere"]
    hidden.write_text(json.dumps({"packages": there}))
    assert program.packages_there(tree)

    (tree / "package-lock.json").write_text(json.dumps({"packages": _packages("2.0.1")}))
    assert not program.packages_there(tree)


def _build(folder: Path, script: str, content: str) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / "assets" / script).write_text(content)
    (folder / ".vite" / "manifest.json").write_text(json.dumps({"index.html": {"file": f"assets/{script}"}}))
    return folder


def test_it_leaves_an_open_page_the_files_of_its_build_for_a_week(program: ModuleType, tmp_path: Path) -> None:
    built = tmp_path / "dist" / "app"
    program.publish(_build(tmp_path / "first", "main-11111111.js", "one"), built, "1")
    program.publish(_build(tmp_path / "second", "main-22222222.js", "two"), built, "2")

    assert {path.name for path in (built / "assets").iterdir()} == {"main-11111111.js", "main-22222222.js"}
    assert "main-22222222" in (built / ".vite" / "manifest.json").read_text()
    assert (built / program.STAMP).read_text() == "2"

    old = time.time() - program.KEPT_SECONDS - 60
    os.utime(built / "assets" / "main-11111111.js", (old, old))
    os.utime(built / "assets" / "main-22222222.js", (old, old))
    program.publish(_build(tmp_path / "third", "main-22222222.js", "two"), built, "3")

    assert {path.name for path in (built / "assets").iterdir()} == {"main-22222222.js"}


def test_it_builds_again_after_a_build_that_was_cut_off(program: ModuleType, tmp_path: Path) -> None:
    built = tmp_path / "dist" / "app"
    program.publish(_build(tmp_path / "first", "main-11111111.js", "one"), built, "1")
    made = _build(tmp_path / "second", "main-22222222.js", "two")
    (built / "assets" / "main-22222222.js").mkdir()

    with pytest.raises(OSError, match="main-22222222"):
        program.publish(made, built, "2")

    assert not (built / program.STAMP).exists()
    assert "main-11111111" in (built / ".vite" / "manifest.json").read_text()


def test_it_says_what_to_do_when_a_build_fails(
    program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "BUILT", tmp_path / "built")
    monkeypatch.setattr(program, "NEXT", tmp_path / "next")
    monkeypatch.setattr(program, "node", lambda *_, **__: type("Done", (), {"returncode": 1}))
    monkeypatch.setattr(program, "node_ensure", lambda: None)
    monkeypatch.setattr(program, "packages_ensure", lambda: None)

    assert program.main("build") == 1
    said = capfd.readouterr().err
    assert said.startswith("make: building the browser's part failed")
    assert "PIPELOOM_FRONTEND=keep" in said
    assert not (tmp_path / "built").exists()
