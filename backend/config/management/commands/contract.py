"""`manage.py contract`: write backend/contract/ from its one source, or say what differs.

The committed files are what the browser build, the SDK and outside tools are generated from; they
are the same bytes on every machine, so a difference is always a change somebody made.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from backend.domain.design.schema_export import export as export_schemas
from backend.domain.problems import CATALOGUE
from backend.domain.run.messages import export as export_messages

FOLDER = Path(settings.BASE_DIR) / "backend" / "contract"


class Command(BaseCommand):
    help = "Write the generated contract (OpenAPI, JSON Schemas, messages); --check only compares."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file would change")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: _text(content) for name, content in _contract().items()}
        present = {str(path.relative_to(FOLDER)): path.read_text() for path in sorted(FOLDER.rglob("*.json"))}
        changed = sorted(name for name in {*wanted, *present} if wanted.get(name) != present.get(name))
        if options["check"]:
            if changed:
                raise CommandError(
                    f"The contract is not up to date: {', '.join(changed)}. Run `make contract`, look at the "
                    "difference (clients rely on these files) and commit it."
                )
            self.stdout.write(f"contract: {len(wanted)} files are up to date")
            return
        for name in changed:
            _write(name, wanted.get(name))
            self.stdout.write(f"{'wrote' if name in wanted else 'removed'} backend/contract/{name}")
        self.stdout.write(f"contract: {len(changed)} of {len(wanted)} files changed")


def _contract() -> dict[str, Any]:
    return {
        "openapi.json": _openapi(),
        "messages.json": export_messages(),
        "problems.json": _problems(),
        **export_schemas(),
    }


def _problems() -> dict[str, Any]:
    """Every code with its English wording: what translations are made from and held against."""
    return {code: template._asdict() for code, template in CATALOGUE.items()}


def _openapi() -> dict[str, Any]:
    """A warning means that the description does not say what the server does: that is an error here."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    if GENERATOR_STATS:
        GENERATOR_STATS.emit_summary()
        raise CommandError("The API cannot be described without doubt: see the lines above, and annotate those views.")
    return schema


def _text(content: Any) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _write(name: str, text: str | None) -> None:
    path = FOLDER / name
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
