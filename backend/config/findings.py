"""What a check of the doctor finds: good, worth knowing, or to be done."""

from dataclasses import dataclass

GOOD, NOTE, BAD = "ok", "note", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    level: str
    subject: str
    text: str
