"""The workflows that come with the product, ready to be taken; in the languages that they have been put into."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh-Hans")


def gallery(language: str) -> list[dict[str, Any]]:
    """By name of the folder; in English what nobody has put into the language."""
    return [_entry(path, language) for path in sorted(_folder().glob("*/workflow.json"))]


def _folder() -> Path:
    return Path(settings.PIPELOOM_SAMPLES)


def _entry(path: Path, language: str) -> dict[str, Any]:
    document = _localised(path, language)
    told = {"name": document["name"], "description": document.get("description", "")}
    return {"id": path.parent.name, **told, "steps": len(document["steps"]), "document": document}


@lru_cache(maxsize=64)
def _localised(path: Path, language: str) -> dict[str, Any]:
    """Beside the document lie, for each language, texts by the JSON Pointer of the place where they stand."""
    document: dict[str, Any] = json.loads(path.read_text())
    texts = path.with_name(f"{language}.json")
    if language != ENGLISH and texts.is_file():
        for pointer, text in json.loads(texts.read_text()).items():
            _put(document, pointer, text)
    return document


def _put(document: Any, pointer: str, text: str) -> None:
    *above, last = pointer.removeprefix("/").split("/")
    for part in above:
        document = document[int(part) if isinstance(document, list) else part]
    if last not in document:
        raise ValueError(f"there is no text at {pointer} that could be put into another language")
    document[last] = text
