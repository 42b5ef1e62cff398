"""Lists are cut by a cursor: stable while rows are added, and no dearer on page 1,000 than on page 1."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter, or_
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from backend.domain.problems import problem
from backend.shared.errors import ProductError

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_CURSOR = 2_000
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    items: list[Row]
    next: str | None


def cut(
    rows: QuerySet[Row],
    *,
    order: str,
    columns: Mapping[str, str] | None = None,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[Row]:
    """One page of `rows`, ordered by a public name ("-created_at") and then by key in the same direction."""
    descending = order.startswith("-")
    public = order.removeprefix("-")
    column = (columns or {}).get(public, public)
    sign = "-" if descending else ""
    ordered = rows.order_by(f"{sign}{column}", f"{sign}pk") if column != "pk" else rows.order_by(f"{sign}pk")
    if cursor:
        ordered = ordered.filter(_after(rows, cursor, order=order, column=column, descending=descending))
    found = list(ordered[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], None if last is None else _encode(order, _read(last, column), last.pk))


def containing(rows: QuerySet[Row], search: str, *columns: str) -> QuerySet[Row]:
    """Those in which every word stands in one of the columns."""
    for word in search.split():
        rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns)))
    return rows


@dataclass(frozen=True, slots=True)
class ItemsPage:
    items: list[dict[str, Any]]
    next: str | None


def cut_items(
    items: Iterable[dict[str, Any]],
    query: Mapping[str, Any],
    *,
    columns: Mapping[str, Sequence[str]],
    search: Sequence[str] = (),
) -> ItemsPage:
    """The same of what is no rows of a table. `columns` says what each order looks at; together they tell any item
    from all others."""
    order, descending = query["order"], query["order"].startswith("-")
    names = columns[order.removeprefix("-")]
    words = query.get("search", "").casefold().split()
    found = [each for each in items if all(any(word in str(each[n]).casefold() for n in search) for word in words)]
    ordered = sorted(((_place(each, names), each) for each in found), key=itemgetter(0), reverse=descending)
    if query.get("cursor"):
        after = _place_in(query["cursor"], order)
        try:
            ordered = [(at, each) for at, each in ordered if (at < after if descending else at > after)]
        except TypeError:
            raise bad_cursor() from None
    limit = query["limit"]
    more = len(ordered) > limit
    items_shown = [each for _, each in ordered[:limit]]
    return ItemsPage(items_shown, _encode(order, ordered[limit - 1][0], None) if more else None)


def _place(item: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [item[name] for name in names]


def _place_in(cursor: str, order: str) -> list[Any]:
    try:
        made_for, place, _ = _parts(cursor)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise bad_cursor() from None
    if made_for != order or not isinstance(place, list):
        raise bad_cursor()
    return place


def _read(row: Model, column: str) -> Any:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    return value


def _encode(order: str, value: object, key: object) -> str:
    text = json.dumps(
        [order, value, key], default=lambda each: each.isoformat() if hasattr(each, "isoformat") else str(each)
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(rows: QuerySet[Row], cursor: str, *, order: str, column: str, descending: bool) -> Q:
    try:
        value, key = _decode(rows, cursor, order=order, column=column)
    except (ValueError, TypeError, KeyError, ValidationError, RecursionError, binascii.Error):
        raise bad_cursor() from None
    beyond = "lt" if descending else "gt"
    further = Q(**{f"{column}__{beyond}": value})
    return further if column == "pk" else further | Q(**{column: value, f"pk__{beyond}": key})


def _decode(rows: QuerySet[Row], cursor: str, *, order: str, column: str) -> tuple[Any, Any]:
    made_for, value, key = _parts(cursor)
    if made_for != order or isinstance(value, (dict, list)):
        raise ValueError("made for another order")
    options = rows.model._meta
    clean_key = options.pk.to_python(key)
    return (clean_key if column == "pk" else _clean(rows.model, column, value)), clean_key


def _parts(cursor: str) -> tuple[Any, Any, Any]:
    if len(cursor) > MAX_CURSOR:
        raise ValueError("longer than any cursor of ours")
    padded = cursor + "=" * (-len(cursor) % 4)
    made_for, value, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    return made_for, value, key


def _clean(model: type[Model], column: str, value: object) -> Any:
    *path, last = column.split("__")
    for part in path:
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]
    clean = model._meta.get_field(last).to_python(value)
    if clean is None or (isinstance(clean, str) and "\x00" in clean):
        raise ValueError("not a value of this column")
    return clean


def bad_cursor() -> ProductError:
    return ProductError.of(problem("request.cursor", "/cursor"))
