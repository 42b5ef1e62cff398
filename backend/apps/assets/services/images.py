"""Container images: registered under the name that programs use, with what an engine really runs behind it."""

import re
from typing import Any

from django.db import IntegrityError, transaction

from backend.apps.accounts.models import Project, User
from backend.apps.assets.models import Image
from backend.domain.problems import Problem, problem
from backend.shared.errors import ConflictError, refuse

# As programs write it: they may name what no engine would take, and the reference says what is meant.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,511}")
# Of the distribution specification; it cannot begin with a dash, so an engine never takes it for an option.
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
_TAG = r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
_REFERENCE = re.compile(rf"{_HOST}{_PART}(?:/{_PART})*{_TAG}(?:@sha256:[0-9a-f]{{64}})?")
_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64})?")


def image_register(
    *,
    project: Project,
    user: User | None,
    name: str,
    reference: str = "",
    digest: str = "",
    description: str = "",
) -> Image:
    """New under this name. What is there already is changed by its key, so that nobody changes it unawares."""
    given = {"reference": reference or name, "digest": digest}
    wrong = [] if _NAME.fullmatch(name) else [problem("asset.image_name", "/name", name=name)]
    refuse([*wrong, *(_problems(given) if not wrong else ())])
    try:
        with transaction.atomic():
            made: Image = Image.objects.create(
                project=project, name=name, description=description, created_by=user, **given
            )
    except IntegrityError as error:
        raise ConflictError(problem("asset.image_exists", "/name", image=name)) from error
    return made


def image_change(*, image: Image, **given: Any) -> Image:
    """Steps that begin from now on get what is said here; its name stays, because programs say it."""
    refuse(_problems(given))
    for field, value in given.items():
        setattr(image, field, value)
    image.save(update_fields=[*given, "updated_at"])
    return image


def image_delete(*, image: Image) -> None:
    image.delete()


def _problems(given: dict[str, Any]) -> list[Problem]:
    found = []
    if "reference" in given and not _REFERENCE.fullmatch(given["reference"]):
        found.append(problem("asset.image_reference", "/reference", reference=given["reference"]))
    if "digest" in given and not _DIGEST.fullmatch(given["digest"]):
        found.append(problem("asset.image_digest", "/digest", digest=given["digest"]))
    return found
