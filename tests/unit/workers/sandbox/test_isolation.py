"""What a step can reach at the level that is claimed for it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.workers.sandbox.launched import Launched, levels
from workers.sandbox.landlock import grants, landlock_version
from workers.sandbox.probe import probe

FENCED = [level for level in levels() if level != "none"]


@pytest.fixture(params=FENCED or [pytest.param("none", marks=pytest.mark.skip(reason="no fence on this machine"))])
def fence(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """As the server's: secrets, a database, an engine, and two attempts."""
    home = tmp_path / "home"
    for folder in (
        "secrets",
        "postgres",
        "engines",
        "attempts/mine",
        "attempts/other",
        "storage/ours",
        "storage/theirs",
    ):
        (home / folder).mkdir(parents=True)
    (home / "secrets" / "key").write_text("secret")
    (home / "instance.json").write_text("secret")
    (home / "storage" / "ours" / "data").write_text("ours")
    (home / "storage" / "theirs" / "data").write_text("secret")
    (home / "engines" / "lib").write_text("library")
    (home / "attempts" / "other" / "order.json").write_text("secret")
    return home


def launch(home: Path, level: str, program: str) -> Launched:
    own = home / "attempts" / "mine"
    isolation = {
        "hide": [str(home / name) for name in ("secrets", "postgres", "attempts", "storage", "instance.json")],
        "read_only": [str(home)],
        "readable": [str(home / "storage" / "ours")],
        "keep": [str(own / "attempt")],
    }
    begin = f"import json, os\nhome = {str(home)!r}\n"
    return Launched(own, begin + program, level=level, isolation=isolation)


def said(launched: Launched) -> dict[str, object]:
    assert launched.wait()["code"] == 0, launched.log()
    return json.loads(launched.log())


TRY = """
def tried(act):
    try: return act() or 'done'
    except OSError as error: return 'refused'
def read(path): return lambda: open(os.path.join(home, path)).read()
def write(path): return lambda: open(os.path.join(home, path), 'w').write('x')
"""


def test_it_hides_secrets_databases_and_other_attempts(home: Path, fence: str) -> None:
    program = (
        TRY
        + "hidden = ['secrets/key', 'instance.json', 'attempts/other/order.json']\n"
        + "print(json.dumps({path: tried(read(path)) for path in hidden}))"
    )
    with launch(home, fence, program) as launched:
        found = said(launched)
    assert "secret" not in found.values()


def test_it_shows_the_same_secrets_where_it_claims_no_fence(home: Path) -> None:
    """Otherwise the tests above would prove nothing."""
    with launch(home, "none", TRY + "print(json.dumps({'key': tried(read('secrets/key'))}))") as launched:
        assert said(launched) == {"key": "secret"}


def test_it_lets_a_step_read_engines_and_write_its_own_folder_only(home: Path, fence: str) -> None:
    program = TRY + (
        "print(json.dumps({'engine': tried(read('engines/lib')), 'spoil': tried(write('engines/lib')),\n"
        "  'new': tried(write('engines/new')), 'mine': tried(write('attempts/mine/attempt/file'))}))"
    )
    with launch(home, fence, program) as launched:
        found = said(launched)
    assert found == {"engine": "library", "spoil": "refused", "new": "refused", "mine": 1}
    assert (home / "engines" / "lib").read_text() == "library"
    assert (home / "attempts" / "mine" / "attempt" / "file").read_text() == "x"


def test_it_lets_a_step_read_the_storages_of_its_own_project_only(home: Path, fence: str) -> None:
    program = TRY + (
        "print(json.dumps({'ours': tried(read('storage/ours/data')), 'theirs': tried(read('storage/theirs/data')),\n"
        "  'spoil': tried(write('storage/ours/data')), 'new': tried(write('storage/ours/new'))}))"
    )
    with launch(home, fence, program) as launched:
        found = said(launched)
    assert found == {"ours": "ours", "theirs": "refused", "spoil": "refused", "new": "refused"}


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user with a secret in its environment, as the server's are."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={"KEY": "secret"}) as process:
        yield process
        process.kill()


