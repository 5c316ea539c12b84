"""What a model has learnt is given and taken by name, in PyTorch's shapes, all of it or none."""

from __future__ import annotations

import copy
import importlib.util
import math
import pickle

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import MissingDependencyError


class Ragged(nn.Module):
    """Parameters in every place where one may stand."""

    def __init__(self):
        self.scale = Value(2.0)
        self.rows = [[Value(1.0)], [Value(2.0), Value(3.0)]]
        self.by_name = {"a": Value(4.0), "b": [Value(5.0), Value(6.0)]}
        self.mixed = [Value(7.0), 8.0]
        self.cube = [[[Value(9.0), Value(10.0)]]]
        self.notes = [[1.0, 2.0], "text", None]
        self.part = nn.Linear(1, 1, init="zeros")


class Counting(nn.Module):
    buffers = ("count", "mean", "nothing")

    def __init__(self):
        self.count, self.mean, self.nothing = 0, [0.0, 0.0], None


def test_names_and_shapes():
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Layer(3, 1, seed=1))
    state = model.state_dict()
    assert {name: np.shape(array) for name, array in state.items()} == {
        "modules.0.weight": (3, 2),
        "modules.0.bias": (3,),
        "modules.2.weight": (1, 3),
        "modules.2.bias": (1,),
    }
    assert state["modules.2.weight"][0] == [w.data for w in model[2].neurons[0].w]
    assert nn.Neuron.from_weights([1.0, 2.0], 3.0).state_dict() == {"w": [1.0, 2.0], "b": 3.0}
    assert nn.Linear(1, 1, bias=False, init="zeros").state_dict() == {"weight": [[0.0]]}
    assert nn.Tanh().state_dict() == {}


def test_parameters_in_any_place():
    model = Ragged()
    assert model.state_dict() == {
        "scale": 2.0,
        "rows.0": [1.0],
        "rows.1": [2.0, 3.0],
        "by_name.a": 4.0,
        "by_name.b": [5.0, 6.0],
        "mixed.0": 7.0,
        "cube": [[[9.0, 10.0]]],
        "part.weight": [[0.0]],
        "part.bias": [0.0],
    }
    twin = Ragged()
    for parameter in twin.parameters():
        parameter.data = 0.0
    twin.load_state_dict(model.state_dict())
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]


def test_every_module_gives_and_takes_its_state():
    def make(seed):
        return nn.Sequential(
            nn.Linear(3, 4, seed=seed),
            nn.BatchNorm(4),
            nn.LayerNorm(4),
            nn.RMSNorm(4),
            nn.Residual(nn.Linear(4, 4, seed=seed)),
            nn.Dropout(0.5, seed=seed),
            nn.MLP(4, [2, 1], seed=seed),
        )

    first, second = make(0), make(1)
    first([[1.0, 2.0, 3.0], [-1.0, 0.0, 1.0]])
    assert second.load_state_dict(first.state_dict()) == ([], [])
    assert second.state_dict() == first.state_dict()
    assert first.state_dict()["modules.1.num_batches_tracked"] == 1
    names = {name for name, _ in first.named_parameters()}
    assert len([p for array in first.state_dict().values() for p in np.ravel(array)]) == len(names) + 4 + 4 + 1 + 1
    x = [0.5, -1.0, 2.0]
    assert second.eval()(x).data == first.eval()(x).data


def test_the_state_is_a_copy():
    model = Counting()
    state = model.state_dict()
    assert state == {"count": 0, "mean": [0.0, 0.0]}
    state["mean"][0] = 1.0
    assert model.mean == [0.0, 0.0]
    model.load_state_dict(state)
    state["mean"][0] = 2.0
    assert model.mean == [1.0, 0.0]


def test_buffers_keep_their_kind():
    model = Counting()
    model.load_state_dict({"count": np.int64(7), "mean": np.array([1, 2])})
    assert (model.count, model.mean) == (7, [1.0, 2.0])
    assert type(model.count) is int
    assert [type(x) for x in model.mean] == [float, float]
    with pytest.raises(nn.StateError, match=r"count must be whole numbers, got 1\.5"):
        model.load_state_dict({"count": 1.5, "mean": [0.0, 0.0]})
    assert model.count == 7


def test_arrays_serve():
    model = nn.Linear(2, 1, seed=0)
    model.load_state_dict({"weight": np.array([[1.0, 2.0]], dtype=np.float32), "bias": (np.float64(3.0),)})
    assert model.state_dict() == {"weight": [[1.0, 2.0]], "bias": [3.0]}


