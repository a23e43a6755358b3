"""Newspaper furniture: what stands around an article and says nothing, and the masthead's date and name."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = (
    rf"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?(?:"
    rf"(?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>(?:19|20)\d\d)|"
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH}),?\s+(?P<y2>(?:19|20)\d\d)|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))"
)
_TIME = r"(?:[T,;|\s]*(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|[A-Z]{2,4}|[+-]\d\d:?\d\d)?)?"
_MASTHEAD = re.compile(
    rf"^\W*(?:(?i:(?:first |last )?(?:published|updated|posted|filed|issued|modified|date))(?: on| at)?\b\W*)?"
    rf"(?P<source>The [A-Z][\w .'&]+?|[A-Z][\w .'&]+?)??\W*{_DATE}{_TIME}\W*$"
)
"""A line that is a newspaper's name, or what was done on it, and a date."""
_NO_NAME = re.compile(r"^By |\b(?:of|on|in|at|by|from|to|for|since)$")
_AGENCY = r"(?:\([^()]{2,40}\)[\s,]*)?"
_DATELINE = re.compile(
    rf"^(?P<source>)[A-Z][A-Z'’. /-]+(?:,\s*[A-Z][\w. ]+?)??[\s,]+{_AGENCY}{_DATE}[\s,]*{_AGENCY}(?:--|[-–—:])\s"
)
"""A place in capitals with a date, before the first sentence: "GENEVA (Agency), March 4, 2011 -"."""
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
    """Publication date and newspaper, as far as the first five lines tell them.

    A line tells them, such as "The Paper - Monday, July 10, 2006" or "Published: 10 July 2006, 09:30 GMT", or a dateline,
    "GENEVA (Agency), July 10, 2006 -". A date within a sentence is none.
    """
    for line in [line.strip() for line in text.splitlines() if line.strip()][:5]:
        match = (_MASTHEAD.match(line) if len(line) < 120 else None) or _DATELINE.match(line[:120])
        date = _day(match) if match else None
        if match and date:
            source = (match["source"] or "").strip(" -–—")
            return date, source if source and not _NO_NAME.search(source) else None
    return None, None


def _day(match: re.Match[str]) -> dt.date | None:
    try:
        if match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        month = _MONTHS.index((match["m1"] or match["m2"])[:3].lower()) + 1
        return dt.date(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"]))
    except ValueError:
        return None
