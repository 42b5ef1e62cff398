"""Problem codes `schedule.*`: times that cannot be read, and why nothing was started at one of them."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "schedule.cron": Template(
        "Part {place} of the times, “{found}”, cannot be read.",
        "It takes {low} to {high}, ranges (1-5), lists (1,3), steps (0/15) and *; months and weekdays may be "
        "named (JAN, MON).",
    ),
    "schedule.cron_parts": Template(
        "The times have {count} parts.",
        "Write six: second, minute, hour, day of the month, month, weekday; or the last five of them.",
    ),
    "schedule.cron_special": Template(
        "“{found}” uses {letter} in a way that is not supported.",
        "L and LW stand alone as the day of the month; a weekday may be written as 6L or 6#3.",
    ),
    "schedule.cron_days": Template(
        "Both a day of the month and a weekday are given.", "Write ? for the one that does not matter."
    ),
    "schedule.too_often": Template(
        "The times are less than {seconds} seconds apart.", "Give exactly one second, as in 0 */5 * * * ?."
    ),
    "schedule.never": Template(
        "There is no such time within the next {years} years.", "See whether the month has that day."
    ),
    "schedule.timezone": Template("There is no time zone “{found}”.", "Write it as Europe/Berlin, or UTC."),
    "schedule.too_many": Template(
        "This workflow has {limit} schedules already, which is as many as it may have.",
        "Change or delete one of them.",
    ),
    "schedule.no_release": Template(
        "“{workflow}” has no release, and only releases are run by schedules.", "Release a version of it first."
    ),
    "schedule.owner": Template(
        "{name}, in whose name the runs are started, may no longer start runs here.",
        "Somebody who may start runs has to save the schedule: then it runs in their name.",
    ),
    "schedule.still_running": Template(
        "Run {number} of the workflow was still going on.", "Choose to start nevertheless if both may run at once."
    ),
}
