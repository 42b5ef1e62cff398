"""The gallery: workflows that are offered to others, version by version, and taken from there."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from backend.apps.accounts.models import Project, User
from backend.apps.workflows.models import GalleryAsset, GalleryVersion, Sharing
from backend.apps.workflows.selectors import name_free
from backend.apps.workflows.services.versions import Published, workflow_publish
from backend.domain.design.check import check
from backend.domain.problems import problem
from backend.shared.errors import ConflictError, ProductError, refuse

FIRST = "1.0.0"


@transaction.atomic
def asset_publish(
    *,
    project: Project,
    user: User | None,
    document: dict[str, Any],
    title: str = "",
    number: str = "",
    description: str = "",
    sharing: str = Sharing.PRIVATE,
    users: Sequence[str] = (),
) -> GalleryVersion:
    """A new asset. Named people may be given only where it is shared with a group."""
    _refuse_strangers(sharing, users)
    refuse(check(document))
    asset = GalleryAsset.objects.create(
        project=project, title=title or document["name"], sharing=sharing, created_by=user
    )
    return _added(asset, document, number or FIRST, description, users, place=1)


@transaction.atomic
def asset_add_version(
    *, asset: GalleryAsset, document: dict[str, Any], number: str = "", description: str = "", users: Sequence[str] = ()
) -> GalleryVersion:
    """The next number where none is given; whoever saw the newest version sees this one, too."""
    refuse(check(document))
    locked: GalleryAsset = GalleryAsset.objects.select_for_update().get(pk=asset.pk)
    _refuse_strangers(locked.sharing, users)
    newest: GalleryVersion = GalleryVersion.objects.filter(asset=locked).latest("place")
    wanted = number or _next(newest.number)
    if GalleryVersion.objects.filter(asset=locked, number=wanted).exists():
        raise ConflictError(problem("gallery.version_exists", "/version", title=locked.title, version=wanted))
    seen_by = [*newest.users, *users] if locked.sharing == Sharing.GROUP else []
    return _added(locked, document, wanted, description, seen_by, place=newest.place + 1)


@transaction.atomic
def whitelist_change(*, version: GalleryVersion, add: Iterable[str] = (), remove: Iterable[str] = ()) -> GalleryVersion:
    """Who sees this version of something that is shared with a group."""
    locked: GalleryVersion = (
        GalleryVersion.objects.select_related("asset").select_for_update(of=("self",)).get(pk=version.pk)
    )
    _refuse_strangers(locked.asset.sharing, list(add))
    gone = set(remove)
    locked.users = [name for name in dict.fromkeys([*locked.users, *add]) if name not in gone]
    locked.save(update_fields=["users"])
    return locked


def asset_subscribe(
    *, version: GalleryVersion, project: Project, user: User | None, name: str | None = None
) -> Published:
    """A workflow of one's own from it, released as it is, under a free name."""
    free = name or name_free(project=project, wanted=version.document["name"])
    return workflow_publish(
        project=project,
        user=user,
        name=free,
        document=version.document,
        notes=f"{version.asset.title} {version.number} of the gallery ({version.asset_id})",
    )


def asset_delete(*, asset: GalleryAsset) -> None:
    """What was taken from it stays with those who took it."""
    asset.delete()


def _added(
    asset: GalleryAsset, document: dict[str, Any], number: str, description: str, users: Sequence[str], *, place: int
) -> GalleryVersion:
    made: GalleryVersion = GalleryVersion.objects.create(
        asset=asset,
        number=number,
        place=place,
        description=description,
        document=document,
        users=list(dict.fromkeys(users)),
    )
    return made


def _next(number: str) -> str:
    *above, last = number.split(".")
    return ".".join([*above, str(int(last) + 1)])


def _refuse_strangers(sharing: str, users: Sequence[str]) -> None:
    if users and sharing != Sharing.GROUP:
        raise ProductError.of(problem("gallery.users_without_group", "/users", sharing=sharing))
