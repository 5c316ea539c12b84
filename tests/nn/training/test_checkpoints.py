"""Checkpoints: a run that is resumed goes on bit for bit."""

from __future__ import annotations

import random

import pytest

import nn
from autograd_core import Value
from nn.inputs.by_example import ByExample
from tests.support.resuming import LABELS, POINTS, Noise, exact, half_a_run, plain, rich


class PythonsNoise(ByExample):
    def forward(self, x):
        return [element + random.gauss(0.0, 0.1) for element in x] if self.training else x


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


def test_pythons_random_numbers_are_left_alone_where_a_run_does_not_draw_them(tmp_path):
    options = {"loss": "bce_with_logits", "seed": 0, "progress": False, "callbacks": nn.Checkpoint(tmp_path / "run")}
    nn.fit(plain(), POINTS, LABELS, epochs=1, **options)
    random.seed(5)
    before = random.getstate()
    nn.fit(plain(), POINTS, LABELS, epochs=2, resume=tmp_path / "run", **options)
    assert random.getstate() == before
