"""Mail, to a real mail server: what arrives, and what is said when it does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backend.apps.notifications import services
from backend.apps.notifications.models import Delivery
from backend.apps.notifications.reconcile import Messenger
from tests.harness.notices import asking, deliveries, followed, row, run_of, tell
from tests.harness.receivers import AUTHORITY, PASSWORD, USER, Mails, mail_server
from tests.harness.runs import FakeAgent, chain, host, person


@pytest.fixture
def mails(settings: Settings) -> Iterator[Mails]:
    with mail_server() as found:
        use(settings, found)
        yield found


def use(settings: Settings, mails: Mails, security: str = "none", **more: Any) -> None:
    settings.PIPELOOM_SMTP_HOST, settings.PIPELOOM_SMTP_PORT = "localhost", mails.port
    settings.PIPELOOM_SMTP_SECURITY = security
    settings.PIPELOOM_SMTP_FROM = "Pipeloom <pipeloom@example.org>"
    settings.PIPELOOM_NOTICE_RETRY_SECONDS = [0.0, 0.0]
    for name, value in more.items():
        setattr(settings, f"PIPELOOM_SMTP_{name}", value)


def finish_one(*, raw: Any = None, language: str = "en", address: str = "list@example.org") -> Delivery:
    host()
    version = followed(raw or chain(1))
    topic = services.topic_create(project=version.workflow.project, user=person(), name="team", join=False)
    services.channel_add(topic=topic, kind="mail", address=address, language=language)
    row(version, topic=topic)
    run_of(version)
    FakeAgent().work()
    tell()
    return deliveries("mail")[0]


def refreshed(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_it_sends_text_and_html_with_a_link_to_the_run(mails: Mails) -> None:
    delivery = finish_one()
    Messenger().send_once()

    (mail,) = mails.received
    assert refreshed(delivery).state == "sent"
    assert mail["Message-ID"] == f"<{delivery.pk}@example.org>"
    assert mail["X-Pipeloom-Delivery"] == str(delivery.pk)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Pipeloom <pipeloom@example.org>"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    link = f"http://127.0.0.1:8470/runs/{delivery.content['run']['id']}"
    assert link in text.get_content()
    assert f'href="{link}"' in html.get_content()
    assert "has completed" in text.get_content()


def test_it_writes_in_the_language_of_the_reader(mails: Mails) -> None:
    finish_one(raw=asking("ask"), language="zh-Hans")
    services.settings_save(user=person(), mail="ada@example.org", language="en")
    Messenger().send_once()

    (mail,) = mails.received
    body = mail.get_body(("plain",))
    assert body is not None
    assert "等待输入" in mail["Subject"]
    assert "需要输入：value_ask" in body.get_content()


def test_it_writes_to_a_member_where_they_want_it(mails: Mails) -> None:
    host()
    version = followed(chain(1))
    services.settings_save(user=person(), mail="ada@example.org", language="zh-Hans")
    row(version, "success")
    run_of(version)
    FakeAgent().work()
    tell()
    Messenger().send_once()

    (mail,) = mails.received
    assert mail["To"] == "ada@example.org"
    assert "运行成功" in mail["Subject"]


def test_it_lets_no_name_become_markup_or_a_header(mails: Mails) -> None:
    nasty = '<script>alert(1)</script> & "x"'
    raw = chain(1)
    raw["steps"][0]["title"] = nasty
    delivery = finish_one(raw=raw)
    content = {**delivery.content, "title": nasty, "whole": False}
    content["workflow"] = {"id": "x", "name": "a\r\nBcc: everybody@example.org"}
    Delivery.objects.filter(pk=delivery.pk).update(content=content)
    Messenger().send_once()

    (mail,) = mails.received
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    assert mail["Bcc"] is None
    assert mails.envelopes[0].rcpt_tos == ["list@example.org"]


def test_it_speaks_starttls_and_signs_in(settings: Settings) -> None:
    with mail_server(starttls=True, login=True) as mails:
        use(settings, mails, "starttls", CA=str(AUTHORITY), USER=USER, PASSWORD=PASSWORD)
        delivery = finish_one()
        Messenger().send_once()

        assert refreshed(delivery).state == "sent"
        assert mails.encrypted == [True]


def test_it_says_that_the_password_is_wrong_and_tries_again(settings: Settings) -> None:
    with mail_server(starttls=True, login=True) as mails:
        use(settings, mails, "starttls", CA=str(AUTHORITY), USER=USER, PASSWORD="wrong")
        delivery = finish_one()
        Messenger().send_once()

        assert refreshed(delivery).state == "given_up"
        assert delivery.tries == 3
        assert delivery.problem["code"] == "notice.mail_sign_in"
        assert "wrong" not in str(delivery.problem)
        assert mails.received == []


def test_it_trusts_no_mail_server_that_nobody_vouches_for(settings: Settings) -> None:
    with mail_server(starttls=True) as mails:
        use(settings, mails, "starttls")
        delivery = finish_one()
        Messenger().send_once()

        assert refreshed(delivery).problem["params"]["reason"] == "tls"
        assert mails.received == []


def test_it_does_not_wait_for_ever_for_a_silent_mail_server(settings: Settings) -> None:
    with mail_server(silent=True) as mails:
        use(settings, mails, SECONDS=0.3)
        delivery = finish_one()
        Messenger().send_once()

        assert refreshed(delivery).problem["code"] == "notice.mail_unreachable"


def test_it_gives_up_at_once_on_a_mailbox_that_does_not_exist(mails: Mails) -> None:
    mails.refuse["list@example.org"] = "550 no such user here"
    delivery = finish_one()
    Messenger().send_once()

    assert refreshed(delivery).state == "given_up"
    assert delivery.tries == 1
    assert delivery.problem["params"]["said"] == "550 no such user here"


def test_it_tries_again_when_it_is_asked_to_come_back(mails: Mails) -> None:
    mails.refuse["list@example.org"] = "451 greylisted"
    delivery = finish_one()
    first = services.delivery_claim()
    assert first is not None
    services.delivery_send(first)
    assert refreshed(delivery).state == "waiting"
    mails.refuse.clear()
    Messenger().send_once()

    assert refreshed(delivery).state == "sent"
    assert delivery.problem is None
    assert (delivery.tries, len(mails.received)) == (2, 1)


def test_it_says_that_there_is_no_mail_server_and_sends_when_there_is_one(settings: Settings) -> None:
    delivery = finish_one()
    Messenger().send_once()
    assert refreshed(delivery).state == "given_up"
    assert delivery.problem["code"] == "notice.mail_not_set_up"

    with mail_server() as mails:
        use(settings, mails)
        services.delivery_again(delivery=delivery)
        Messenger().send_once()
        assert refreshed(delivery).state == "sent"
        assert mails.received[0]["Message-ID"] == f"<{delivery.pk}@example.org>"
