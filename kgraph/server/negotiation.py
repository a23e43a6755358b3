"""Which of the media types that can be given does a client want (RFC 9110, section 12.5.1)?"""

from __future__ import annotations

from collections.abc import Sequence


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type that an Accept header weighs highest, the first of equals; None where it takes none of them."""
    wanted = _ranges(accept)
    weighed = [(_quality(kind, wanted), -i, kind) for i, kind in enumerate(offered)]
    quality, _, kind = max(weighed)
    return kind if quality > 0 else None


def _ranges(accept: str | None) -> list[tuple[str, float]]:
    out = []
    for part in (accept or "").split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        out.append((name, quality))
    return out or [("*/*", 1.0)]


def _quality(kind: str, wanted: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that holds a type."""
    for form in (kind, kind.split("/")[0] + "/*", "*/*"):
        found = [quality for name, quality in wanted if name == form]
        if found:
            return max(found)
    return 0.0