def test_it_keeps_other_processes_of_the_same_user_out_of_reach(
    home: Path, fence: str, stranger: subprocess.Popen[bytes]
) -> None:
    if fence == "landlock" and landlock_version() < 6:
        pytest.skip("this kernel's Landlock does not restrict signals")
    program = TRY + (
        f"pid = {stranger.pid}\nparent = os.getppid() if os.getppid() > 1 else pid\n"
        "print(json.dumps({'environment': tried(read(f'/proc/{pid}/environ')),\n"
        "  'kill': tried(lambda: os.kill(pid, 9)), 'parent': tried(lambda: os.kill(parent, 9))}))"
    )
    with launch(home, fence, program) as launched:
        found = said(launched)
    assert set(found.values()) == {"refused"}
    assert stranger.poll() is None


def test_it_gives_a_step_no_way_back_to_more_rights(home: Path, fence: str) -> None:
    program = (
        "lines = open('/proc/self/status').read().splitlines()\n"
        "status = dict(line.split(':\\t', 1) for line in lines if ':\\t' in line)\n"
        "print(json.dumps({name: status[name].strip() for name in ('CapEff', 'CapPrm', 'CapInh', 'NoNewPrivs')}))"
    )
    with launch(home, fence, program) as launched:
        found = said(launched)
    assert int(str(found["CapEff"]), 16) == int(str(found["CapPrm"]), 16) == int(str(found["CapInh"]), 16) == 0
    assert found["NoNewPrivs"] == "1"


def test_it_keeps_secrets_hidden_from_a_step_that_makes_namespaces_of_its_own(home: Path) -> None:
    if "namespaces" not in FENCED:
        pytest.skip("no namespaces on this machine")
    program = TRY + (
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "uid, gid = os.getuid(), os.getgid()\n"
        "made = libc.unshare(0x10000000 | 0x20000)\n"
        "hidden = os.path.join(home, 'secrets').encode()\n"
        "gone = [libc.umount2(hidden, flags) for flags in (0, 1, 2, 8)]\n"
        "print(json.dumps({'unmounted': 0 in gone, 'key': tried(read('secrets/key'))}))"
    )
    with launch(home, "namespaces", program) as launched:
        assert said(launched) == {"unmounted": False, "key": "refused"}


def test_it_sees_only_its_own_processes_in_a_namespace(home: Path) -> None:
    if "namespaces" not in FENCED:
        pytest.skip("no namespaces on this machine")
    with launch(home, "namespaces", "print(json.dumps([p for p in os.listdir('/proc') if p.isdigit()]))") as launched:
        assert launched.wait()["code"] == 0
        assert json.loads(launched.log()) == ["1", "2"]


def test_it_refuses_to_start_a_step_that_it_cannot_fence_off(tmp_path: Path) -> None:
    if "namespaces" not in FENCED:
        pytest.skip("no namespaces on this machine")
    isolation = {"read_only": [str(tmp_path / "missing")]}
    with Launched(tmp_path, "print('ran')", level="namespaces", isolation=isolation) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["stage"]) == ("not_started", "isolate")
    assert launched.log() == ""


def test_it_probes_what_it_claims() -> None:
    found = probe()
    assert found["level"] in ("namespaces", "landlock", "none")
    assert found["level"] == levels()[0]
    assert all(each["why"] for each in found["tried"] if not each["holds"])


def test_it_keeps_devices_reachable(home: Path, fence: str) -> None:
    """Graphics cards are devices; any other stands for them here."""
    program = "found = os.open('/dev/urandom', os.O_RDONLY)\nprint(json.dumps({'read': len(os.read(found, 8))}))"
    with launch(home, fence, program) as launched:
        assert said(launched) == {"read": 8}


def test_it_allows_exactly_what_is_not_hidden(tmp_path: Path) -> None:
    for name in ("a/secret/ours", "a/secret/theirs", "a/open", "a/b", "c", "attempts/mine", "attempts/other"):
        (tmp_path / name).mkdir(parents=True)
    top = str(tmp_path)
    hide, readable = [f"{top}/a/secret", f"{top}/attempts"], [f"{top}/a/secret/ours"]
    allowed = dict(grants(hide, [f"{top}/c"], readable, [f"{top}/attempts/mine"]))
    below = {path.removeprefix(top): writable for path, writable in allowed.items() if path.startswith(top)}
    assert below == {
        "/a/open": True,
        "/a/b": True,
        "/a/secret/ours": False,
        "/c": False,
        "/attempts/mine": True,
    }
    assert not any(top.startswith(path.rstrip("/") + "/") for path in allowed)
