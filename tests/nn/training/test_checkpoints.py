"""A run that is resumed is the run that was not interrupted, bit for bit; a wrong checkpoint changes nothing."""

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
from autograd_core import Value
from autograd_core.errors import DomainError
from nn.inputs.by_example import ByExample
from nn.state.files import encode_tree, read_file

DATA = random.Random(5)
POINTS = [[DATA.gauss(0, 1), DATA.gauss(0, 1)] for _ in range(23)]
LABELS = [int(a * b > 0) for a, b in POINTS]


class Noise(ByExample):
    """Adds noise in training, from a source of its own or from Python's."""

    def __init__(self, source):
        self.source = source

    def forward(self, x):
        return [element + self.source.gauss(0.0, 0.1) for element in x] if self.training else x


class PythonsNoise(ByExample):
    def forward(self, x):
        return [element + random.gauss(0.0, 0.1) for element in x] if self.training else x


def plain():
    return nn.MLP(2, [4, 1], activation="tanh", seed=1)


def rich(*noise):
    return nn.Sequential(
        nn.Linear(2, 5, seed=1),
        nn.BatchNorm(5),
        nn.Tanh(),
        nn.Dropout(0.2, seed=2),
        *noise,
        nn.Linear(5, 1, seed=3),
    )


def exact(model, optimizer, history):
    """All that a run leaves, as text that differs if a bit does."""
    columns = history.as_dict()
    del columns["seconds"]
    return repr((model.state_dict(), optimizer.state_dict(), columns))


def half_a_run(tmp_path, make, make_optimizer, after, epochs=6, seed=lambda: 7, **options):
    """Return what an uninterrupted run leaves, and what one leaves that was resumed after some epochs."""

    def train(model, rounds, **more):
        optimizer = make_optimizer(model)
        made = {name: option() if name == "callbacks" else option for name, option in options.items()}
        made["callbacks"] = [*made.get("callbacks", []), *more.pop("callbacks", [])]
        history = nn.fit(
            model, POINTS, LABELS, **{"loss": "bce_with_logits", "batch_size": 7, "progress": False, **made, **more},
            optimizer=optimizer, epochs=rounds, seed=seed(),
        )  # fmt: skip
        return model, optimizer, history

    path = tmp_path / "run.safetensors"
    random.seed(11)
    whole = train(make(), epochs)
    random.seed(11)
    train(make(), after, callbacks=[nn.Checkpoint(path)])
    random.seed(99)
    other = make()
    for parameter in other.parameters():
        parameter.data = 0.125
    resumed = train(other, epochs, resume=path)
    return whole, resumed


OPTIMIZERS = [
    lambda model: nn.SGD(model, lr=0.1, momentum=0.9, nesterov=True),
    lambda model: nn.Adam(model, lr=0.05, amsgrad=True),
    lambda model: nn.AdamW(model, lr=0.05),
    lambda model: nn.RMSprop(model, lr=0.02, momentum=0.5, centered=True),
    lambda model: nn.Adagrad(model, lr=0.1, lr_decay=0.01),
]


