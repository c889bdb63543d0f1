"""The deliveries of a contract as an iCalendar file (RFC 5545), for telephones and desk calendars.

A delivery is an event of whole days, from its first to its last. Its `UID` is its number, so that a
calendar that reads again moves what was moved and crosses out what was cancelled.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

LINE_OCTETS: Final = 75
_SPECIAL: Final = re.compile(r"([\\;,])")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """A delivery in a calendar: all texts are in the reader's language."""

    number: str
    first: date
    last: date
    summary: str
    description: str
    place: str
    url: str
    is_cancelled: bool = False


def calendar_text(name: str, events: Iterable[Event], *, host: str, at: datetime) -> str:
    """The file.

    Args:
        name: of the calendar.
        events: its events.
        host: of the marketplace, which makes every `UID` the only one in the world.
        at: when it was asked for, aware, in UTC.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cho Mua//Giao hang//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.number}@{host}",
            f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            # The day after: the end of an event of whole days is not in it.
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(event.summary)}",
            f"DESCRIPTION:{escaped(event.description)}",
            f"LOCATION:{escaped(event.place)}",
            f"URL:{event.url}",
            f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A text as a value: nothing in it ends the line or begins another property."""
    plain = _CONTROL.sub("", _SPECIAL.sub(r"\\\1", text))
    return _BREAK.sub(r"\\n", plain)


def folded(line: str) -> str:
    """A line of any length as lines of 75 octets; no character is cut in two."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts)
