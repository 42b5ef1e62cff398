"""Problem codes `request.*`: what is wrong with a request to the API."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "request.not_found": Template(
        "There is no such {what}, or it is not yours.", "Check the id, or list what you can see."
    ),
    "request.no_route": Template("There is nothing at this address.", "See /api/docs/ for the addresses there are."),
    "request.method": Template(
        "{method} is not possible at this address.", "Use one of these: {allowed}. /api/docs/ says what each does."
    ),
    "request.media_type": Template(
        "The body has the type “{found}”, which is not read here.", "Send it as {expected}."
    ),
    "request.not_acceptable": Template(
        "The answer cannot be given in the form that was asked for.",
        "Leave out the Accept header, or accept {offered}.",
    ),
    "request.too_large": Template("The request is larger than {limit} bytes.", "Send less at a time."),
    "request.too_slow": Template(
        "The request came too slowly to wait for its end.", "Send it again over a better connection, or less at a time."
    ),
    "request.throttled": Template("Too many requests came at once.", "Wait {seconds} seconds and try again."),
    "request.cursor": Template(
        "This cursor was not made by this list.", "Take `next` of the answer before, with the same order."
    ),
    "request.after": Template(
        "This run has no fact number {after} yet; the newest is {seq}.", "Take the snapshot again and go on from it."
    ),
    "request.required": Template("The field “{field}” is missing.", "Give it a value."),
    "request.unknown_field": Template("There is no field “{field}” here.", "Leave it out. Known are: {known}."),
    "request.invalid": Template(
        "The field “{field}” cannot be read: {reason}", "Correct it; /api/docs/ shows its form."
    ),
    "request.text": Template(
        "The address or a parameter in it holds a character that cannot be stored ({found}).", "Remove the character."
    ),
    "request.malformed": Template("The request cannot be read: {reason}", "Correct it; /api/docs/ shows its form."),
    "request.range": Template(
        "The range “{found}” lies outside the file of {size} bytes.", "Ask for bytes=<first>-<last> inside it."
    ),
    "request.failed": Template(
        "The server could not do this, and it is not your fault.", "Try again; the server's log says more."
    ),
    "request.unavailable": Template("The server cannot reach its database.", "Try again in a moment."),
}