@pytest.mark.parametrize("after", [1, 2, 5])
@pytest.mark.parametrize("make_optimizer", OPTIMIZERS)
def test_every_optimizer_goes_on_bit_for_bit(tmp_path, make_optimizer, after):
    whole, resumed = half_a_run(tmp_path, plain, make_optimizer, after)
    assert exact(*resumed) == exact(*whole)
    assert resumed[2].epochs == 6


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (rich, {}),
        (rich, {"validation": 0.25}),
        (rich, {"validation": 0.25, "seed": lambda: None}),
        (rich, {"seed": lambda: random.Random(3)}),
        (lambda: rich(Noise(random.Random(4))), {"shuffle": False}),
        (lambda: rich(PythonsNoise()), {}),
        (lambda: nn.Sequential(nn.Linear(2, 3, seed=0), nn.Dropout(0.5), nn.Linear(3, 1, seed=1)), {}),
        (lambda: rich(PythonsNoise()), {"seed": lambda: None, "validation": 0.25, "clip_norm": 0.3}),
        (plain, {"schedule": lambda o: nn.CosineAnnealingLR(o, 6)}),
        (plain, {"schedule": lambda o: nn.LinearWarmupLR(o, 4, 24), "schedule_by": "step", "clip_value": 0.1}),
        (plain, {"schedule": lambda o: nn.ReduceLROnPlateau(o, patience=0, threshold=0.2), "validation": 0.25}),
        (plain, {"callbacks": lambda: [nn.EarlyStopping(2, min_delta=0.2)], "validation": 0.25, "epochs": 8}),
        (plain, {"callbacks": lambda: [nn.EarlyStopping(1, min_delta=0.2)], "epochs": 8}),
    ],
)
@pytest.mark.parametrize("after", [1, 3])
def test_all_that_a_run_depends_on_goes_on_bit_for_bit(tmp_path, make, options, after):
    def adam(model):
        return nn.Adam(model, lr=0.05)

    whole, resumed = half_a_run(tmp_path, make, adam, after, **options)
    assert exact(*resumed) == exact(*whole)


@pytest.mark.parametrize(("every", "after"), [(1, 1), (3, 1), (3, 2), (4, 1)])
def test_a_monitor_goes_on_with_what_it_had_recorded(tmp_path, every, after):
    """Units of relu die here, which a monitor must count over the break; noise is drawn from Python's `random`."""
    path = tmp_path / "run.safetensors"

    def run(epochs, *callbacks, **options):
        model = nn.Sequential(nn.Linear(2, 5, seed=1), nn.ReLU(), nn.Dropout(0.2, seed=2), nn.Linear(5, 1, seed=3))
        model.modules[0].bias[0].data = -100.0
        monitor = nn.Monitor(model, every=every)
        nn.fit(
            model, POINTS, LABELS, loss="bce_with_logits", batch_size=7, epochs=epochs, seed=7, progress=False,
            callbacks=[monitor, *callbacks], **options,
        )  # fmt: skip
        return monitor

    whole = run(3)
    run(after, nn.Checkpoint(path))
    resumed = run(3, resume=path)
    assert len(whole.steps) == 12 // every
    assert repr(resumed.state_dict()) == repr(whole.state_dict())
    assert resumed.dead_units("modules.1", len(whole.steps)) == [0]
    assert (resumed.layers, resumed.report()) == (whole.layers, whole.report())


def test_a_monitor_of_other_layers_is_refused(tmp_path):
    path = tmp_path / "run.safetensors"
    options = {"loss": "bce_with_logits", "epochs": 1, "seed": 7, "progress": False}
    model = plain()
    nn.fit(model, POINTS, LABELS, callbacks=[nn.Monitor(model), nn.Checkpoint(path)], **options)
    model = plain()
    before, monitor = model.state_dict(), nn.Monitor(model.layers[0])
    with pytest.raises(nn.StateError, match=r"Monitor.load_state_dict\(state\): .* of layers does not fit: missing"):
        nn.fit(model, POINTS, LABELS, callbacks=[monitor], resume=path, **options)
    assert model.state_dict() == before
    assert monitor.steps == []


def test_each_part_matters(tmp_path):
    """The comparison above notices a run that was not resumed."""
    whole, _ = half_a_run(tmp_path, rich, OPTIMIZERS[1], 2)
    other, _ = half_a_run(tmp_path, rich, OPTIMIZERS[1], 2, seed=lambda: 8)
    assert exact(*whole) != exact(*other)


