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
    "auth.sign_in": Template(
        "The name or the password is not right.",
        "Try again, or open a sign-in link: “make up” on the server prints one.",
    ),
    "auth.too_many_tries": Template(
        "Too many wrong passwords were tried.", "Wait {minutes} minutes, or open a sign-in link."
    ),
    "auth.session_needed": Template(
        "This is for people in their browser, not for tokens.", "Sign in to the page and do it there."
    ),
    "auth.token_reach": Template(
        "This token does not reach that far: it is for {limit}.", "Use a token without this limit, or make one."
    ),
    "auth.password_wrong": Template("The current password is not right.", "Type it again."),
    "auth.password_short": Template("The password has fewer than {least} characters.", "Choose a longer one."),
    "auth.password_common": Template("Many people use this password.", "Choose one that is harder to guess."),
    "auth.name_form": Template(
        "The name “{name}” cannot be used.",
        "Use 2 to 50 letters, digits, or any of the signs @ . + - and _.",
    ),
    "auth.name_taken": Template("Somebody has the name “{name}” already.", "Choose another, or sign in if it is you."),
}
