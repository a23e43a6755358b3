"""What a build tells while it runs: a bar on a terminal, else lines; with `--log-format json`, lines for machines."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kgraph.errors import KgraphError

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from kgraph.documents import Skipped, Tally
    from kgraph.model import Document

FORMATS = ("text", "json")
_EVERY = 10.0


class Log:
    """Tells of documents, of what is skipped, and of events, in one of two formats, on standard error."""

    def __init__(self, form: str = "text") -> None:
        if form not in FORMATS:
            raise KgraphError(f"there is no log format {form!r}; use text or json")
        self._json = form == "json"
        self._bar: Bar | None = None
        self._tally: Tally | None = None
        self._begin()

    def _begin(self) -> None:
        self._started = self._told = time.monotonic()
        self._documents = self._words = self._assertions = self._errors = 0

    def event(self, name: str, text: str, **facts: object) -> None:
        """Something happened: `text` for people, `facts` for machines."""
        if self._json:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
            typer.echo(json.dumps({"time": now, "event": name, **facts}, ensure_ascii=False, default=str), err=True)
        elif self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(text, err=True)

    def done(self, text: str, **facts: object) -> None:
        """The work is done; for people, this is the answer and goes to standard output."""
        if self._json:
            self.event("done", text, **facts)
        else:
            typer.echo(text)

    def skipped(self, skipped: Skipped) -> None:
        """A document was left out."""
        self._errors += 1
        text = " ".join(f"skipped {skipped.place}: {skipped.reason}".split())
        self.event(
            "skipped", "".join(c if c.isprintable() else " " for c in text), place=skipped.place, reason=skipped.reason
        )

    def document(self, document: Document, found: int) -> None:
        """A document was stored, or found stored."""
        self._documents += 1
        self._words += document.text.count(" ") + 1
        self._assertions += found
        if self._bar is not None:
            self._bar.update(
                self._bar.task_ids[0],
                completed=self._done(),
                rate=self._rate(),
                documents=self._documents,
                errors=self._errors,
            )
        elif self._json and time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.event("progress", "", **self.figures())

    def figures(self) -> dict[str, object]:
        """Documents, words a second, assertions, errors, and seconds left where that can be known."""
        left = None
        if self._tally is not None and self._tally.total and self._tally.done:
            spent = time.monotonic() - self._started
            left = round(spent * (self._tally.total - self._tally.done) / self._tally.done)
        return {
            "documents": self._documents, "words_per_second": self._rate(), "assertions": self._assertions,
            "errors": self._errors, "seconds_left": left,
        }  # fmt: skip

    def _rate(self) -> int:
        return round(self._words / max(time.monotonic() - self._started, 0.001))

    def _done(self) -> int:
        return self._tally.done if self._tally is not None else 0

    @contextmanager
    def progress(self, tally: Tally) -> Iterator[None]:
        """Show how far the reading is, where standard error is a terminal."""
        self._begin()
        self._tally = tally
        if self._json or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            BarColumn(),
            TextColumn("{task.fields[documents]} documents, {task.fields[rate]} words/s, {task.fields[errors]} errors"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            bar.add_task("", total=tally.total or None, documents=0, rate=0, errors=0)
            self._bar = bar
            try:
                yield
            finally:
                self._bar = None
