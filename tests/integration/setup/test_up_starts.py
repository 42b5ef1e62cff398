"""`manage.py up` on a machine in order: first start, second start, orderly end."""

import os
import signal
import stat
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from tests.harness.live_stack import LiveStack, StackStarter
from tests.integration.setup.machine import busy_port, port_is_free, tcp_listeners, traces_of, until, up


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_it_keeps_secrets_private_and_listens_only_where_it_says(live_stack_factory: StackStarter) -> None:
    stack = live_stack_factory(workers=1)

    runtime = Path(stack.instance["runtime"])
    assert {mode(stack.home), mode(runtime)} == {"0o700"}
    assert {mode(path) for path in (stack.home / "secrets").iterdir()} == {"0o600"}
    assert all(len(str(path)) < 107 for path in runtime.iterdir() if path.is_socket())
    assert tcp_listeners(set(stack.pids.values())) == {int(stack.url.rsplit(":", 1)[1])}
    for pid in stack.pids.values():
        for secret in ("postgres_password", "redis_password", "django_key"):
            told = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
            assert (stack.home / "secrets" / secret).read_bytes() not in told


def test_it_leaves_nothing_behind_and_keeps_what_was_made(live_stack_factory: StackStarter) -> None:
    """up, stop, up again: nothing is installed, built or migrated, and nobody is forgotten."""
    first = live_stack_factory(workers=1)
    before = traces_of(first.home)
    port, runtime, token = int(first.url.rsplit(":", 1)[1]), Path(first.instance["runtime"]), first.token

    assert first.stop() == 0

    assert len(before.processes) >= 6, "the search for traces finds what runs"
    assert traces_of(first.home).processes == frozenset()
    assert port_is_free(port)
    assert not runtime.exists()
    assert not (first.home / "instance.json").exists()

    second = live_stack_factory(home=first.home, workers=1)

    told = (first.home.parent / f"{first.home.name}.stderr").read_text()
    assert not any(word in told for word in ("made", "making", "building", "applied", "installing", "cleaned")), told
    with httpx.Client(base_url=second.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get("/api/workflows/").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_it_stops_in_order_on_every_polite_signal(live_stack_factory: StackStarter, number: signal.Signals) -> None:
    stack = live_stack_factory(workers=1)

    os.kill(stack.pids["up"], number)

    assert stack.process.wait(60) == 0
    assert traces_of(stack.home).processes == frozenset()
    told = (stack.home.parent / f"{stack.home.name}.stderr").read_text()
    order = [line.split()[1] for line in told.splitlines() if line.strip().startswith("stopping")]
    assert order == ["worker", "reconciler", "web", "redis", "postgres"]


def test_it_gives_a_new_link_when_it_already_runs(live_stack_factory: StackStarter) -> None:
    stack = live_stack_factory(workers=1)

    second = up(stack.home)

    assert second.returncode == 0, second.stderr
    link = second.stdout.strip().removeprefix("Pipeloom is ready: ")
    assert link.startswith(stack.url)
    assert link != stack.link
    assert httpx.get(link).status_code == 200
    assert stack.process.poll() is None


def test_it_refuses_a_port_that_was_asked_for_and_is_taken(tmp_path: Path) -> None:
    with busy_port() as port:
        done = up(tmp_path / "home", "--port", str(port))

    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert traces_of(tmp_path / "home").processes == frozenset()


def test_it_takes_the_next_port_when_none_was_asked_for(live_stack_factory: StackStarter) -> None:
    """Whether somebody else on this machine has 8470 or the line below takes it: it must not become ours."""
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(busy_port(8470))
        stack = live_stack_factory(workers=0, port=None)

    assert 8470 < int(stack.url.rsplit(":", 1)[1]) < 8570


def test_it_shows_a_sign_in_page_that_works_once(live_stack: LiveStack) -> None:
    with httpx.Client() as person:
        page = person.get(live_stack.sign_in_link())

        assert page.status_code == 200
        assert "text/html" in page.headers["content-type"]
        assert "default-src 'self'" in page.headers["content-security-policy"]


def test_it_names_its_processes_while_it_runs(live_stack: LiveStack) -> None:
    assert set(live_stack.pids) == {"up", "postgres", "redis", "web", "reconciler", "worker"}
    until(lambda: all(Path(f"/proc/{pid}").exists() for pid in live_stack.pids.values()), "all of them run")