def test_parameters_are_the_same_values_afterwards():
    model = nn.MLP(2, [2, 1], seed=0)
    parameters = model.parameters()
    model.load_state_dict(nn.MLP(2, [2, 1], seed=1).state_dict())
    assert all(a is b for a, b in zip(parameters, model.parameters(), strict=True))


def test_not_strict():
    model = nn.Sequential(nn.Linear(1, 1, init="zeros"), nn.Linear(1, 1, init="zeros"))
    keys = model.load_state_dict({"modules.1.weight": [[5.0]], "modules.2.weight": [[6.0]]}, strict=False)
    assert keys.missing == ["modules.0.weight", "modules.0.bias", "modules.1.bias"]
    assert keys.unexpected == ["modules.2.weight"]
    assert [p.data for p in model.parameters()] == [0.0, 0.0, 5.0, 0.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bias": None}, r"Linear.load_state_dict\(state\): .* missing bias\. Make the model as"),
        ({"offset": 1.0, "slope": 2.0}, "unexpected offset, slope"),
        ({"weight": [[1.0], [2.0]]}, r"weight must have shape \(1, 2\), got \(2, 1\)"),
        ({"weight": [1.0, 2.0]}, r"weight must have shape \(1, 2\), got \(2,\)"),
        ({"bias": 1.0}, r"bias must have shape \(1,\), got \(\)"),
        ({"weight": [[1.0], [2.0, 3.0]]}, "weight must be numbers, got"),
        ({"weight": [["a", 2.0]]}, "weight must be numbers, got"),
        (
            {"weight": [[1.0]], "bias": None, "x": 1},
            r"missing bias; unexpected x; weight must have shape .* got \(1, 1\)",
        ),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, message):
    model = nn.Linear(2, 1, seed=0)
    before = model.state_dict()
    state = {"weight": [[8.0, 9.0]], "bias": [7.0], **change}
    with pytest.raises(nn.StateError, match=message):
        model.load_state_dict({name: array for name, array in state.items() if array is not None})
    assert model.state_dict() == before


def test_what_is_no_state():
    with pytest.raises(nn.StateError, match=r"takes a dict of numbers by name, as state_dict\(\) returns it, got \[1"):
        nn.Linear(1, 1).load_state_dict([1.0])
    assert issubclass(nn.StateError, ValueError)


def test_an_integer_beyond_the_floats_is_refused():
    with pytest.raises(nn.StateError, match=r"bias must be numbers, got \[1000"):
        nn.Linear(1, 1).load_state_dict({"weight": [[1]], "bias": [10**400]})


def test_a_long_list_of_names_is_cut():
    with pytest.raises(nn.StateError, match=r"layers\.4\.bias and 10 more"):
        nn.MLP(1, [1] * 10).load_state_dict({})


def test_a_shared_parameter_must_have_one_number():
    model = nn.Sequential(nn.Linear(1, 1, init="zeros"), nn.Linear(1, 1, init="zeros"))
    model[1].weight = model[0].weight
    state = model.state_dict()
    assert list(state) == ["modules.0.weight", "modules.0.bias", "modules.1.weight", "modules.1.bias"]
    model.load_state_dict({**state, "modules.0.weight": [[2.0]], "modules.1.weight": [[2.0]]})
    assert model[0].weight[0][0].data == 2.0
    with pytest.raises(nn.StateError, match=r"modules.1.weight shares a parameter that has another number"):
        model.load_state_dict(state | {"modules.0.weight": [[3.0]]})
    assert model[0].weight[0][0].data == 2.0


def test_numbers_that_are_not_finite_are_taken_as_they_are():
    model = nn.Linear(2, 1, bias=False)
    model.load_state_dict({"weight": [[math.inf, math.nan]]})
    assert repr(model.state_dict()) == "{'weight': [[inf, nan]]}"


def test_copies_and_pickles_have_the_same_state():
    model = nn.Sequential(nn.MLP(2, [3, 1], seed=0), Counting())
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.state_dict() == model.state_dict()


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is installed")
def test_exchange_without_pytorch_names_the_remedy():
    for call in (nn.to_torch, nn.from_torch):
        with pytest.raises(MissingDependencyError, match=rf"{call.__name__}\(\) needs PyTorch, .*: pip install torch"):
            call(nn.Linear(1, 1), None)
