"""The error page: each measure, the confusion of types, the reliability of confidences, and every error with its sentence."""

from __future__ import annotations

from html import escape

from kgraph.evaluation.scoring import Calibration, Outcome

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #d0d7de;text-align:left}"
    ".missed{border-left:4px solid #9a6700;padding-left:.7rem}.invented{border-left:4px solid #cf222e;padding-left:.7rem}"
    "p.error{margin:.6rem 0}small{color:#57606a}"
)


def html_report(outcome: Outcome, reliability: Calibration, title: str) -> str:
    """One offline HTML page of an evaluation; all text in it is escaped."""
    rows = "".join(
        f"<tr><td>{name}<td>{f.precision:.3f}<td>{f.recall:.3f}<td>{f.f1:.3f}<td>{f.right} of {f.found} found, {f.wanted} wanted"
        for name, f in outcome.measures.items()
    )
    mixed = sorted(outcome.confusion.items(), key=lambda x: (-x[1], x[0]))
    confusion = "".join(
        f"<tr><td>{escape(wanted)}<td>{escape(said)}<td>{n}" for (wanted, said), n in mixed if wanted != said
    )
    bins = "".join(f"<tr><td>{a:.1f} to {b:.1f}<td>{m:.3f}<td>{s:.3f}<td>{n}" for a, b, m, s, n in reliability.bins)
    errors = "".join(
        f'<p class="error {e.kind}"><b>{e.measure} {e.kind}</b>: {escape(e.said)}<br><small>{escape(e.document)}</small> {escape(e.sentence)}'
        for e in outcome.errors
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>"
        f"<table><tr><th>measure<th>precision<th>recall<th>F1<th>counts{rows}</table>"
        f"<h2>Types taken for others</h2><table><tr><th>wanted<th>said<th>times{confusion}</table>"
        f"<h2>Confidence</h2><p>Expected calibration error {reliability.error:.3f}.</p>"
        f"<table><tr><th>confidence<th>mean<th>share right<th>pairs{bins}</table>"
        f"<h2>Errors</h2>{errors}</html>\n"
    )
