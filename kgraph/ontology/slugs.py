"""Names as ids."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """A name as an id: ASCII lower case words joined by hyphens; letters of other scripts are kept."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.lower()).strip("-") or "unnamed"
