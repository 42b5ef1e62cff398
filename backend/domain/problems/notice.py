"""Problem codes `notice.*`: topics, subscriptions, and messages that could not be delivered."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "notice.topic_taken": Template("There is a topic called “{name}” in this project already.", "Choose another name."),
    "notice.channel_twice": Template("“{address}” is in this topic already.", "There is nothing left to do."),
    "notice.no_member": Template(
        "“{name}” is no member of this project.", "Invite them to the project first, or choose somebody else."
    ),
    "notice.channel_needs": Template("A channel of the kind “{kind}” needs “{field}”.", "Give it."),
    "notice.mail_address": Template("“{address}” is no e-mail address.", "Write it as name@example.org."),
    "notice.url": Template(
        "Messages cannot be sent to “{found}” ({reason}).",
        "Give a plain http:// or https:// address without user name and fragment.",
    ),
    "notice.private": Template(
        "“{found}” leads to a private address, to which the server sends nothing.",
        "Ask an administrator to allow it with PIPELOOM_WEBHOOK_ALLOW.",
    ),
    "notice.unknown_name": Template("Nobody knows the name “{found}”.", "See whether it is spelled correctly."),
    "notice.row_twice": Template("There is such a row already.", "Change that one."),
    "notice.no_events": Template("A subscription needs at least one event.", "Choose waiting, success or abnormal."),
    "notice.run_and_step": Template(
        "A run can be followed to its end only: neither a step nor a topic goes with it.", "Leave them out."
    ),
    "notice.other_project": Template(
        "The topic belongs to another project than the workflow.", "Choose or make a topic of this project."
    ),
    "notice.unknown_step": Template(
        "The workflow has no step called “{step}”.", "Choose one of its steps, or the whole workflow."
    ),
    "notice.mail_not_set_up": Template(
        "This server has no mail server to send with.", "Ask an administrator to set PIPELOOM_SMTP_HOST."
    ),
    "notice.mail_refused": Template(
        "The mail server did not take the message: {said}", "See whether the address is right; it is tried again."
    ),
    "notice.mail_sign_in": Template(
        "The mail server did not accept our user name and password.",
        "Ask an administrator to look at PIPELOOM_SMTP_USER and PIPELOOM_SMTP_PASSWORD.",
    ),
    "notice.mail_unreachable": Template(
        "The mail server could not be reached ({reason}).", "It is tried again; see whether the mail server runs."
    ),
    "notice.hook_unreachable": Template(
        "The address could not be reached ({reason}).", "It is tried again; see whether the receiver runs."
    ),
    "notice.hook_status": Template(
        "The receiver answered with status {status}.", "It is tried again; the receiver's log says more."
    ),
    "notice.hook_redirect": Template(
        "The receiver answered with a redirect ({status}), which is not followed.", "Give the final address."
    ),
    "notice.hook_gone": Template(
        "The receiver says that this address is gone for good (410).", "Remove the webhook, or give its new address."
    ),
    "notice.channel_gone": Template(
        "The channel was removed before the message could be sent.", "Nothing is left to do."
    ),
    "notice.failed": Template(
        "The message could not be sent because of an error of ours.", "It is tried again; the server's log says more."
    ),
    "notice.under_way": Template("This message is still being sent.", "Wait until it has arrived or was given up."),
}
