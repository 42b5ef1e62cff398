"""Times as people write them: six parts with the second first, as Quartz has them, or the five of classic cron.

What a line means is worked out here (Quartz counts weekdays from 1 = SUN, ranges may go round the end of a week);
which moments that are is cronsim's part, on the clock of the wall. A line that names its hours keeps to the wall's
clock: an hour that comes twice counts once, an hour that is left out counts as the one that stands in its place. A
line for every hour goes by time that passes, so that it neither pauses nor hurries in those nights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from backend.domain.problems import problem
from backend.shared.errors import ProductError

LEAST_SECONDS = 60
YEARS = 10
_WIDEST_CHANGE = timedelta(hours=25)
"""More than any change of a zone's clock, a skipped day included."""
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_ANY = ("*", "?")


@dataclass(frozen=True, slots=True)
class _Part:
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """Raises ValueError for what is none of this part's."""
        found = self.names.index(text) + self.low if text in self.names else _digits(text)
        if not self.low <= found <= self.high:
            raise ValueError(text)
        return found

    def span(self, first: int, last: int) -> list[int]:
        """Round the end where the last comes before the first, as FRI-MON does."""
        if first <= last:
            return list(range(first, last + 1))
        return [*range(first, self.high + 1), *range(self.low, last + 1)]


_QUARTZ = (
    _Part(0, 59),
    _Part(0, 59),
    _Part(0, 23),
    _Part(1, 31),
    _Part(1, 12, tuple(_MONTHS)),
    _Part(1, 7, tuple(_WEEKDAYS)),
)
_CLASSIC = (*_QUARTZ[:5], _Part(0, 7, tuple(_WEEKDAYS)))


@dataclass(frozen=True, slots=True)
class Times:
    """A line that was read: what cronsim is to be asked, and whether it goes by the clock of the wall."""

    spec: str
    zone: tzinfo
    by_wall: bool

    def after(self, moment: datetime) -> datetime | None:
        """The first time that is later than the moment; None when there is none within the years we look ahead."""
        end = moment + timedelta(days=366 * YEARS)
        found = self._by_wall(moment, end) if self.by_wall else self._by_time(moment)
        return found if found is not None and found <= end else None

    def until(self, moment: datetime, end: datetime) -> Iterator[datetime]:
        """All that are later than the moment and not later than the end."""
        found = self.after(moment)
        while found is not None and found <= end:
            yield found
            found = self.after(found)

    def _by_time(self, moment: datetime) -> datetime | None:
        found = next(CronSim(self.spec, moment.astimezone(self.zone)), None)
        return found and found.astimezone(UTC)

    def _by_wall(self, moment: datetime, end: datetime) -> datetime | None:
        """A time in an hour that is left out stands further on, so those written behind it may come before it."""
        start = moment.astimezone(self.zone).replace(tzinfo=None)
        last = end.astimezone(self.zone).replace(tzinfo=None)
        best: datetime | None = None
        for written in takewhile(lambda each: each <= last, CronSim(self.spec, start - _WIDEST_CHANGE)):
            if best is not None and written >= best.astimezone(self.zone).replace(tzinfo=None):
                break
            found = written.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
            if found > moment and (best is None or found < best):
                best = found
        return best


def times_read(cron: str, timezone: str, now: datetime) -> Times:
    """Refused, in words: what cannot be read, comes more often than once a minute, or never."""
    parts = cron.upper().split()
    if len(parts) not in (5, 6):
        raise ProductError.of(problem("schedule.cron_parts", "/cron", count=len(parts)))
    classic = len(parts) == 5
    read = [_read(place, text, classic) for place, text in enumerate(["0", *parts] if classic else parts)]
    if not classic and not any(text in _ANY for text in (parts[3], parts[5])):
        raise ProductError.of(problem("schedule.cron_days", "/cron"))
    if len(set(read[0].split(","))) != 1 or read[0] == "*":
        raise ProductError.of(problem("schedule.too_often", "/cron", seconds=LEAST_SECONDS))
    every_hour = len(_numbers(_QUARTZ[2], parts[-4])) == 24
    times = Times(" ".join(read), _zone(timezone), by_wall=not every_hour)
    try:
        found = times.after(now)
    except CronSimError:
        # Cronsim sees by itself that the 30th of February does not come.
        found = None
    if found is None:
        raise ProductError.of(problem("schedule.never", "/cron", years=YEARS))
    return times


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> tzinfo:
    if name not in _zones():
        raise ProductError.of(problem("schedule.timezone", "/timezone", found=name))
    return ZoneInfo(name)


def _digits(text: str) -> int:
    if not re.fullmatch("[0-9]{1,2}", text):
        raise ValueError(text)
    return int(text)


def _read(place: int, text: str, classic: bool) -> str:
    """One part as cronsim has it: a star, or numbers with Sunday as 0."""
    part = (_CLASSIC if classic else _QUARTZ)[place]
    try:
        special = _special(place, text, part, classic)
        if special is not None:
            return special
        if text in _ANY and (text == "*" or place in (3, 5)):
            return "*"
        if place == 3 and re.fullmatch(r"\*/[0-9]{1,2}", text):
            # The star says something more in classic cron: that the weekday must fit, too.
            _numbers(part, text)
            return text
        return ",".join(str(each) for each in sorted({_cronsim(place, each, classic) for each in _numbers(part, text)}))
    except ValueError:
        shown = 1 + place - (1 if classic else 0)
        told = problem("schedule.cron", "/cron", place=shown, found=text, low=part.low, high=part.high)
        raise ProductError.of(told) from None


def _special(place: int, text: str, part: _Part, classic: bool) -> str | None:
    """The letters L, W and the sign #, as far as cronsim has them."""
    if place == 3 and text in ("L", "LW"):
        return text
    found = re.fullmatch(r"([0-7]|[A-Z]{3})(L|#[1-5])", text) if place == 5 else None
    if found:
        return f"{_cronsim(place, part.number(found[1]), classic)}{found[2]}"
    letter = re.search("#|[LW]" if place == 3 else "#|L$|W$", text)
    if place in (3, 5) and letter:
        raise ProductError.of(problem("schedule.cron_special", "/cron", found=text, letter=letter[0]))
    return None


def _cronsim(place: int, number: int, classic: bool) -> int:
    if place != 5:
        return number
    return number % 7 if classic else number - 1


def _numbers(part: _Part, text: str) -> list[int]:
    return [number for term in text.split(",") for number in _term(part, term)]


def _term(part: _Part, term: str) -> list[int]:
    """`5/10` goes on to the end, `1-20/10` to its own."""
    span, slash, step = term.partition("/")
    first, dash, last = span.partition("-")
    if span == "*":
        listed = part.span(part.low, part.high)
    elif dash:
        listed = part.span(part.number(first), part.number(last))
    else:
        low = part.number(first)
        listed = part.span(low, part.high) if slash else [low]
    if not slash:
        return listed
    every = _digits(step)
    if every == 0:
        raise ValueError(term)
    return listed[::every]
