"""Uploads in pieces, over broken connections; and writes that replace only what their writer has seen."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from backend.apps.accounts.models import Role
from backend.apps.accounts.services import member_set
from backend.apps.assets.models import Upload
from backend.apps.assets.services import upload_begin, uploads_abandoned
from backend.apps.runs.reconcile import RULES, Reconciler
from backend.shared.db import db_now
from backend.shared.storage import Parts, Roots, StorageError, logical_path
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
BIG = bytes(range(256)) * 40
PATH = "/default/data/big.bin"


def _at(people: People, kind: str, path: str | None = None, **more: str) -> str:
    query = {"project": str(people.project.pk), **({"path": path} if path else {}), **more}
    return f"/api/storage/{kind}/?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())


def begin(author: Api, people: People, status: int = 200, **more: Any) -> dict[str, Any]:
    answer = author.post(_at(people, "uploads"), {"path": PATH, "size": len(BIG), **more})
    assert answer.status_code == status, answer.content
    return answer.json()


def send(author: Api, upload: dict[str, Any], offset: int, piece: bytes, status: int = 200) -> dict[str, Any]:
    where = f"/api/storage/uploads/{upload['id']}/?offset={offset}"
    answer = author.patch(where, data=piece, content_type="application/octet-stream")
    assert answer.status_code == status, answer.content
    return answer.json()


def content(author: Api, people: People) -> bytes:
    return b"".join(author.get(_at(people, "file", PATH)))


def hidden(roots: Roots) -> list[str]:
    folder = roots.local("/default/") / ".pipeloom-uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_it_puts_the_pieces_together_and_shows_nothing_before_the_last(
    author: Api, people: People, roots: Roots
) -> None:
    upload = begin(author, people)
    assert (upload["offset"], upload["done"], upload["entry"]) == (0, False, None)
    assert send(author, upload, 0, BIG[:4_000])["offset"] == 4_000
    assert author.get(_at(people, "entry", PATH)).status_code == 404
    assert [each["name"] for each in author.get(_at(people, "entries", "/default/")).json()["items"]] == []

    done = send(author, upload, 4_000, BIG[4_000:])

    assert (done["done"], done["offset"], done["entry"]["size"]) == (True, len(BIG), len(BIG))
    assert content(author, people) == BIG
    assert hidden(roots) == []


def test_it_goes_on_where_it_stopped(author: Api, people: People) -> None:
    """The browser was closed in between: only the file's own mark is left to know it by."""
    first = begin(author, people, mark="big.bin 17")
    send(author, first, 0, BIG[:3_000])

    again = begin(author, people, mark="big.bin 17")

    assert (again["id"], again["offset"]) == (first["id"], 3_000)
    assert begin(author, people, mark="big.bin 18")["id"] != first["id"]
    assert begin(author, people)["id"] != first["id"]
    assert send(author, again, 3_000, BIG[3_000:])["done"]
    assert content(author, people) == BIG


def test_it_says_where_to_go_on_after_a_lost_answer(author: Api, people: People) -> None:
    upload = begin(author, people)
    send(author, upload, 0, BIG[:3_000])

    refused = send(author, upload, 0, BIG[:3_000], 409)

    assert (refused["code"], refused["problems"][0]["params"]["offset"]) == ("storage.upload_offset", 3_000)
    assert author.get(f"/api/storage/uploads/{upload['id']}/").json()["offset"] == 3_000
    send(author, upload, 3_000, BIG[3_000:])
    assert send(author, upload, 3_000, BIG[3_000:])["done"], "the last piece may come twice"
    assert content(author, people) == BIG


def test_it_keeps_nothing_of_a_piece_that_is_too_long(author: Api, people: People) -> None:
    upload = begin(author, people)

    assert send(author, upload, 0, BIG + b"x", 422)["code"] == "storage.upload_size"
    assert author.get(f"/api/storage/uploads/{upload['id']}/").json()["offset"] == 0
    assert send(author, upload, 0, BIG)["done"]


def test_it_takes_empty_files(author: Api, people: People) -> None:
    assert begin(author, people, size=0)["done"]
    assert content(author, people) == b""


def test_it_refuses_before_anything_is_sent(author: Api, people: People, roots: Roots, settings: Any) -> None:
    roots.write(PATH, [b"old"], max_bytes=10)
    assert begin(author, people, 409)["code"] == "storage.exists"
    assert begin(author, people, overwrite=True)["offset"] == 0
    assert begin(author, people, 422, path="/default/data/")["code"] == "storage.not_a_file"
    assert begin(author, people, 404, path="/elsewhere/x")["code"] == "storage.unknown_root"
    settings.PIPELOOM_UPLOAD_MAX_BYTES = 10
    assert begin(author, people, 413, path="/default/new")["code"] == "storage.too_large"


def test_it_replaces_nothing_that_came_meanwhile(author: Api, people: People, roots: Roots) -> None:
    upload = begin(author, people, mark="m")
    roots.write(PATH, [b"meanwhile"], max_bytes=10)

    assert send(author, upload, 0, BIG, 409)["code"] == "storage.exists"
    assert content(author, people) == b"meanwhile"

    assert begin(author, people, mark="m", overwrite=True)["done"], "all of it is there already"
    assert content(author, people) == BIG


