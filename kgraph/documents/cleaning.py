"""Newspaper furniture: what stands around an article and says nothing, and the masthead's date and name."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MASTHEAD = re.compile(
    rf"^\W*(?P<source>The [A-Z][\w .'&]+?|[A-Z][\w .'&]+?)?\W*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    rf"(?P<month>{_MONTHS})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>(?:19|20)\d\d)\W*$"
)
_ISO = re.compile(r"^\W*((?:19|20)\d\d-\d\d-\d\d)\W*$")
_FURNITURE = re.compile(
    r"^\W*(sign up (for|to)\b.*newsletter.*|manage newsletters?|subscribe( now)?( to\b.*)?|copyright\b.*|©.*|all rights reserved\W*|"
    r"(please )?read our comment policy.*|click (here|to)\b.*|view comments.*|share this( article| story)?\W*|advertisement|"
    r"(read|see) (more|also)\b.{0,80}|related (stories|articles|topics?)\b.*|follow us on\b.*|print this( article)?|"
    r"(ap |reuters |file |getty )?(photo|image|picture)( by| credit|:).*|\(?(ap|reuters|afp|getty images)( photo)?(/.*)?\)?|"
    r"the associated press contributed to this (report|story)\W*|.* contributed to this (report|article|story)\W*)\s*$",
    re.IGNORECASE,
)


def without_furniture(text: str) -> str:
    """The text without boilerplate lines; paragraph breaks and every other character stay as they are."""
    lines = [line for line in text.splitlines() if not _FURNITURE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def masthead(text: str) -> tuple[dt.date | None, str | None]:
    """Publication date and newspaper from a line such as "The Paper - Monday, July 10, 2006" among the first five lines."""
    for line in [line.strip() for line in text.splitlines() if line.strip()][:5]:
        match = _MASTHEAD.match(line) if len(line) < 120 else None
        if match:
            month = _MONTHS.split("|").index(match["month"]) + 1
            try:
                return dt.date(int(match["year"]), month, int(match["day"])), (match["source"] or "").strip(
                    " -–—"
                ) or None
            except ValueError:
                continue
        iso = _ISO.match(line)
        if iso:
            try:
                return dt.date.fromisoformat(iso[1]), None
            except ValueError:
                continue
    return None, None
