"""Every example of the README runs in order and prints what stands beside it; its links and numbers hold."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from tests.support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", README, flags=re.DOTALL)


@pytest.mark.parametrize(("block", "output"), BLOCKS, ids=[f"block{k}" for k in range(len(BLOCKS))])
def test_examples_print_what_they_say(block, output, tmp_path, monkeypatch):
    """What is printed stands in a comment behind each print, or in a text block below."""
    expected = output.splitlines() or re.findall(r"^print\(.*\)  # (.*)$", block, flags=re.MULTILINE)
    assert output or len(expected) == block.count("print(")
    monkeypatch.chdir(tmp_path)  # some write files
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    assert printed.getvalue().splitlines() == expected


def test_there_are_examples():
    assert len(BLOCKS) >= 4


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["eager", "transforms"])
def test_the_speed_table_is_that_of_the_last_run(name):
    """benchmarks/eager.md is what `python benchmarks/eager.py --write` printed, and so on."""
    written = (ROOT / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert len(rows) >= 5
    assert "\n".join(rows) in README


def test_the_source_is_about_as_long_as_it_says():
    names = re.findall(r"\((autograd_core/[\w/]+\.py)\)", README.split("## Read it")[1])
    lines = sum(len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in names)
    (said,) = re.findall(r"About ([\d,]+) lines", README)
    assert lines == pytest.approx(int(said.replace(",", "")), rel=0.08)
