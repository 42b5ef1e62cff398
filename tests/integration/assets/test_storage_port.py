"""The storage adapter itself: no path and no trick leads out of a root; a file is there as a whole or not."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.shared.storage import ENTRY_ORDERS, Root, Roots, StorageError, Target, logical_path

SECRET = b"not for you"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def roots(top: Path) -> Roots:
    return Roots({"default": top})


def _refused(roots: Roots, path: str) -> str:
    with pytest.raises(StorageError) as refused:
        roots.open_read(path).close()
    return refused.value.code


@pytest.mark.parametrize(
    "path",
    [
        "",
        "secret",
        "/",
        "//",
        "/default",
        "/default/",
        "/default/../secret",
        "/default/..",
        "/default/./../secret",
        "/default/a/../../secret",
        "/default//etc/passwd",
        "/default/\x00",
        "/default/a\x00.png",
        "/default/..\\secret",
        "/default/\\..\\secret",
        "/default/a\nb",
        "/default/\ud800",
        "/default/" + "a" * 256,
        "/default/" + "a/" * 70 + "b",
        "/default/" + "/".join(["abcdefgh"] * 500),
        "file:///etc/passwd",
        "default/../secret",
        "C:\\secret",
    ],
)
def test_it_refuses_what_is_no_path(roots: Roots, path: str) -> None:
    assert _refused(roots, path) == "storage.path_form"


@pytest.mark.parametrize(
    "path",
    [
        "/default/%2e%2e/secret",
        "/default/%252e%252e/secret",
        "/default/..%2fsecret",
        "/default/...",
        "/default/ .. /secret",
        "/default/#/../secret".replace("/../", "/"),
        "/default/~/secret",
        "/default/$HOME",
        "/default/secret?a=b",
    ],
)
def test_it_takes_other_names_literally(roots: Roots, path: str) -> None:
    assert _refused(roots, path) == "storage.missing"


def test_it_knows_its_roots_only(roots: Roots) -> None:
    assert _refused(roots, "/etc/passwd") == "storage.unknown_root"
    assert _refused(roots, "/Default/x") == "storage.unknown_root"


def test_it_follows_no_link(roots: Roots, top: Path) -> None:
    (top / "file").symlink_to(top.parent / "secret")
    (top / "folder").symlink_to(top.parent)
    (top / "inside").mkdir()
    (top / "home").symlink_to(top / "inside")
    (top / "inside" / "plain").write_bytes(b"fine")

    for path in ("/default/file", "/default/folder/secret", "/default/home/plain"):
        assert _refused(roots, path) == "storage.link"
        with pytest.raises(StorageError, match="symbolic link"):
            roots.local(path)
    with pytest.raises(StorageError, match="symbolic link"):
        roots.write("/default/folder/new", [b"x"], max_bytes=10)
    assert not (top.parent / "new").exists()
    assert {each.name: each.kind for each in roots.list("/default/").entries} == {
        "file": "other",
        "folder": "other",
        "home": "other",
        "inside": "directory",
    }


def test_it_overwrites_a_link_itself_not_what_it_points_at(roots: Roots, top: Path) -> None:
    (top / "link").symlink_to(top.parent / "secret")

    roots.write("/default/link", [b"mine"], max_bytes=10)

    assert (top.parent / "secret").read_bytes() == SECRET
    assert not (top / "link").is_symlink()


def test_it_deletes_a_link_not_what_it_points_at(roots: Roots, top: Path) -> None:
    (top / "tree").mkdir()
    (top / "tree" / "out").symlink_to(top.parent)
    (top / "link").symlink_to(top.parent / "secret")

    roots.delete("/default/link")
    roots.delete("/default/tree/", recursive=True)

    assert (top.parent / "secret").read_bytes() == SECRET
    assert list(top.iterdir()) == []


def test_it_wins_against_a_swap_of_folder_and_link(roots: Roots, top: Path) -> None:
    """Somebody exchanges a folder for a link to outside again and again while we read through it."""
    (top / "a").mkdir()
    (top / "a" / "secret").write_bytes(b"fine")
    (top / "link").symlink_to(top.parent)
    done, seen = threading.Event(), set()

    def swap() -> None:
        while not done.is_set():
            (top / "a").rename(top / "b")
            (top / "link").rename(top / "a")
            (top / "a").rename(top / "link")
            (top / "b").rename(top / "a")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(3_000):
            try:
                with roots.open_read("/default/a/secret") as file:
                    seen.add(file.read())
            except StorageError as refused:
                seen.add(refused.code.encode())
    finally:
        done.set()
        swapper.join()

    assert SECRET not in seen
    assert b"fine" in seen
    assert seen <= {b"fine", b"storage.link", b"storage.missing", b"storage.not_a_directory"}


def test_it_opens_no_pipe_socket_or_device(roots: Roots, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(top / "pipe")
    monkeypatch.chdir(top)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("sock")

        assert _refused(roots, "/default/pipe") == "storage.special"
        assert _refused(roots, "/default/sock") == "storage.special"
    assert _refused(Roots({"dev": Path("/dev")}), "/dev/null") == "storage.special"


@pytest.fixture
def full(roots: Roots) -> Roots:
    for name in ("b.txt", "a.txt", "c/d.txt"):
        roots.write(f"/default/{name}", [b"x" * 5, b"y"], max_bytes=100)
    return roots


def test_it_lists_by_name_and_in_pages(full: Roots) -> None:
    first = full.list("/default/", limit=2)
    rest = full.list("/default/", after=first.next or "", limit=2)

    shown = [(each.name, each.kind, each.size) for each in first.entries]
    assert shown == [("c", "directory", 0), ("a.txt", "file", 6)]
    assert ([each.name for each in rest.entries], rest.next) == (["b.txt"], None)


SIZES = {"10.png": 3, "2.png": 30, "1.png": 3, "A.txt": 9, "b.txt": 1, "数据.csv": 2}
IN_ORDER = {
    "name": ["x", "y", "1.png", "2.png", "10.png", "A.txt", "b.txt", "数据.csv"],
    "-name": ["y", "x", "数据.csv", "b.txt", "A.txt", "10.png", "2.png", "1.png"],
    "size": ["x", "y", "b.txt", "数据.csv", "1.png", "10.png", "A.txt", "2.png"],
    "-size": ["y", "x", "2.png", "A.txt", "10.png", "1.png", "数据.csv", "b.txt"],
    "modified": ["x", "y", "数据.csv", "b.txt", "A.txt", "1.png", "2.png", "10.png"],
    "-modified": ["y", "x", "10.png", "2.png", "1.png", "A.txt", "b.txt", "数据.csv"],
}


@pytest.mark.parametrize("order", ENTRY_ORDERS)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_it_lists_in_every_order_whatever_the_size_of_a_page(order: Any, limit: int, roots: Roots, top: Path) -> None:
    for age, (name, size) in enumerate(SIZES.items()):
        (top / name).write_bytes(b"x" * size)
        os.utime(top / name, (1_000 - age, 1_000 - age))
    for age, folder in enumerate(("x", "y")):
        (top / folder).mkdir()
        os.utime(top / folder, (5_000 + age, 5_000 + age))

    found, cursor = [], ""
    for _ in range(20):
        page = roots.list("/default/", order=order, after=cursor, limit=limit)
        found += [each.name for each in page.entries]
        if page.next is None:
            break
        cursor = page.next

    assert found == IN_ORDER[order]


@pytest.mark.parametrize("after", ["a.txt", "[", '["name",1,0]', '["-name",1,0,"a"]', '["name","1",0,"a"]', "[" * 900])
def test_it_refuses_a_place_in_a_list_that_is_not_its_own(after: str, full: Roots) -> None:
    with pytest.raises(ValueError):
        full.list("/default/", after=after)


def test_it_writes_whole_files_or_none(full: Roots, top: Path) -> None:
    def torn() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the sender is gone")

    with pytest.raises(StorageError):
        full.write("/default/a.txt", torn(), max_bytes=100)
    with pytest.raises(StorageError) as refused:
        full.write("/default/new.txt", [b"x" * 60, b"x" * 60], max_bytes=100)

    assert refused.value.code == "storage.too_large"
    assert (top / "a.txt").read_bytes() == b"xxxxxy"
    assert sorted(each.name for each in top.iterdir()) == ["a.txt", "b.txt", "c"]


def test_it_says_what_is_in_the_way(full: Roots) -> None:
    def code(act: object, *args: object, **more: object) -> str:
        with pytest.raises(StorageError) as refused:
            act(*args, **more)  # type: ignore[operator]
        return refused.value.code

    assert code(full.write, "/default/a.txt", [b""], max_bytes=1, target=Target(overwrite=False)) == "storage.exists"
    assert code(full.write, "/default/c", [b""], max_bytes=1) == "storage.not_a_file"
    assert code(full.write, "/default/a.txt/b", [b""], max_bytes=1) == "storage.not_a_directory"
    assert code(full.mkdir, "/default/a.txt/") == "storage.not_a_directory"
    assert code(full.delete, "/default/c/") == "storage.not_empty"
    assert code(full.delete, "/default/") == "storage.path_form"
    assert code(full.rename, "/default/a.txt", "/default/b.txt") == "storage.exists"
    assert code(full.list, "/default/a.txt") == "storage.not_a_directory"
    assert code(full.open_read, "/default/c") == "storage.not_a_file"
    assert code(full.stat, "/default/nobody") == "storage.missing"


def test_it_renames_and_makes_folders(full: Roots, top: Path) -> None:
    full.rename("/default/a.txt", "/default/x/y/z.txt")
    full.mkdir("/default/c/e/f/")

    assert (top / "x" / "y" / "z.txt").read_bytes() == b"xxxxxy"
    assert (top / "c" / "e" / "f").is_dir()


def test_it_leaves_read_only_roots_alone(top: Path) -> None:
    roots = Roots([Root("kept", top, read_only=True)])

    for act in (
        lambda: roots.write("/kept/x", [b""], max_bytes=1),
        lambda: roots.mkdir("/kept/x/"),
        lambda: roots.delete("/kept/x"),
        lambda: roots.rename("/kept/x", "/kept/y"),
    ):
        with pytest.raises(StorageError, match="only be read"):
            act()


def test_it_tells_where_a_place_is_on_the_disk(roots: Roots, top: Path) -> None:
    assert roots.local("/default/a/b.png") == top / "a" / "b.png"
    assert roots.local("/default/") == top


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(NAMES | st.sampled_from(["..", ".", "%2e%2e", "\\", "~", "-", "a"]), max_size=6))
def test_it_stays_below_the_root_whatever_the_path(top: Path, roots: Roots, parts: list[str]) -> None:
    path = "/default/" + "/".join(parts)

    try:
        place = logical_path(path)
        roots.write(path, [b"x"], max_bytes=1)
    except StorageError:
        return

    written = roots.local(path)
    assert written.resolve().is_relative_to(top.resolve())
    assert written.read_bytes() == b"x"
    assert str(place) == path
    roots.delete(path)


def test_it_needs_neither_django_nor_settings() -> None:
    code = "import sys, backend.shared.storage; print('django' in sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])}

    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"
