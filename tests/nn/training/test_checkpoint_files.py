"""Files of checkpoints: when they are written, what they hold, and which ones are refused."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import subprocess
import sys

import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import nn
from autograd_core.errors import DomainError
from nn.state.files import encode_tree, read_file
from tests.support.resuming import LABELS, POINTS, plain, rich


def test_a_process_that_is_killed_goes_on(tmp_path):
    """The run is killed without warning, in the middle of an epoch, and begun again by the same command."""
    code = (
        "import os, sys, nn\n"
        "path, kill = sys.argv[1], int(sys.argv[2])\n"
        "class Killed(nn.Callback):\n"
        "    def on_backward(self, run):\n"
        "        if run.steps == kill: os.kill(os.getpid(), 9)\n"
        "model = nn.Sequential(nn.Linear(1, 4, seed=0), nn.Dropout(0.3, seed=1), nn.Linear(4, 1, seed=2))\n"
        "resume = path if os.path.exists(path) else None\n"
        "X = [i / 10 for i in range(10)]\n"
        "nn.fit(model, X, X, loss='mse', epochs=8, batch_size=3, seed=0, progress=False, resume=resume,\n"
        "       callbacks=[nn.Checkpoint(path), Killed()])\n"
        "print(repr(model.state_dict()))\n"
    )

    def run(path, kill):
        return subprocess.run([sys.executable, "-c", code, path, str(kill)], capture_output=True, text=True)

    whole = run(tmp_path / "whole", -1)
    assert whole.returncode == 0, whole.stderr
    killed = run(tmp_path / "parts", 14)
    assert killed.returncode == -signal.SIGKILL
    assert run(tmp_path / "parts", -1).stdout == whole.stdout


def test_when_it_is_written(tmp_path):
    path, written = tmp_path / "run", []

    class Looks(nn.Callback):
        last = True

        def on_epoch_end(self, run):
            with safe_open(path, framework="numpy") as file:
                written.append(json.loads(file.metadata()["tree"])["epoch"])

    first = nn.Checkpoint(path)
    nn.fit(plain(), POINTS, LABELS, loss="bce_with_logits", epochs=1, callbacks=first, progress=False)
    options = {"loss": "bce_with_logits", "epochs": 5, "progress": False}
    nn.fit(plain(), POINTS, LABELS, callbacks=[nn.Checkpoint(path, every=2), Looks()], **options)
    assert written == [1, 2, 2, 4, 5]
    assert os.listdir(tmp_path) == ["run"]


def test_it_reads_the_model_alone(tmp_path):
    model = rich()
    options = {"loss": "bce_with_logits", "epochs": 1, "seed": 0, "progress": False}
    nn.fit(model, POINTS, LABELS, callbacks=nn.Checkpoint(tmp_path / "run"), **options)
    assert nn.load(rich(), tmp_path / "run").state_dict() == model.state_dict()


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "run"
    options = {"loss": "bce_with_logits", "optimizer": "adam", "lr": 0.05, "batch_size": 7, "seed": 0}
    history = nn.fit(plain(), POINTS, LABELS, epochs=2, callbacks=nn.Checkpoint(path), progress=False, **options)
    assert history.epochs == 2
    return path


def refuses(path, message, *, model=None, rows=POINTS, **options):
    model = model or plain()
    before = repr(model.state_dict())
    given = {"loss": "bce_with_logits", "optimizer": "adam", "batch_size": 7, "seed": 0, "epochs": 4, **options}
    with pytest.raises(nn.StateError, match=message):
        nn.fit(model, rows, LABELS, resume=path, progress=False, **given)
    assert repr(model.state_dict()) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"model": nn.MLP(2, [3, 1], activation="tanh")},
            r"fit\(resume\): .* layers.0.weight must have shape \(3, 2\)",
        ),
        ({"optimizer": "sgd"}, "takes the state of another SGD, got that of 'Adam'"),
        ({"schedule": lambda o: nn.StepLR(o, 2)}, r"of the checkpoint had no schedule, and this one has one"),
        (
            {"batch_size": 5},
            "goes on with the run of the checkpoint, but batch_size was 7 and is 5. Resume with the same",
        ),
        ({"shuffle": False, "clip_norm": 1.0}, "shuffle was True and is False; clip_norm was None and is 1.0"),
        ({"loss": "mse"}, "loss was 'binary_cross_entropy_with_logits' and is 'mse_loss'"),
        ({"rows": [[0.0, 0.0], *POINTS[1:]]}, "but the data are different"),
        ({"validation": 0.25}, "but the data are different"),
    ],
)
def test_another_run_is_refused(checkpoint, options, message):
    refuses(checkpoint, message, **options)


def test_another_share_for_validation_is_refused(tmp_path):
    path = tmp_path / "run"
    options = {"loss": "bce_with_logits", "batch_size": 7, "seed": 0, "progress": False, "epochs": 1}
    nn.fit(plain(), POINTS, LABELS, validation=0.25, callbacks=nn.Checkpoint(path), **options)
    refuses(path, "the data are different", validation=0.5)
    assert nn.fit(plain(), POINTS, LABELS, validation=0.25, resume=path, **options).epochs == 1


def test_a_loss_with_other_options_is_refused(tmp_path):
    options = {"batch_size": 7, "seed": 0, "progress": False, "epochs": 1}
    path = tmp_path / "run"
    nn.fit(plain(), POINTS, LABELS, loss=nn.HuberLoss(delta=2.0), callbacks=nn.Checkpoint(path), **options)
    refuses(path, r"loss was 'huber_loss\(delta=2.0\)' and is 'huber_loss'", loss="huber")
    assert nn.fit(plain(), POINTS, LABELS, loss=nn.HuberLoss(delta=2.0), resume=path, **options).epochs == 1


def test_an_optimizer_keeps_its_state_where_a_checkpoint_is_refused(checkpoint):
    model = plain()
    optimizer = nn.Adam(model, lr=0.3)
    before = optimizer.state_dict()
    refuses(checkpoint, "batch_size", model=model, optimizer=optimizer, batch_size=3)

    class Picky(nn.Callback):
        def state_dict(self):
            return {"a": 1}

        def load_state_dict(self, state):
            raise nn.StateError("no")

    state = random.getstate()
    picky = Picky()
    nn.fit(
        plain(), POINTS, LABELS, loss="bce_with_logits", batch_size=7, seed=0, epochs=1, progress=False,
        callbacks=[nn.Checkpoint(checkpoint), Picky()],
    )  # fmt: skip
    refuses(checkpoint, "no", model=model, optimizer=optimizer, callbacks=[picky])
    assert optimizer.state_dict() == before
    assert random.getstate() == state


def test_a_truncated_checkpoint_changes_nothing(checkpoint):
    whole = checkpoint.read_bytes()
    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        checkpoint.write_bytes(whole[:length])
        refuses(checkpoint, r"fit\(resume\): '.*run' is no complete safetensors file")


def test_a_file_that_is_no_checkpoint(tmp_path):
    nn.save(plain(), tmp_path / "model")
    refuses(tmp_path / "model", "is no checkpoint of a run; it is a model without the run that trained it: use nn.load")
    import numpy as np

    save_file({"a": np.zeros(1)}, tmp_path / "other")
    refuses(tmp_path / "other", "is no checkpoint of a run; it is written by others")
    notes = {"format": "autograd-core checkpoint", "version": "1", "tree": '{"model": {"__tensor__": "b"}}'}
    save_file({"a": np.zeros(1)}, tmp_path / "damaged", notes)
    refuses(tmp_path / "damaged", "is damaged: its tree cannot be read")
    save_file({"a": np.zeros(1)}, tmp_path / "partial", {**notes, "tree": '{"epoch": 3}'})
    refuses(tmp_path / "partial", "missing settings, steps,")


@pytest.mark.parametrize(
    ("name", "part"),
    [("epoch", "three"), ("steps", None), ("stopped", 0), ("callbacks", 3), ("aside", "x"), ("random", [1.0])],
)
def test_a_part_of_another_kind(checkpoint, name, part):
    kind, state = read_file(checkpoint, "")
    checkpoint.write_bytes(encode_tree({**state, name: part}, kind, ""))
    refuses(checkpoint, f"'.*run' is damaged: {name} is ")


def test_an_absent_checkpoint(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        nn.fit(plain(), POINTS, LABELS, loss="mse", resume=tmp_path / "absent", progress=False)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: nn.Checkpoint(d / "run", every=0), r"Checkpoint\(every\) takes an int of at least 1, got 0"),
        (lambda d: nn.Checkpoint(3), r"Checkpoint\(path\) takes the path of a file, got 3"),
        (lambda d: nn.Checkpoint(d / "a" / "run"), r"Checkpoint\(path\): there is no directory '.*a' to write"),
        (lambda d: nn.Checkpoint(d), r"Checkpoint\(path\) takes the path of a file, and '.*' is a directory"),
    ],
)
def test_wrong_arguments_are_refused_before_the_first_step(tmp_path, make, message):
    model = plain()
    before = model.state_dict()
    with pytest.raises(DomainError, match=message):
        nn.fit(model, POINTS, LABELS, loss="mse", callbacks=[make(tmp_path)], progress=False)
    assert model.state_dict() == before


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"a": {1, 2}}, r"checkpoint.callbacks.0.state.a is \{1, 2\}; a file holds numbers, strings, None, and lists"),
        ({"a": {3: 1}}, "checkpoint.callbacks.0.state.a has the key 3; all keys must be strings"),
    ],
)
def test_a_callback_whose_state_cannot_be_written_is_refused_before_the_first_step(tmp_path, state, message):
    class Odd(nn.Callback):
        def state_dict(self):
            return state

    with pytest.raises(nn.StateError, match=message):
        nn.fit(plain(), POINTS, LABELS, loss="mse", callbacks=[nn.Checkpoint(tmp_path / "r"), Odd()], progress=False)
    assert os.listdir(tmp_path) == []


def test_what_a_file_holds_comes_back_as_it_was(tmp_path):
    from nn.state.files import encode_tree, read_file, replace_file

    tree = {
        "floats": [0.1, -0.0, math.inf, 5e-324],
        "table": [[1.0, 2.0], [3.0, 4.0]],
        "ints": [1, -(2**62)],
        "large": [2**64, 1],
        "mixed": [1, 2.0, None, True, "x"],
        "ragged": [[1.0], [2.0, 3.0]],
        "empty": [],
        "deep": {"a": {"b": [[[1]]]}, "none": None},
        "number": math.inf,
    }
    replace_file(tmp_path / "t", encode_tree(tree, "tree", "here"), "here")
    assert repr(read_file(tmp_path / "t", "here")) == repr(("tree", tree))
