"""One message to one mailbox, over the server that the administrator named."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.utils import parseaddr
from functools import cached_property

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string

from backend.apps.notifications.models import Delivery
from backend.apps.notifications.services.wording import Letter
from backend.domain.problems import problem


class PrivateAuthority(EmailBackend):
    """Django's, which trusts what the system trusts, plus an authority of the administrator's own."""

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=settings.PIPELOOM_SMTP_CA or None)


class NotSentError(Exception):
    """Why a message did not arrive, as a problem; `final`: trying again would not help."""

    def __init__(self, code: str, *, final: bool = False, **params: object) -> None:
        super().__init__(code)
        self.problem = problem(code, **params)
        self.final = final


def mail_available() -> bool:
    return bool(settings.PIPELOOM_SMTP_HOST)


def mail_send(delivery: Delivery) -> None:
    """Or NotSentError. Every try carries the same Message-ID: a mail server or client that has it knows it."""
    if not mail_available():
        raise NotSentError("notice.mail_not_set_up", final=True)
    try:
        mail_of(delivery).send()
    except smtplib.SMTPAuthenticationError:
        raise NotSentError("notice.mail_sign_in") from None
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        raise NotSentError("notice.mail_refused", said=_said(code, said), final=code >= 500) from None
    except smtplib.SMTPResponseException as error:
        raise NotSentError("notice.mail_refused", said=_said(error.smtp_code, error.smtp_error)) from None
    except TimeoutError:
        raise NotSentError("notice.mail_unreachable", reason="timeout") from None
    except ssl.SSLError:
        raise NotSentError("notice.mail_unreachable", reason="tls") from None
    except (OSError, smtplib.SMTPException):
        raise NotSentError("notice.mail_unreachable", reason="connection") from None


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {re.sub(r'[^ -~]+', ' ', text)[:200]}".strip()


def mail_of(delivery: Delivery) -> EmailMultiAlternatives:
    letter = Letter(delivery.content, delivery.language, str(delivery.pk))
    shown = {"letter": letter, "url": settings.PIPELOOM_PUBLIC_URL + str(delivery.content["path"])}
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("notifications/letter.txt", shown),
        from_email=settings.PIPELOOM_SMTP_FROM,
        to=[delivery.address],
        headers={
            "Message-ID": f"<{delivery.pk}@{_domain()}>",
            "X-Pipeloom-Delivery": str(delivery.pk),
            "Auto-Submitted": "auto-generated",
        },
        connection=PrivateAuthority(
            host=settings.PIPELOOM_SMTP_HOST,
            port=settings.PIPELOOM_SMTP_PORT,
            username=settings.PIPELOOM_SMTP_USER,
            password=settings.PIPELOOM_SMTP_PASSWORD,
            use_tls=settings.PIPELOOM_SMTP_SECURITY == "starttls",
            use_ssl=settings.PIPELOOM_SMTP_SECURITY == "tls",
            timeout=settings.PIPELOOM_SMTP_SECONDS,
        ),
    )
    mail.attach_alternative(render_to_string("notifications/letter.html", shown), "text/html")
    return mail


def _domain() -> str:
    return parseaddr(settings.PIPELOOM_SMTP_FROM)[1].rpartition("@")[2] or "pipeloom.invalid"
