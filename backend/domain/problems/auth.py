"""Problem codes `auth.*`: who may do what."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "auth.needed": Template(
        "This is for people who are signed in.",
        "Open a sign-in link, or send the header “Authorization: Bearer <token>”.",
    ),
    "auth.refused": Template("You could not be signed in: {reason}", "Open a new sign-in link, or make a new token."),
    "auth.csrf": Template(
        "The request does not prove that it comes from a page of this server.",
        "Send the CSRF cookie's value in the header X-CSRFToken, or use a bearer token.",
    ),
    "auth.role": Template(
        "This needs the role “{needed}” in the project.", "Ask a manager of the project for the role."
    ),
    "auth.link_used": Template(
        "This sign-in link is unknown, was used already, or is too old.", "Start Pipeloom again for a new link."
    ),
}
