"""G10, webhooks: a real receiver, real TLS, and a name server that changes its mind."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backend.apps.notifications import services
from backend.apps.notifications.models import Channel, Delivery
from backend.apps.notifications.reconcile import Messenger
from backend.apps.notifications.services.topics import webhook_secret
from backend.shared.net import Allowed, RefusedAddressError, UnreachableError, post, resolve, target_of
from backend.shared.net import addresses as net
from tests.harness.notices import deliveries, followed, row, run_of, tell
from tests.harness.receivers import Hooks, client_context, hook_server, plain
from tests.harness.runs import FakeAgent, chain, host, person

HERE = "127.0.0.0/8"


@pytest.fixture
def hooks(settings: Settings) -> Iterator[Hooks]:
    settings.PIPELOOM_WEBHOOK_ALLOW = HERE
    settings.PIPELOOM_NOTICE_RETRY_SECONDS = [0.0, 0.0]
    with hook_server() as found:
        yield found


def finish_one(url: str) -> Delivery:
    host()
    version = followed(chain(1))
    topic = services.topic_create(project=version.workflow.project, user=person(), name="team", join=False)
    services.channel_add(topic=topic, kind="webhook", address=url)
    row(version, "success", topic=topic)
    run_of(version)
    FakeAgent().work()
    tell()
    return deliveries("webhook")[0]


def refreshed(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The snippet of the README."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, each) for each in headers["webhook-signature"].split())


def test_it_signs_what_it_sends_with_id_and_time(hooks: Hooks) -> None:
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook?team=a")
    Messenger().send_once()

    (request,) = hooks.received
    secret = webhook_secret(Channel.objects.get())
    assert refreshed(delivery).state == "sent"
    assert request.path == "/hook?team=a"
    assert request.headers["host"] == f"127.0.0.1:{hooks.port}"
    assert request.headers["webhook-id"] == str(delivery.pk)
    assert verify(secret, request.headers, request.body)
    assert not verify(secret, request.headers, request.body + b" ")
    assert not verify(secret, {**request.headers, "webhook-timestamp": "1"}, request.body)
    said = json.loads(request.body)
    assert said["type"] == "pipeloom.success"
    assert said["data"]["run"]["number"] == 1
    assert said["data"]["url"].startswith("http://127.0.0.1:8470/runs/")


def test_it_signs_with_another_secret_after_a_renewal(hooks: Hooks) -> None:
    finish_one(f"http://127.0.0.1:{hooks.port}/")
    old = webhook_secret(Channel.objects.get())
    new = services.channel_renew(channel=Channel.objects.get())
    Messenger().send_once()

    (request,) = hooks.received
    assert verify(new, request.headers, request.body)
    assert not verify(old, request.headers, request.body)


def test_it_sends_nothing_to_this_machine_unless_it_is_allowed(hooks: Hooks, settings: Settings) -> None:
    settings.PIPELOOM_WEBHOOK_ALLOW = ""
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook")
    Messenger().send_once()

    assert hooks.received == []
    assert refreshed(delivery).state == "given_up"
    assert delivery.tries == 1
    assert delivery.problem["code"] == "notice.private"


def test_it_follows_no_redirect(hooks: Hooks) -> None:
    hooks.answer = lambda all_, handler: plain(handler, 302, Location=f"http://127.0.0.1:{all_.port}/elsewhere")
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook")
    Messenger().send_once()

    assert {each.path for each in hooks.received} == {"/hook"}
    assert refreshed(delivery).problem["code"] == "notice.hook_redirect"


def test_it_tries_again_with_the_same_id_and_then_gives_up(hooks: Hooks) -> None:
    hooks.answer = lambda all_, handler: plain(handler, 500, b"secret of the inside")
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook")
    Messenger().send_once()

    assert refreshed(delivery).state == "given_up"
    assert [each.headers["webhook-id"] for each in hooks.received] == [str(delivery.pk)] * 3
    assert delivery.problem["params"] == {"status": 500}
    assert "secret" not in json.dumps(delivery.problem), "an answer's body is shown to nobody"

    hooks.answer = lambda all_, handler: plain(handler, 200)
    services.delivery_again(delivery=delivery)
    Messenger().send_once()
    assert refreshed(delivery).state == "sent"
    assert hooks.received[-1].headers["webhook-id"] == str(delivery.pk)


def test_it_gives_up_at_once_on_what_is_gone_for_good(hooks: Hooks) -> None:
    hooks.answer = lambda all_, handler: plain(handler, 410)
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook")
    Messenger().send_once()
    assert (refreshed(delivery).state, delivery.tries) == ("given_up", 1)


def test_it_waits_longer_before_each_try(hooks: Hooks, settings: Settings) -> None:
    settings.PIPELOOM_NOTICE_RETRY_SECONDS = [100.0, 1000.0]
    hooks.answer = lambda all_, handler: plain(handler, 500)
    delivery = finish_one(f"http://127.0.0.1:{hooks.port}/hook")
    waits = []
    for _ in range(2):
        assert Messenger().send_once() == 1
        assert Messenger().send_once() == 0, "it is not due yet"
        waits.append((refreshed(delivery).due_at - delivery.created_at).total_seconds())
        Delivery.objects.update(due_at=delivery.created_at)
    assert 100 <= waits[0] < 1000 <= waits[1]


# The port itself ----------------------------------------------------------------------------------------------------


def test_it_goes_to_the_address_that_was_judged_whatever_the_name_server_says_later() -> None:
    """Rebinding: the first answer is allowed, every later one is this machine's other ear."""
    with hook_server(address="127.0.0.1") as judged, hook_server(address="127.0.0.2") as other:
        answers = iter(["127.0.0.1"])
        asked = []

        def rebinding(name: str, port: int) -> list[str]:
            asked.append(name)
            return [next(answers, "127.0.0.2")]

        target = target_of(f"http://rebind.test:{judged.port}/", Allowed.of("127.0.0.1/32"), rebinding)
        assert post(target, b"{}", {}).status == 204

        assert asked == ["rebind.test"]
        assert judged.received[0].headers["host"] == f"rebind.test:{judged.port}"
        assert other.received == []
        with pytest.raises(RefusedAddressError):
            resolve(target, Allowed.of("127.0.0.1/32"), rebinding)


