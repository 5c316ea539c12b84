"""The progress bar says where training is, and is never in the way."""

from __future__ import annotations

import importlib.util

import pytest

from nn.training.progress import progress_bar


def run(total=4, wanted=True):
    bar = progress_bar(total, wanted)
    for step in range(total):
        bar.update(f"epoch {step // 2 + 1}", f"loss {1.0 / (step + 1):.2f}")
    bar.close()


def test_tqdm(capsys):
    run()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "epoch 2: 100%" in shown.err
    assert "loss 0.25" in shown.err


def test_silence(capsys):
    run(wanted=False)
    assert capsys.readouterr() == ("", "")


def test_without_tqdm(capsys, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    run()
    assert capsys.readouterr().err == "epoch 2, 100%: loss 0.25\n"


def test_without_a_stderr(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    run()


@pytest.mark.parametrize("seconds", [0.0, 100.0])
def test_a_line_now_and_then(capsys, monkeypatch, seconds):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("nn.training.progress.SECONDS_BETWEEN_LINES", seconds)
    run()
    assert len(capsys.readouterr().err.splitlines()) == (4 if seconds == 0.0 else 1)
