"""Every example of the README and of docs/ prints what stands beside it; their links and numbers hold."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from tests.support import ROOT
from tests.support.domains import DOMAINS, bounds

PAGES = {
    str(page.relative_to(ROOT)): page.read_text(encoding="utf-8")
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}
README = PAGES["README.md"]
EXAMPLE = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", flags=re.DOTALL)
EXAMPLES = {
    f"{name}-{k}": found.groups(default="")
    for name, text in PAGES.items()
    for k, found in enumerate(EXAMPLE.finditer(text))
}


@pytest.mark.parametrize(("block", "output"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples_print_what_they_say(block, output, tmp_path, monkeypatch):
    """What is printed stands in a comment behind each print, or in a text block below."""
    expected = output.splitlines() or re.findall(r"^print\(.*\)  # (.*)$", block, flags=re.MULTILINE)
    assert output or len(expected) == block.count("print(")
    monkeypatch.chdir(tmp_path)  # some write files
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "example", "exec"), {"__name__": "example"})
    assert printed.getvalue().splitlines() == expected


def test_there_are_examples():
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)\)", PAGES[name]):
        if not target.startswith("http"):
            assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.parametrize("name", [name for name in PAGES if name != "README.md"])
def test_the_readme_leads_to_every_page(name):
    assert f"]({name})" in README


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 150


def test_the_picture_in_motion_is_light():
    assert (ROOT / "docs" / "player.gif").stat().st_size < 1_000_000


def test_the_rules_are_as_exact_as_it_says():
    """The tests of the table hold each rule to its bounds."""
    ((count, most),) = re.findall(r"All (\d+) rules .*? within (\d+) units", README, flags=re.DOTALL)
    assert len(DOMAINS) == int(count)
    assert max(max(bounds(domain, 3)) for domain in DOMAINS.values()) <= int(most)


@pytest.mark.parametrize("name", ["eager", "transforms"])
def test_the_speed_tables_are_those_of_the_last_run(name):
    """benchmarks/eager.md is what `python benchmarks/eager.py --write` printed, and so on."""
    written = (ROOT / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert len(rows) >= 5
    assert "\n".join(rows) in PAGES["docs/speed.md"]


def test_the_readme_quotes_the_speed_tables():
    quoted = [line for line in README.splitlines() if line.startswith("|")]
    assert len(quoted) >= 3
    assert set(quoted) <= set(PAGES["docs/speed.md"].splitlines())


def test_the_source_is_about_as_long_as_it_says():
    names = re.findall(r"\((autograd_core/[\w/]+\.py)\)", README.split("## Read it")[1])
    assert {f"autograd_core/{name}.py" for name in ("engine/edges", "rules/rows", "rules/kinds")} <= {*names}
    lines = sum(len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in names)
    (said,) = re.findall(r"About ([\d,]+) lines", README)
    assert lines == pytest.approx(int(said.replace(",", "")), rel=0.08)