def test_it_names_the_host_to_tls_and_checks_its_certificate() -> None:
    with hook_server(tls=True) as hooks:
        allowed = Allowed.of(HERE)
        good = target_of(f"https://hooks.test:{hooks.port}/", allowed, lambda *_: ["127.0.0.1"])
        assert post(good, b"{}", {}, context=client_context()).status == 204
        for name, context in (("other.test", client_context()), ("hooks.test", None)):
            wrong = target_of(f"https://{name}:{hooks.port}/", allowed, lambda *_: ["127.0.0.1"])
            with pytest.raises(UnreachableError) as refused:
                post(wrong, b"{}", {}, context=context)
            assert refused.value.reason == "tls"
        assert len(hooks.received) == 1


def test_it_uses_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook_server() as hooks, hook_server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post(here(hooks.port), b"{}", {})
        assert len(hooks.received) == 1
        assert proxy.received == []


def here(port: int) -> net.Target:
    return target_of(f"http://127.0.0.1:{port}/", Allowed.of(HERE))


def test_it_reads_no_endless_answer() -> None:
    with hook_server() as hooks:
        hooks.answer = lambda all_, handler: plain(handler, 200, b"x" * 200_000)
        with pytest.raises(UnreachableError) as refused:
            post(here(hooks.port), b"{}", {})
        assert refused.value.reason == "too_large"


@pytest.mark.parametrize("drips", [[b"HTTP/1.1 200 OK\r\n", b"X: ", b"y"], [b""]], ids=["drips", "silent"])
def test_it_ends_with_a_receiver_that_does_not(drips: list[Any]) -> None:
    """A byte now and then keeps every time-out of the socket happy, and must not keep us."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(drips[0])
            while not over.wait(0.05):
                try:
                    connection.sendall(drips[-1])
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        with pytest.raises(UnreachableError) as refused:
            post(here(listener.getsockname()[1]), b"{}", {}, seconds=0.4)
        assert refused.value.reason == "timeout"
    finally:
        over.set()
        listener.close()
        thread.join(10)


def test_it_says_that_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError) as refused:
        post(here(port), b"{}", {})
    assert refused.value.reason == "refused"
