"""The browser application as it was built: which files its page loads. Their names carry hashes of their contents."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

BUILD = Path(settings.BASE_DIR) / "frontend" / "dist" / "app"
ENTRY = "index.html"
PREFIX = f"{settings.STATIC_URL}app/"
THEMES = ("light", "dark")
CHINESE = "zh-Hans"


@dataclass(frozen=True, slots=True)
class Build:
    script: str
    styles: tuple[str, ...]
    modules: tuple[str, ...]
    """What the script imports at once: named in the page, so that the browser need not read one to find the next."""


@cache
def build() -> Build | None:
    """None before `make frontend`. Read once: a new build comes with a new process, as the static files do."""
    try:
        manifest = json.loads((BUILD / ".vite" / "manifest.json").read_text())
        return _build(manifest)
    except (OSError, ValueError, KeyError):
        return None


def _build(manifest: dict[str, Any]) -> Build:
    modules: dict[str, None] = {}
    styles: dict[str, None] = {}
    waiting = [ENTRY]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = manifest[name]
        modules[PREFIX + chunk["file"]] = None
        styles |= dict.fromkeys(PREFIX + each for each in chunk.get("css", ()))
        waiting += chunk.get("imports", ())
    script = PREFIX + manifest[ENTRY]["file"]
    return Build(script, tuple(styles), tuple(name for name in modules if name != script))


def appearance(cookies: dict[str, str], accept_language: str) -> dict[str, str]:
    """How this person wants pages to look: chosen in the application, kept in cookies that hold nothing else."""
    theme = cookies.get("pipeloom_theme", "")
    language = cookies.get("pipeloom_language") or _first_known(accept_language)
    return {"theme": theme if theme in THEMES else "", "language": CHINESE if language == CHINESE else "en"}


def _first_known(accept_language: str) -> str:
    """The first language that we have, in the order in which browsers send them."""
    for part in accept_language[:500].lower().split(","):
        primary, *rest = part.partition(";")[0].strip().split("-")
        if primary == "en":
            return "en"
        if primary == "zh" and not {"hant", "tw", "hk", "mo"} & set(rest):
            return CHINESE
    return "en"
