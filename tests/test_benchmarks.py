"""The scripts that time things: what they time is right, and they name what they timed."""

from __future__ import annotations

import copy
import doctest
import json
import math
import sys

import pytest

import autograd_core
from tests.support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import eager
import transforms
import turns


@pytest.fixture
def runs(monkeypatch, capsys):
    monkeypatch.setattr(transforms, "SECONDS", 0.0)
    transforms.child(turns.builds()[0])
    return {"a": [json.loads(capsys.readouterr().out)]}


def test_the_derivatives_that_are_timed_are_right(runs):
    results = {title: run["result"] for title, run in runs["a"][0].items()}
    x, s, c, e = 0.7, math.sin(0.7), math.cos(0.7), math.exp(-0.7)
    assert results["grad"] == pytest.approx([(c - s) * e + 2 * x / (x * x + 1)], rel=1e-14)
    assert results["third"] == pytest.approx([2 * (s + c) * e + 4 * x * (x * x - 3) / (x * x + 1) ** 3], rel=1e-12)
    slope = 1.0
    for _ in range(200):
        x, slope = math.sin(x) + 0.5 * x, slope * (math.cos(x) + 0.5)
    assert results["loop"] == pytest.approx([slope], rel=1e-12, abs=0.0)  # about 2e-146
    assert len(results["rosenbrock"]) == 20
    assert results["rosenbrock"][-1] == pytest.approx(200 * (0.69 - 0.68**2), rel=1e-12)
    assert len(results["hessian"]) == 400
    assert results["hessian"][-2:] == pytest.approx([-400 * 0.68, 200.0], rel=1e-12)


def test_libraries_that_differ_are_told(runs):
    runs["b"] = copy.deepcopy(runs["a"])
    transforms.check_that_they_agree(runs)
    runs["b"][0]["hessian"]["result"][7] += 1e-3
    with pytest.raises(SystemExit, match="b and a differ in its Hessian"):
        transforms.check_that_they_agree(runs)


def test_tables(runs):
    lines = transforms.table(runs).splitlines()
    assert lines[0] == "| microseconds | a |"
    assert [line.split(" | ")[0].strip("| ") for line in lines[2:-1]] == list(transforms.TITLES.values())
    assert doctest.testmod(transforms) == (0, 1)


def test_nothing_is_called_compiled_that_is_not():
    compiled = autograd_core.build_info().compiled
    for names in (turns.builds(), list(eager.default_classes())):
        assert ("autograd-core, compiled" in names) == compiled
        assert "autograd-core, pure Python" in names


def test_a_child_that_fails_ends_the_run(tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("raise ValueError('no such engine')")
    with pytest.raises(SystemExit, match=r"one: .*(\n.*)*no such engine"):
        turns.take_turns(str(script), {"one": "x"}, 1)


def test_a_table_is_written_beside_its_script(tmp_path):
    turns.write(str(tmp_path / "speed.py"), "Speed", "Times.", "| a |")
    text = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert text.startswith("# Speed\n\n`python benchmarks/speed.py --write` on ")
    assert text.endswith("cores.\nTimes.\n\n| a |\n")
