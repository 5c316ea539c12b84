"""Every notebook runs top to bottom, and shows what was saved in it.

After a change that is meant to alter an output, `python -m tests.test_notebooks` runs the notebooks and saves them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TRAINING = ("06", "07")
"""These train for long."""
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TEXTS = ("text/plain", "text/markdown", "text/html", "text/latex")
WIDGET = "application/vnd.jupyter.widget-view+json"
"""A widget has a page beside it, for readers without a kernel: too large to be kept, and laid out by Graphviz."""
NUMBER = re.compile(r"[-+]?(?:\d+\.\d+|\d+)(?:e[-+]?\d+)?")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

# The kernel runs in a process of its own, which listens on this machine only; newer ipykernels warn of that, and
# pyzmq of the event loop that Windows has.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Kernel is running over TCP without encryption"),
    pytest.mark.filterwarnings("ignore:Proactor event loop does not implement add_reader:RuntimeWarning"),
]


def run(path: Path) -> nbformat.NotebookNode:
    """Return the notebook as a fresh kernel leaves it."""
    notebook = nbformat.read(path, as_version=4)
    kernel = {"metadata": {"path": str(ROOT)}}
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources=kernel, record_timing=False).execute()
    return notebook


def shown(cell: nbformat.NotebookNode) -> tuple[str, set[str]]:
    """Return what a cell shows: its text, and the kinds of its pictures."""
    texts: list[str] = []
    pictures: set[str] = set()
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            texts.append(output.text)
            continue
        data = output.get("data", {})
        pictures |= {kind for kind in data if kind.startswith("image/")}
        texts += [
            ADDRESS.sub("", data[kind]) for kind in TEXTS if kind in data and not (WIDGET in data and "html" in kind)
        ]
    return "".join(texts), pictures


def same(saved: str, found: str) -> bool:
    """Whether two texts agree, but for the last digit of a number: another machine may round it the other way."""
    if NUMBER.sub("#", saved) != NUMBER.sub("#", found):
        return False
    return all(_close(a, b) for a, b in zip(NUMBER.findall(saved), NUMBER.findall(found), strict=True))


def _close(saved: str, found: str) -> bool:
    if "." not in saved and "e" not in saved:
        return saved == found
    mantissa, _, power = saved.partition("e")
    last_digit = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    return abs(float(saved) - float(found)) < 1.5 * last_digit


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 8


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.training] if path.name.startswith(TRAINING) else []) for path in NOTEBOOKS],
    ids=lambda path: path.stem,
)
def test_runs_and_shows_what_is_saved(path):
    saved, found = nbformat.read(path, as_version=4), run(path)
    for i, (before, after) in enumerate(zip(saved.cells, found.cells, strict=True)):
        (text, pictures), (text_now, pictures_now) = shown(before), shown(after)
        assert pictures == pictures_now, f"{path.name}, cell {i}: saved pictures {pictures}, now {pictures_now}"
        assert same(text, text_now), (
            f"{path.name}, cell {i} shows something else than what is saved; if that is meant, run "
            f"`python -m tests.test_notebooks {path.stem}`\n--- saved\n{text}\n--- now\n{text_now}"
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_saved_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not any(cell.metadata for cell in notebook.cells)
    assert all(len(cell.outputs) == len(joined(cell.outputs)) for cell in code)
    assert not any(output.get("name") == "stderr" for cell in code for output in cell.outputs)
    raw = path.read_text(encoding="utf-8")
    assert not ADDRESS.search(raw)
    assert not re.search(r"/(home|work|root|Users|tmp)/|site-packages", raw)
    assert len(raw) < 300_000


def test_numbers_may_differ_in_the_last_digit_only():
    assert same("loss 0.125, 3 rows", "loss 0.126, 3 rows")
    assert same("norm 1.15e-05", "norm 1.16e-05")
    assert not same("loss 0.125", "loss 0.127")
    assert not same("loss 0.125", "gain 0.125")
    assert not same("3 rows", "4 rows")


def joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """What was printed in one go, as one: by its speed, a kernel sends it in one piece or in several."""
    kept: list[nbformat.NotebookNode] = []
    for output in outputs:
        if kept and output.output_type == kept[-1].output_type == "stream" and output.name == kept[-1].name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def save(path: Path) -> None:
    """Run a notebook, and save it without what depends on the machine."""
    notebook = run(path)
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = ADDRESS.sub("", data["text/plain"])
            if WIDGET in data:
                data.pop("text/html", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for chosen in NOTEBOOKS:
        if not sys.argv[1:] or chosen.stem in sys.argv[1:]:
            save(chosen)
            print(f"saved {chosen.relative_to(ROOT)}")