def test_it_writes_a_piece_once_that_is_sent_twice_at_the_same_time(roots: Roots) -> None:
    parts = Parts(roots, logical_path(PATH))

    def meanwhile() -> Any:
        with pytest.raises(StorageError) as refused:
            parts.append("key", 0, [b"abc"], size=6)
        assert refused.value.code == "storage.upload_busy"
        yield b"abc"

    assert parts.append("key", 0, meanwhile(), size=6) == 3


def test_it_belongs_to_its_sender_as_long_as_they_may_write(author: Api, people: People) -> None:
    upload = begin(author, people)
    assert send(people.api("manager"), upload, 0, BIG, 404)

    member_set(project=people.project, user=people.author, role=Role.VIEWER)
    assert send(author, upload, 0, BIG, 403)


def test_it_can_be_given_up(author: Api, people: People, roots: Roots) -> None:
    upload = begin(author, people)
    send(author, upload, 0, BIG[:100])

    assert author.delete(f"/api/storage/uploads/{upload['id']}/").status_code == 204
    assert hidden(roots) == []
    assert author.get(f"/api/storage/uploads/{upload['id']}/").status_code == 404


def test_it_forgets_what_was_abandoned(author: Api, people: People, roots: Roots) -> None:
    old, new, over = begin(author, people), begin(author, people, mark="new"), begin(author, people, mark="over")
    send(author, old, 0, BIG[:100])
    send(author, new, 0, BIG[:100])
    send(author, over, 0, BIG)
    Upload.objects.filter(pk__in=[old["id"], over["id"]]).update(touched_at=db_now() - timedelta(days=2))
    assert len(uploads_abandoned()) == 2

    Reconciler([rule for rule in RULES if rule.name == "abandoned uploads"]).run_once()

    assert [str(key) for key in Upload.objects.values_list("pk", flat=True)] == [new["id"]]
    assert hidden(roots) == [new["id"]]
    assert content(author, people) == BIG


def test_it_forgets_uploads_into_a_storage_that_is_gone(author: Api, people: People) -> None:
    upload = begin(author, people)
    Upload.objects.update(path="/gone/x", touched_at=db_now() - timedelta(days=2))

    Reconciler([rule for rule in RULES if rule.name == "abandoned uploads"]).run_once()

    assert not Upload.objects.filter(pk=upload["id"]).exists()


@pytest.mark.parametrize("kind", ["entry", "entries", "file"])
def test_it_shows_unfinished_files_to_nobody(author: Api, people: People, kind: str) -> None:
    upload = begin(author, people)
    send(author, upload, 0, BIG[:100])

    path = "/default/.pipeloom-uploads/" + ("" if kind == "entries" else upload["id"])
    answer = author.get(_at(people, kind, path))

    assert (answer.status_code, answer.json()["code"]) == (422, "storage.path_form")


def test_it_writes_only_over_what_its_writer_has_seen(author: Api, people: People, roots: Roots) -> None:
    where = _at(people, "file", "/default/train.py")
    first = author.put(where, data=b"one", content_type="text/x-python")
    etag = first.json()["etag"]
    entry = author.get(_at(people, "entry", "/default/train.py"))
    assert (first["ETag"], entry.json()["etag"], author.get(where)["ETag"]) == (etag, etag, etag)

    second = author.put(where, data=b"two", content_type="text/x-python", headers={"If-Match": etag})
    assert second.status_code == 201
    refused = author.put(where, data=b"three", content_type="text/x-python", headers={"If-Match": etag})
    assert (refused.status_code, refused.json()["code"]) == (412, "storage.changed")
    assert b"".join(author.get(where)) == b"two"
    roots.delete("/default/train.py")
    gone = author.put(where, data=b"four", content_type="x/y", headers={"If-Match": second.json()["etag"]})
    assert gone.status_code == 412
    assert author.put(where, data=b"five", content_type="x/y", headers={"If-Match": "*"}).status_code == 412
    assert author.put(where, data=b"six", content_type="x/y").status_code == 201
    assert author.put(where, data=b"7", content_type="x/y", headers={"If-Match": "*"}).status_code == 201


def test_it_notices_a_change_on_the_disk_itself(author: Api, people: People, roots: Roots) -> None:
    where = _at(people, "file", "/default/train.py")
    etag = author.put(where, data=b"one", content_type="x/y").json()["etag"]
    Path(roots.local("/default/train.py")).write_bytes(b"two")

    assert author.put(where, data=b"3", content_type="x/y", headers={"If-Match": etag}).status_code == 412


def test_it_sends_nothing_again_that_the_browser_has(author: Api, people: People) -> None:
    where = _at(people, "file", "/default/a.png")
    etag = author.put(where, data=b"picture", content_type="image/png").json()["etag"]

    same = author.get(where, headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    part = author.get(where, headers={"Range": "bytes=0-2", "If-Range": etag})
    assert (part.status_code, b"".join(part)) == (206, b"pic")
    other = author.get(where, headers={"Range": "bytes=0-2", "If-Range": '"another"'})
    assert (other.status_code, b"".join(other)) == (200, b"picture")


def test_it_says_how_much_room_there_is_not(people: People, settings: Any) -> None:
    """A file that is larger than all of this very disk."""
    size = shutil.disk_usage(settings.PIPELOOM_HOME.parent).total + 1
    settings.PIPELOOM_UPLOAD_MAX_BYTES = size

    with pytest.raises(StorageError) as refused:
        upload_begin(user=people.author, project=people.project, path=PATH, size=size, overwrite=False)

    assert refused.value.code == "storage.full"
