"""The page's scripts: ES modules in `scripts/`, joined into one when a page is written, so that no user needs a build step.

A module imports by name from its neighbours and exports functions and constants; joined, each is a function that gives
its exports, so that what it does not export stays its own.
"""

from __future__ import annotations

import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

_FOLDER = Path(__file__).parent / "scripts"
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


@cache
def application() -> str:
    """The page's own script."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.js"))}
    needs = {name: sorted(m[1] for m in _IMPORT.findall(text)) for name, text in sorted(texts.items())}
    joined = "".join(_scoped(name, texts[name]) for name in TopologicalSorter(needs).static_order())
    return f'"use strict";\n(() => {{\n{joined}}})();\n'


def _scoped(name: str, text: str) -> str:
    """A module as a constant that holds its exports."""
    exports = ", ".join(m[1] for m in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = $\2;\n", text))
    return f"const ${name} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


@cache
def vis_network() -> str:
    """The vis-network library that pyvis brings."""
    import pyvis

    folder = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2"
    return (folder / "vis-network.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


@cache
def style() -> str:
    """The page's style sheets, one after the other."""
    sheets = sorted((Path(__file__).parent / "styles").glob("*.css"))
    return "\n".join(s.read_text(encoding="utf-8") for s in sheets)