def test_a_run_that_was_stopped_stays_stopped(tmp_path):
    path = tmp_path / "run"
    model = plain()
    stopping = nn.EarlyStopping(1, min_delta=10.0)
    options = {"loss": "bce_with_logits", "epochs": 9, "seed": 0, "progress": False}
    nn.fit(model, POINTS, LABELS, callbacks=[nn.Checkpoint(path, every=100), stopping], **options)
    assert (stopping.best_epoch, stopping.stopped_epoch) == (1, 2)
    twin, again = plain(), nn.EarlyStopping(1, min_delta=10.0)
    history = nn.fit(twin, POINTS, LABELS, resume=path, callbacks=[again], **options)
    assert history.epochs == 2
    assert (again.best_epoch, again.stopped_epoch) == (1, 2)
    assert twin.state_dict() == model.state_dict()


def test_resuming_a_complete_run_gives_its_result(tmp_path):
    path, model, twin = tmp_path / "run", plain(), plain()
    options = {"loss": "bce_with_logits", "epochs": 3, "seed": 0, "progress": False}
    first = nn.fit(model, POINTS, LABELS, callbacks=nn.Checkpoint(path), **options)
    before = path.read_bytes()
    second = nn.fit(twin, POINTS, LABELS, callbacks=nn.Checkpoint(path), resume=path, **options)
    assert second.as_dict() == first.as_dict()
    assert twin.state_dict() == model.state_dict()
    assert path.read_bytes() == before


def test_parameters_of_the_optimizer_alone_and_models_that_are_no_modules(tmp_path):
    class Slope:
        def __init__(self):
            self.w = Value(0.0)

        def parameters(self):
            return [self.w]

        def __call__(self, x):
            return self.w * x[0]

    def run(epochs, **more):
        model, temperature = Slope(), Value(1.0)
        optimizer = nn.Adam([model.w, temperature], lr=0.1)

        def loss(output, target):
            return (output * temperature - target) ** 2

        options = {"loss": loss, "optimizer": optimizer, "epochs": epochs, "seed": 0, "progress": False}
        nn.fit(model, [1, 2, 3], [3, 6, 9], batch_size=2, **options, **more)
        return model.w.data, temperature.data

    run(2, callbacks=nn.Checkpoint(tmp_path / "run"))
    assert run(5, resume=tmp_path / "run") == run(5)


def test_divergence_after_resuming_brings_the_same_parameters_back(tmp_path):
    def run(epochs, **more):
        model = nn.Linear(1, 1, seed=0)
        options = {"loss": "mse", "optimizer": "sgd", "lr": 1e154, "seed": 0, "progress": False, "batch_size": None}
        try:
            nn.fit(model, [1, 2], [1, 2], epochs=epochs, **options, **more)
        except nn.DivergedError as error:
            return model.state_dict(), str(error)
        return None

    assert run(1, callbacks=nn.Checkpoint(tmp_path / "run")) is None
    whole = run(5)
    assert whole is not None
    assert "epoch 2" in whole[1]
    assert run(5, resume=tmp_path / "run") == whole


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


def test_pythons_random_numbers_are_left_alone_where_a_run_does_not_draw_them(tmp_path):
    options = {"loss": "bce_with_logits", "seed": 0, "progress": False, "callbacks": nn.Checkpoint(tmp_path / "run")}
    nn.fit(plain(), POINTS, LABELS, epochs=1, **options)
    random.seed(5)
    before = random.getstate()
    nn.fit(plain(), POINTS, LABELS, epochs=2, resume=tmp_path / "run", **options)
    assert random.getstate() == before


# What is refused.


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
        ({"rows": [[0.0, 0.0], *POINTS[1:]]}, "but the data are others"),
        ({"validation": 0.25}, "but the data are others"),
    ],
)
def test_another_run_is_refused(checkpoint, options, message):
    refuses(checkpoint, message, **options)


def test_another_share_for_validation_is_refused(tmp_path):
    path = tmp_path / "run"
    options = {"loss": "bce_with_logits", "batch_size": 7, "seed": 0, "progress": False, "epochs": 1}
    nn.fit(plain(), POINTS, LABELS, validation=0.25, callbacks=nn.Checkpoint(path), **options)
    refuses(path, "the data are others", validation=0.5)
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
