"""The examples as a scholar runs them: each ends well and writes its figure; the notebook runs from end to end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
FIGURES = {
    "crisis_map": ["crisis.png", "crisis.html", "report.html"],
    "blocs_over_time": ["blocs.png"],
    "who_mediates": ["mediators.png"],
    "sanctions_network": ["sanctions.png"],
    "framing": ["framing.png"],
}
SAYS = {
    "crisis_map": "Peru",
    "blocs_over_time": "2025-06: bipolarity",
    "who_mediates": "Norway mediated talks",
    "sanctions_network": "Bolivia opposes sanctions on Peru",
    "framing": "The Pacific Herald:",
}


@pytest.mark.parametrize("name", list(FIGURES))
def test_an_example_writes_its_figure(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    articles = EXAMPLES / "fishing_dispute.jsonl"
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py"), str(articles), str(tmp_path)], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(EXAMPLES.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert SAYS[name] in done.stdout
    for figure in FIGURES[name]:
        assert (tmp_path / figure).stat().st_size > 5000


def test_no_example_is_longer_than_a_page() -> None:
    scripts = sorted(EXAMPLES.glob("*.py"))
    assert {p.stem for p in scripts} >= set(FIGURES)
    assert all(len((EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 60 for name in FIGURES)


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    notebook = nbformat.read(EXAMPLES / "crisis.ipynb", as_version=4)
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES.parent))
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    text = nbformat.writes(notebook)
    assert "image/png" in text
    assert "of all weight fits" in text
    assert "Argentina" in text or "State:ARG" in text
