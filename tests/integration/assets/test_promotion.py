"""Promotion: readers see the old tree or the new one; and the manifest tells what is in it."""

import errno
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from backend.shared.storage import StorageError, manifest, promote, promotion


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


def _tree(folder: Path, text: str) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_text(text)
    (folder / "sub" / "b").write_text(text)
    return folder


def _read(folder: Path) -> str:
    return (folder / "a").read_text() + (folder / "sub" / "b").read_text()


@pytest.fixture(params=["exchange", "two renames", "other file system"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The three ways by which a tree gets into its place."""
    if request.param == "two renames":
        monkeypatch.setattr(promotion, "_libc", None)
    if request.param == "other file system":
        rename = os.rename

        def refusing(source: Any, target: Any, **more: Any) -> None:
            if Path(source).is_absolute():
                raise OSError(errno.EXDEV, "other file system")
            rename(source, target, **more)

        monkeypatch.setattr(promotion, "_libc", None)
        monkeypatch.setattr(os, "rename", refusing)
    return str(request.param)


def test_it_puts_a_tree_into_its_place(tmp_path: Path, root: Path, way: str) -> None:
    done = promote(_tree(tmp_path / "s", "new"), root / "x" / "y", out_of=tmp_path, within=root)

    assert _read(root / "x" / "y") == "newnew"
    assert done.aside is None
    assert not (tmp_path / "s").exists()


def test_it_moves_an_older_tree_aside(tmp_path: Path, root: Path, way: str) -> None:
    _tree(root / "x", "old")

    done = promote(_tree(tmp_path / "s", "new"), root / "x", out_of=tmp_path, within=root)

    assert _read(root / "x") == "newnew"
    assert done.aside is not None
    assert _read(done.aside) == "oldold"
    done.discard_older()
    assert not done.aside.exists()
    assert [each.name for each in root.iterdir()] == ["x"]


def test_it_can_be_undone(tmp_path: Path, root: Path) -> None:
    _tree(root / "x", "old")
    done = promote(_tree(tmp_path / "s", "new"), root / "x", out_of=tmp_path, within=root)

    done.undo()

    assert (_read(root / "x"), _read(tmp_path / "s")) == ("oldold", "newnew")


def test_it_can_be_undone_where_nothing_was(tmp_path: Path, root: Path) -> None:
    done = promote(_tree(tmp_path / "s", "new"), root / "x", out_of=tmp_path, within=root)

    done.undo()

    assert not (root / "x").exists()
    assert _read(tmp_path / "s") == "newnew"


def test_it_promotes_single_files(tmp_path: Path, root: Path, way: str) -> None:
    (tmp_path / "f").write_text("new")

    promote(tmp_path / "f", root / "deep" / "f.bin", out_of=tmp_path, within=root)

    assert (root / "deep" / "f.bin").read_text() == "new"


def test_it_never_shows_a_reader_a_mix_or_a_gap(tmp_path: Path, root: Path) -> None:
    _tree(root / "x", "0")
    done, seen, gaps = threading.Event(), set(), []

    def watch() -> None:
        while not done.is_set():
            try:
                folder = os.open(root / "x", os.O_RDONLY)
            except FileNotFoundError:
                gaps.append(1)
                continue
            with (
                open(os.open("a", os.O_RDONLY, dir_fd=folder)) as a,
                open(os.open("sub/b", os.O_RDONLY, dir_fd=folder)) as b,
            ):
                seen.add((a.read(), b.read()))
            os.close(folder)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(1, 200):
        promote(_tree(tmp_path / f"s{number}", str(number)), root / "x", out_of=tmp_path, within=root)
    done.set()
    watcher.join()

    assert not gaps
    assert all(one == two for one, two in seen)
    assert _read(root / "x") == "199199"


@pytest.mark.parametrize("target", ["../out", "x/../../out", "", "."])
def test_it_refuses_targets_outside(tmp_path: Path, root: Path, target: str) -> None:
    source = _tree(tmp_path / "s", "new")

    with pytest.raises(StorageError):
        promote(source, root / target, out_of=tmp_path, within=root)

    assert _read(source) == "newnew"


def test_it_follows_no_link_to_the_target(tmp_path: Path, root: Path) -> None:
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")

    with pytest.raises(StorageError, match="symbolic link"):
        promote(_tree(tmp_path / "s", "new"), root / "link" / "x", out_of=tmp_path, within=root)

    assert list((tmp_path / "outside").iterdir()) == []


def test_it_refuses_a_link_for_a_tree(tmp_path: Path, root: Path) -> None:
    (tmp_path / "s").symlink_to("/etc")

    with pytest.raises(StorageError, match="symbolic link"):
        promote(tmp_path / "s", root / "x", out_of=tmp_path, within=root)


def test_it_follows_no_link_to_the_tree(tmp_path: Path, root: Path) -> None:
    """A step may replace a folder above its output, and would so name any folder of the server's as its result."""
    secrets = _tree(tmp_path / "home" / "secrets", "secret")
    (tmp_path / "attempt").mkdir()
    (tmp_path / "attempt" / "default").symlink_to(tmp_path / "home")

    with pytest.raises(StorageError, match="symbolic link"):
        promote(tmp_path / "attempt" / "default" / "secrets", root / "x", out_of=tmp_path / "attempt", within=root)

    assert _read(secrets) == "secretsecret"
    assert not (root / "x").exists()


def test_it_says_that_nothing_was_written(tmp_path: Path, root: Path) -> None:
    with pytest.raises(StorageError) as refused:
        promote(tmp_path / "nothing", root / "x", out_of=tmp_path, within=root)

    assert refused.value.code == "storage.missing"


def test_it_lists_files_with_size_and_hash(tmp_path: Path) -> None:
    _tree(tmp_path / "t", "abc")

    found = manifest(tmp_path / "t")

    digest = hashlib.sha256(b"abc").hexdigest()
    assert [(each.path, each.size, each.sha256) for each in found.files] == [("a", 3, digest), ("sub/b", 3, digest)]
    assert (found.bytes, found.problems) == (6, ())


def test_it_keeps_what_cannot_be_kept_out_of_the_manifest(tmp_path: Path) -> None:
    top = _tree(tmp_path / "t", "abc")
    (top / "link").symlink_to("/etc/passwd")
    (top / "sub" / "out").symlink_to("/etc")
    os.mkfifo(top / "pipe")
    (top / "bad\nname").write_text("x")
    os.close(os.open(os.fsencode(top) + b"/\xff", os.O_CREAT))

    found = manifest(top)

    assert [each.path for each in found.files] == ["a", "sub/b"]
    assert sorted(each.code for each in found.problems) == [
        "storage.bad_name",
        "storage.bad_name",
        "storage.link",
        "storage.link",
        "storage.special",
    ]
