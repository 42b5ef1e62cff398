"""Files over HTTP: listing, ranges, uploads, and headers that keep a file from acting as a page of ours."""

from urllib.parse import quote

import pytest

from backend.shared.storage import Roots
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
HTML = b"<script>alert(document.cookie)</script>"


def _at(people: People, kind: str, path: str, **more: str) -> str:
    query = {"path": path, "project": str(people.project.pk), **more}
    return f"/api/storage/{kind}/?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())


@pytest.fixture
def file(people: People, roots: Roots) -> str:
    roots.write("/default/data/digits.txt", [b"0123456789"], max_bytes=100)
    return _at(people, "file", "/default/data/digits.txt")


def _bytes(answer: object) -> bytes:
    return b"".join(answer)  # type: ignore[call-overload, no-any-return]


def test_it_lists_what_is_there(author: Api, people: People, file: str) -> None:
    roots = author.get(f"/api/storage/?project={people.project.pk}").json()["items"]
    entries = author.get(_at(people, "entries", "/default/data/")).json()
    one = author.get(_at(people, "entry", "/default/data/digits.txt")).json()

    assert roots == [{"name": "default", "path": "/default/", "read_only": False}]
    assert [(each["path"], each["kind"], each["size"]) for each in entries["items"]] == [
        ("/default/data/digits.txt", "file", 10)
    ]
    assert one == entries["items"][0]


def test_it_pages_through_a_folder(author: Api, people: People, roots: Roots) -> None:
    for number in range(7):
        roots.write(f"/default/many/{number}", [b""], max_bytes=1)

    found, cursor = [], {}
    while True:
        page = author.get(_at(people, "entries", "/default/many/", limit="3", **cursor)).json()
        found += [each["name"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert found == [str(number) for number in range(7)]
    by_name = author.get(_at(people, "entries", "/default/many/", order="-name", limit="2")).json()
    assert [each["name"] for each in by_name["items"]] == ["6", "5"]
    refused = author.get(_at(people, "entries", "/default/many/", cursor=by_name["next"]))
    assert (refused.status_code, refused.json()["code"]) == (422, "request.cursor")


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-999999999999999", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=5-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=" + "9" * 5_000 + "-", 200, b"0123456789", None),
    ],
)
def test_it_serves_ranges(author: Api, file: str, asked: str | None, status: int, content: bytes, told: str) -> None:
    answer = author.get(file, headers={"Range": asked} if asked else {})

    assert (answer.status_code, _bytes(answer)) == (status, content)
    assert answer.headers.get("Content-Range") == told
    assert answer["Content-Length"] == str(len(content))


def test_it_says_how_long_the_file_is_when_a_range_lies_outside(author: Api, file: str) -> None:
    answer = author.get(file, headers={"Range": "bytes=10-"})

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")
    assert answer.json()["code"] == "request.range"


def test_it_serves_nothing_that_could_act_as_a_page(author: Api, people: People, roots: Roots) -> None:
    name = 'x"\r\n<b>.html'.replace("\r\n", "")
    roots.write(f"/default/{name}", [HTML], max_bytes=1_000)

    answer = author.get(_at(people, "file", f"/default/{name}"))

    assert _bytes(answer) == HTML
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''x%22%3Cb%3E.html"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_it_sends_no_body_for_head(author: Api, file: str) -> None:
    answer = author.call("HEAD", file)

    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, "10", b"")


def test_it_uploads(author: Api, people: People, roots: Roots) -> None:
    where = _at(people, "file", "/default/new/picture.png")

    made = author.put(where, data=b"\x89PNG" * 1_000, content_type="image/png")

    assert made.status_code == 201
    assert made.json()["size"] == 4_000
    assert _bytes(author.get(where)) == b"\x89PNG" * 1_000
    again = author.put(where + "&overwrite=false", data=b"other", content_type="text/plain")
    assert (again.status_code, again.json()["code"]) == (409, "storage.exists")


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "a/b", ""]
)
def test_it_takes_the_body_as_it_is_whatever_it_claims_to_be(author: Api, people: People, kind: str) -> None:
    where = _at(people, "file", "/default/raw")

    assert author.put(where, data=b"--x\r\na=b&c=", content_type=kind).status_code == 201
    assert _bytes(author.get(where)) == b"--x\r\na=b&c="


def test_it_stops_at_the_largest_size(author: Api, people: People, roots: Roots, settings: object) -> None:
    settings.PIPELOOM_UPLOAD_MAX_BYTES = 1_000  # type: ignore[attr-defined]

    answer = author.put(_at(people, "file", "/default/big"), data=b"x" * 1_001, content_type="a/b")

    assert (answer.status_code, answer.json()["code"]) == (413, "storage.too_large")
    assert roots.list("/default/").entries == []


def test_it_makes_and_deletes_folders(author: Api, people: People) -> None:
    made = author.post(f"/api/storage/folders/?project={people.project.pk}", {"path": "/default/a/b/"})
    author.put(_at(people, "file", "/default/a/b/c"), data=b"x", content_type="a/b")

    refused = author.delete(_at(people, "entries", "/default/a/"))
    deleted = author.delete(_at(people, "entries", "/default/a/", recursive="true"))

    assert (made.status_code, made.json()["kind"]) == (201, "directory")
    assert (refused.status_code, refused.json()["code"]) == (409, "storage.not_empty")
    assert deleted.status_code == 204
    assert author.get(_at(people, "entries", "/default/")).json()["items"] == []


def test_it_renames_and_moves_but_never_onto_something(author: Api, people: People, file: str) -> None:
    author.put(_at(people, "file", "/default/data/other.txt"), data=b"other", content_type="text/plain")
    taken = author.patch(_at(people, "entry", "/default/data/digits.txt"), {"path": "/default/data/other.txt"})
    moved = author.patch(_at(people, "entry", "/default/data/"), {"path": "/default/numbers/"})

    assert (taken.status_code, taken.json()["code"]) == (409, "storage.exists")
    assert (moved.status_code, moved.json()["name"], moved.json()["kind"]) == (200, "numbers", "directory")
    listed = author.get(_at(people, "entries", "/default/numbers/")).json()["items"]
    assert [each["name"] for each in listed] == ["digits.txt", "other.txt"]
    assert author.get(_at(people, "entry", "/default/data/")).status_code == 404


def test_it_gives_each_project_a_default_storage_of_its_own(author: Api, people: People, file: str) -> None:
    """The same path leads different people to different files."""
    mine = author.get("/api/storage/entries/?path=/default/").json()
    stranger = people.api("other")

    assert mine["items"] == []
    assert stranger.get(file).status_code == 404
    assert stranger.get("/api/storage/file/?path=/default/data/digits.txt").status_code == 404


def test_it_lets_readers_read_only(people: People, file: str) -> None:
    viewer = people.api("viewer")

    assert viewer.get(file).status_code == 200
    for refused in (
        viewer.put(file, data=b"x", content_type="a/b"),
        viewer.delete(_at(people, "entries", "/default/data/digits.txt")),
        viewer.post(f"/api/storage/folders/?project={people.project.pk}", {"path": "/default/a/"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role")


@pytest.mark.parametrize("kind", ["entries", "entry", "file"])
@pytest.mark.parametrize(
    "path", ["", "/", "x", "/default/../x", "/default/a\x00b", "/default/a\\b", "/nowhere/", "/" * 4_097]
)
def test_it_refuses_paths_in_words(author: Api, people: People, kind: str, path: str) -> None:
    answer = author.get(_at(people, kind, path))

    assert answer.status_code in {404, 422}
    assert answer.json()["problems"][0]["hint"]
