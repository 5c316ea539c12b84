from __future__ import annotations

import builtins
import json
import re
import sys
import tomllib
from fnmatch import fnmatch
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.events import EventManager

import nn
from autograd_core.errors import ArgumentError, DomainError, MissingDependencyError, NotAScalarError
from nn import live
from nn.training_view import live as live_module
from nn.training_view.training_page import training_page
from tests.support import ROOT
from tests.support.live_runs import XOR, Clock, trained


@pytest.fixture
def notebook(monkeypatch):
    """A notebook in the eyes of the view; what it displays goes into a list, and what it changes into another."""
    shown, changed = [], []

    def display(widget, *, display_id):
        assert display_id is True
        shown.append(widget)
        return SimpleNamespace(update=lambda widget: changed.append(widget._repr_mimebundle_()[0]["text/html"]))

    events = EventManager(None, ["post_run_cell"])
    monkeypatch.setattr(live_module, "in_notebook", lambda: True)
    monkeypatch.setattr(live_module, "running_shell", lambda: SimpleNamespace(events=events))
    monkeypatch.setattr("IPython.display.display", display)
    return SimpleNamespace(shown=shown, changed=changed, cell_is_done=lambda: events.trigger("post_run_cell", None))


def test_it_shows_what_the_history_says():
    _, view, history = trained(how={"validation": XOR})
    state = view.state()
    for curve, values in zip(state["loss"], [history.loss, history.validation_loss], strict=True):
        assert curve["epochs"] == [1, 2, 3, 4]
        assert curve["values"] == pytest.approx(values, rel=1e-5)
    assert [curve["name"] for curve in state["loss"]] == ["training", "validation"]
    assert {curve["name"] for curve in state["norms"]} == {"layers.0", "layers.1"}
    assert state["norms"][0]["values"] == pytest.approx(history.gradient_norms["layers.0"], rel=1e-5)
    assert state["status"] == (
        f"epoch 4 · loss {history.loss[-1]:.4g} · accuracy {history.accuracy[-1]:.1%} · "
        f"validation loss {history.validation_loss[-1]:.4g} · validation accuracy {history.validation_accuracy[-1]:.1%}"
    )


def test_training_is_the_same_to_the_bit_when_somebody_looks_on(notebook):
    def run(callbacks):
        model = nn.Sequential(nn.Linear(2, 6, seed=0), nn.Tanh(), nn.Dropout(0.3, seed=1), nn.Linear(6, 1, seed=2))
        calls = callbacks(model)
        history = nn.fit(model, *XOR, loss="mse", epochs=5, seed=0, progress=False, callbacks=calls)
        return history.loss, model, calls

    alone, _, _ = run(lambda model: [])
    watched, model, (view,) = run(lambda model: [live(model, *XOR, resolution=4, every=0.0)])
    assert alone == watched
    assert len(notebook.shown) == 1
    assert view.pictures >= 1
    before = [module.training for _, module in model.named_modules()]
    view.state()
    assert [module.training for _, module in model.named_modules()] == before


def test_in_a_terminal_nothing_is_shown_and_a_page_can_be_saved(capsys, tmp_path):
    _, view, _ = trained()
    assert capsys.readouterr() == ("", "")
    assert view.pictures == 0
    file = view.save(tmp_path / "run.html")
    page = file.read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert json.loads(data) == view.state()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)
    assert repr(view) == "<live view of MLP(2 -> 4 -> 1; 17 parameters), epoch 4>"
    assert repr(live()) == "<live view of training, not started>"


def test_in_a_notebook_it_appears_once_and_ends_at_the_last_epoch(notebook):
    _, view, _ = trained(epochs=6, every=1000.0)
    assert view.widget.data["epoch"] == 1
    notebook.cell_is_done()
    notebook.cell_is_done()  # another one, which does not train
    assert notebook.shown == [view.widget]
    assert view.widget.data["epoch"] == 6
    (saved,) = notebook.changed
    assert "epoch 6" in saved.partition("</iframe>")[0]
    assert view.pictures == 2


