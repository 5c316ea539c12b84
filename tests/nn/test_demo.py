"""The main job runs, reaches what it says, and writes what it says."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree

import matplotlib
import pytest

import nn
from autograd_core.errors import MissingDependencyError
from nn import demo

matplotlib.use("agg")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "out"
    with pytest.MonkeyPatch.context() as patch:
        lines = []
        patch.setattr("builtins.print", lambda *parts, **_: lines.append(" ".join(map(str, parts))))
        demo.main(["--out", str(out), "--epochs", "12"])
    return out, "\n".join(lines)


@pytest.mark.training
def test_it_learns(run):
    accuracy = float(re.search(r"Test accuracy: ([\d.]+)%", run[1])[1])
    assert accuracy >= 95.0
    assert len(re.findall(r"layers\.\d  \d\.\d{3}e[-+]\d\d", run[1])) == 5


@pytest.mark.training
def test_it_says_what_it_wrote(run):
    out, text = run
    for name in ("training.png", "moons.png", "neuron.svg"):
        assert str(out / name) in text
        assert (out / name).stat().st_size > 3000


@pytest.mark.training
def test_the_neuron_is_drawn(run):
    drawn = ElementTree.parse(run[0] / "neuron.svg")
    words = " ".join(drawn.getroot().itertext())
    for word in ("layers.0.neurons.0.w.1", "layers.0.neurons.0.b", "x1", "x2", "tanh", "grad"):
        assert word in words


def test_the_test_data_stay_apart():
    parts = demo.breast_cancer_data()
    assert [len(labels) for _, labels in parts] == [340, 86, 143]
    training = parts[0][0]
    for column in zip(*training, strict=True):
        assert sum(column) / len(column) == pytest.approx(0.0, abs=1e-12)
    rows = [tuple(row) for rows, _ in parts for row in rows]
    assert len(set(rows)) == len(rows)


def test_without_its_data_it_says_what_to_install(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(SystemExit) as stopped:
        demo.main(["--out", str(tmp_path)])
    assert stopped.value.code == 1
    assert capsys.readouterr().err.endswith("which is not installed: pip install 'autograd-core[all]'\n")


def test_without_a_layout_program_the_source_is_written(monkeypatch, tmp_path):
    class NoProgram:
        source = "digraph {}"

        def pipe(self):
            raise MissingDependencyError("no program: pip install graphviz-pure")

    monkeypatch.setattr(demo, "draw", lambda *_, **__: NoProgram())
    path, what = demo.draw_neuron(nn.MLP(2, [2, 1]), [0.0, 1.0], tmp_path / "neuron.svg")
    assert path.name == "neuron.dot"
    assert path.read_text() == "digraph {}"
    assert "pip install graphviz-pure" in what
