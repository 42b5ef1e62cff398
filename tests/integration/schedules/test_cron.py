"""What a line of cron means, and at which moments it comes, in the nights in which clocks are changed, too."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.apps.schedules.cron import YEARS, times_read
from backend.apps.schedules.models import NEVER
from backend.shared.errors import ProductError

SATURDAY = datetime(2026, 3, 28, 22, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)


def told(cron: str, begin: datetime = SATURDAY, zone: str = "UTC", count: int = 3) -> list[str]:
    times = times_read(cron, zone, begin)
    return [each.strftime("%m-%d %H:%M") for each in islice(times.until(begin, NEVER), count)]


@pytest.mark.parametrize(
    ("cron", "times"),
    [
        ("0 0 12 * * ?", ["03-29 12:00", "03-30 12:00", "03-31 12:00"]),
        ("0 0/5 * * * ?", ["03-28 22:05", "03-28 22:10", "03-28 22:15"]),
        ("0 0 9 ? * MON-FRI", ["03-30 09:00", "03-31 09:00", "04-01 09:00"]),
        ("0 0 9 ? * 2-6", ["03-30 09:00", "03-31 09:00", "04-01 09:00"]),
        ("0 0 9 ? * 1", ["03-29 09:00", "04-05 09:00", "04-12 09:00"]),
        ("0 0 9 ? * fri-sun", ["03-29 09:00", "04-03 09:00", "04-04 09:00"]),
        ("0 0 9 ? * 7-1", ["03-29 09:00", "04-04 09:00", "04-05 09:00"]),
        ("0 9 * * 0", ["03-29 09:00", "04-05 09:00", "04-12 09:00"]),
        ("0 9 * * 7", ["03-29 09:00", "04-05 09:00", "04-12 09:00"]),
        ("0 9 13 * 5", ["04-03 09:00", "04-10 09:00", "04-13 09:00"]),
        ("30 0 22-2/2 * * ?", ["03-28 22:00", "03-29 00:00", "03-29 02:00"]),
        ("0 0 0 1 JAN,jul ?", ["07-01 00:00", "01-01 00:00", "07-01 00:00"]),
        ("0 0 0 1 NOV-FEB ?", ["11-01 00:00", "12-01 00:00", "01-01 00:00"]),
        ("0 0 0 L * ?", ["03-31 00:00", "04-30 00:00", "05-31 00:00"]),
        ("0 0 0 LW * ?", ["03-31 00:00", "04-30 00:00", "05-29 00:00"]),
        ("0 0 0 ? * 6L", ["04-24 00:00", "05-29 00:00", "06-26 00:00"]),
        ("0 0 0 ? * FRI#3", ["04-17 00:00", "05-15 00:00", "06-19 00:00"]),
        ("0 0 0 29 2 ?", ["02-29 00:00", "02-29 00:00", "02-29 00:00"]),
    ],
)
def test_it_reads_quartz_and_classic_lines(cron: str, times: list[str]) -> None:
    assert told(cron) == times


@pytest.mark.parametrize(
    ("cron", "code"),
    [
        ("", "schedule.cron_parts"),
        ("0 0 12 * * ? 2027", "schedule.cron_parts"),
        ("0 61 * * * ?", "schedule.cron"),
        ("0 0 0 ? * 8", "schedule.cron"),
        ("? 0 0 * * ?", "schedule.cron"),
        ("0 ,, 0 * * ?", "schedule.cron"),
        ("0 5/ 0 * * ?", "schedule.cron"),
        ("0 5/0 0 * * ?", "schedule.cron"),
        ("\N{FULLWIDTH DIGIT ZERO} 0 0 * * ?", "schedule.cron"),
        ("0 0 0 15W * ?", "schedule.cron_special"),
        ("0 0 0 L-3 * ?", "schedule.cron_special"),
        ("0 0 0 ? * L", "schedule.cron_special"),
        ("0 0 12 1 * MON", "schedule.cron_days"),
        ("* 0 12 * * ?", "schedule.too_often"),
        ("0,30 0 12 * * ?", "schedule.too_often"),
        ("*/20 0 12 * * ?", "schedule.too_often"),
        ("0 0 0 30 2 ?", "schedule.never"),
        ("0 0 0 31 4,6 ?", "schedule.never"),
    ],
)
def test_it_refuses_in_words_what_cannot_be_meant(cron: str, code: str) -> None:
    with pytest.raises(ProductError) as refused:
        times_read(cron, "UTC", SATURDAY)

    assert refused.value.code == code
    assert refused.value.problems[0].path == "/cron"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "utc+1"])
def test_it_refuses_a_zone_that_is_none(zone: str) -> None:
    with pytest.raises(ProductError) as refused:
        times_read("0 0 12 * * ?", zone, SATURDAY)

    assert (refused.value.code, refused.value.problems[0].path) == ("schedule.timezone", "/timezone")


def test_it_fires_once_for_a_time_that_the_clock_leaves_out() -> None:
    """On 29 March 2026 Berlin's clocks go from 2:00 to 3:00, which is 1:00 UTC."""
    assert told("0 30 2 * * ?", zone="Europe/Berlin") == ["03-29 01:30", "03-30 00:30", "03-31 00:30"]
    both = told("0 0/30 2-3 * * ?", zone="Europe/Berlin", count=4)
    assert both == ["03-29 01:00", "03-29 01:30", "03-30 00:00", "03-30 00:30"], "2:30 and 3:30 are one moment"


def test_it_fires_once_for_a_time_that_the_clock_shows_twice() -> None:
    """On 25 October 2026 they go from 3:00 back to 2:00, which is 1:00 UTC."""
    assert told("0 30 2 * * ?", AUTUMN, "Europe/Berlin") == ["10-25 00:30", "10-26 01:30", "10-27 01:30"]


def test_it_neither_pauses_nor_hurries_in_those_nights_where_it_is_for_every_hour() -> None:
    hours = [f"10-25 0{hour}:00" for hour in range(4)]
    assert told("0 0 * * * ?", AUTUMN, "Europe/Berlin", 5) == ["10-24 23:00", *hours]
    assert told("0 0 * * * ?", zone="Europe/Berlin") == ["03-28 23:00", "03-29 00:00", "03-29 01:00"]


@given(
    minute=st.sampled_from(["0", "30", "0/10", "5,50", "*"]),
    hour=st.sampled_from(["0", "1-3", "2", "*", "*/2", "22-2"]),
    day=st.sampled_from([("*", "?"), ("?", "SUN"), ("L", "?"), ("?", "1#1"), ("1", "?")]),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu", "Antarctica/Troll"]
    ),
    begin=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - given its zone below
)
def test_it_goes_on_without_end_and_never_back(
    minute: str, hour: str, day: tuple[str, str], zone: str, begin: datetime
) -> None:
    """From wherever one looks, the times are the same, at least a minute apart, and on the line's second."""
    now = begin.replace(tzinfo=UTC)
    times = times_read(f"7 {minute} {hour} {day[0]} * {day[1]}", zone, now)
    found = list(islice(times.until(now, NEVER), 6))

    assert len(found) == 6
    assert all(
        later - earlier >= timedelta(seconds=60) for earlier, later in zip([now, *found][1:], found[1:], strict=False)
    )
    assert all(each > now and each.second == 7 for each in found)
    assert times.after(found[0] - timedelta(seconds=1)) == found[0]
    assert found[-1] < now + timedelta(days=366 * YEARS)