def test_looking_on_takes_a_twentieth_of_the_time(notebook, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(live_module, "time", clock)
    view = live(every=0.0)
    draw = view.state

    def slow(**options):
        clock.now += 1.0
        return draw(**options)

    monkeypatch.setattr(view, "state", slow)
    history = nn.History()
    for epoch in range(1, 201):
        clock.now += 2.0
        history.loss.append(1.0 / epoch)
        view(epoch, history)
    assert 15 <= view.pictures <= 0.05 * clock.now + 1


def test_every_says_how_often_at_the_most(notebook, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(live_module, "time", clock)
    view = live(every=10.0)
    history = nn.History()
    for epoch in range(1, 101):
        clock.now += 1.0
        history.loss.append(1.0)
        view(epoch, history)
    assert view.pictures == 1 + 9


def test_a_second_run_starts_anew(notebook):
    model, view, _ = trained(every=0.0)
    nn.fit(model, *XOR, loss="bce_with_logits", epochs=2, seed=0, progress=False, callbacks=[view])
    assert view.state()["epoch"] == 2
    assert len(view.state()["loss"][0]["values"]) == 2
    assert len(notebook.shown) == 1


def test_long_curves_keep_their_ends_and_numbers_that_are_none_are_left_out():
    history = nn.History(loss=[1.0 / k for k in range(1, 10_001)], gradient_norms={"a": [float("nan"), 1.0, 2.0]})
    view = live()
    view(10_000, history)
    (curve,) = view.state()["loss"]
    assert len(curve["epochs"]) <= 400
    assert (curve["epochs"][0], curve["epochs"][-1]) == (1, 10_000)
    assert all(v == pytest.approx(1.0 / k, rel=1e-5) for k, v in zip(curve["epochs"], curve["values"], strict=True))
    (norms,) = view.state()["norms"]
    assert (norms["epochs"], norms["values"]) == ([2, 3], [1.0, 2.0])
    json.dumps(view.state(), allow_nan=False)


def test_a_name_cannot_leave_its_place():
    view = live()
    view(1, nn.History(loss=[1.0], gradient_norms={"</script><b>": [1.0]}))
    assert "</script><b>" not in training_page(view.state())


def test_the_widget_is_returned_where_a_cell_ends_in_it():
    view = live()
    bundle = view._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == view.widget.model_id


def test_without_anywidget(monkeypatch, tmp_path):
    plain = builtins.__import__

    def importing(name, *rest, **named):
        if name == "anywidget":
            raise ModuleNotFoundError("No module named 'anywidget'", name="anywidget")
        return plain(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "nn.training_view.training_widget", raising=False)
    monkeypatch.setattr(builtins, "__import__", importing)
    view = live()
    with pytest.raises(MissingDependencyError, match=r"pip install 'autograd-core\[all\]'"):
        view.widget  # noqa: B018
    assert view.save(tmp_path / "run.html").exists()


def test_what_the_browser_needs_is_installed():
    """The wheel holds every file beside the Python modules."""
    folder = ROOT / "nn" / "training_view"
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    others = [file.name for file in folder.iterdir() if file.is_file() and file.suffix != ".py"]
    assert len(others) >= 4
    for name in others:
        assert any(fnmatch(f"training_view/{name}", pattern) for pattern in patterns["nn"]), name


def test_wrong_arguments():
    model = nn.MLP(2, [1], seed=0)
    with pytest.raises(ArgumentError, match=r"live\(model\) takes a model"):
        live(3)
    with pytest.raises(ArgumentError, match="pass the model too"):
        live(X=[[1, 2]])
    with pytest.raises(ArgumentError, match="got 2 rows and 1"):
        live(model, [[1, 2], [3, 4]], [1])
    with pytest.raises(NotAScalarError, match=r"live\(X\)"):
        live(model, [["a", "b"]])
    assert live(model, *XOR, resolution=np.int64(5)).boundary.resolution == 5
    for bad in (1, 201, 2.0, True):
        with pytest.raises(DomainError, match="resolution"):
            live(model, resolution=bad)
    for bad in (-1.0, "a", float("nan")):
        with pytest.raises(DomainError, match="every"):
            live(model, every=bad)
    with pytest.raises(DomainError, match="threshold"):
        live(model, threshold="a")
    with pytest.raises(ArgumentError, match=r"save\(path\)"):
        live().save(3)
