"""Modules find their parameters, know their paths, and copy."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

import nn
from autograd_core import Value, detach, no_grad
from autograd_core.errors import GraphError, NotAScalarError, ShapeError


class Line(nn.Module):
    def __init__(self):
        self.slope, self.offset = Value(2.0), Value(1.0)
        self.scale = 10.0

    def forward(self, x):
        return self.slope * x + self.offset


class Everywhere(nn.Module):
    """Parameters and modules in each kind of place."""

    def __init__(self):
        self.alone = Value(0.0)
        self.listed = [Value(1.0), Line()]
        self.paired = (Value(2.0), [Value(3.0)])
        self.named = {"a": Value(4.0), "b": Line()}
        self.numbers = [1.0, 2.0]


def test_parameters_are_found_in_attributes_lists_tuples_and_dicts():
    names = [name for name, _ in Everywhere().named_parameters()]
    assert names == [
        "alone",
        "listed.0",
        "listed.1.slope",
        "listed.1.offset",
        "paired.0",
        "paired.1.0",
        "named.a",
        "named.b.slope",
        "named.b.offset",
    ]


def test_a_parameter_that_is_used_twice_is_listed_once():
    model = Everywhere()
    model.tied = model.alone
    model.same = model.listed[1]
    assert len(model.parameters()) == 9
    assert len({id(p) for p in model.parameters()}) == 9


def test_computed_values_are_no_parameters():
    model = Line()
    model.last = model(3.0)
    assert model.parameters()[0] is model.slope
    assert len(model.parameters()) == 2
    with no_grad():
        model.last = model(3.0)
    assert len(model.parameters()) == 2


def test_a_cycle_does_no_harm():
    model = Line()
    model.parent = model
    model.loop = []
    model.loop.append(model.loop)
    assert len(model.parameters()) == 2


def test_paths_are_told_when_a_module_is_put_into_another():
    model = nn.Sequential(nn.MLP(2, [3, 1]), nn.Tanh())
    assert model.path == ""
    assert model[0].path == "modules.0"
    assert model[0].layers[0].neurons[2].path == "modules.0.layers.0.neurons.2"
    assert model[0].layers[0].neurons[2].w[1].origin == "modules.0.layers.0.neurons.2.w.1"


def test_a_list_that_grows_later_is_seen():
    model = nn.Sequential(nn.Linear(2, 2))
    late = nn.Linear(2, 1)
    model.modules.append(late)
    assert len(model.parameters()) == 9
    assert late.path == "modules.1"


def test_a_part_keeps_its_path_when_it_is_asked_itself():
    model = nn.MLP(2, [3, 1])
    layer = model.layers[1]
    assert layer.named_parameters()[0][0] == "neurons.0.w.0"
    assert layer.path == "layers.1"
    assert layer.neurons[0].path == "layers.1.neurons.0"


def test_zero_grad():
    model = Line()
    model(3.0).backward()
    assert [p.grad for p in model.parameters()] == [3.0, 1.0]
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0, 0.0]
    assert not model.slope.has_grad


def test_train_and_eval_reach_all_modules():
    model = nn.Sequential(nn.MLP(2, [3, 1]), nn.Tanh())
    assert all(module.training for _, module in model.named_modules())
    assert model.eval() is model
    assert not any(module.training for _, module in model.named_modules())
    assert model.train() is model
    assert all(module.training for _, module in model.named_modules())


def test_repr_shows_the_structure():
    text = repr(nn.Sequential(nn.MLP(3, [2, 1], activation="tanh"), nn.LeakyReLU(0.2)))
    assert text.splitlines() == [
        "Sequential(11 parameters)",
        "  modules.0: MLP(3 -> 2 -> 1; 11 parameters)",
        "    modules.0.layers.0: Layer(3 -> 2, tanh; 8 parameters)",
        "    modules.0.layers.1: Layer(2 -> 1, linear; 3 parameters)",
        "  modules.1: LeakyReLU(negative_slope=0.2)",
    ]
    assert repr(nn.Neuron(1, activation=None)) == "Neuron(1 -> 1, linear; 2 parameters)"
    assert repr(Line()) == "Line(2 parameters)"


def test_forward_must_be_defined():
    with pytest.raises(NotImplementedError, match=r"Module defines no forward\(\)"):
        nn.Module()(1.0)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"])
@pytest.mark.parametrize(
    "model",
    [
        nn.MLP(3, [4, 2], activation="tanh", seed=1),
        nn.MLP(3, [4, 2], activation=nn.ELU(0.5), output_activation="sigmoid", seed=1),
        nn.Sequential(nn.Linear(3, 4, seed=1), nn.GELU(), nn.Linear(4, 2, seed=2), nn.Softmax()),
    ],
    ids=["tanh", "module", "sequential"],
)
def test_models_copy_and_pickle(model, duplicate):
    origins = [p.origin for p in model.parameters()]
    twin = duplicate(model)
    first = twin[0].weight[0][0] if isinstance(twin, nn.Sequential) else twin.layers[0].neurons[0].w[0]
    assert first.origin == origins[0]
    x = [0.5, -1.0, 2.0]
    assert [v.data for v in twin(x)] == [v.data for v in model(x)]
    assert [name for name, _ in twin.named_parameters()] == [name for name, _ in model.named_parameters()]
    assert not {id(p) for p in twin.parameters()} & {id(p) for p in model.parameters()}
    assert [p.origin for p in twin.parameters()] == origins
    assert repr(twin) == repr(model)
    before = [p.data for p in model.parameters()]
    twin.parameters()[0].data = 100.0
    assert [p.data for p in model.parameters()] == before


@pytest.mark.parametrize(
    ("batch", "error"), [([[1.0, 2.0], [3.0]], ShapeError), ([[1.0, 2.0], [3.0, "4"]], NotAScalarError)]
)
def test_an_error_names_the_example_of_a_batch(batch, error):
    with pytest.raises(error, match=r"Linear\(2 -> 1\) takes") as caught:
        nn.Linear(2, 1)(batch)
    assert caught.value.__notes__ == ["It was example 1 of a batch of 2."]


def test_a_batch_is_mapped():
    model = nn.MLP(2, [3, 2], seed=0)
    one, two = [1.0, 2.0], [-1.0, 0.5]
    assert [[v.data for v in row] for row in model([one, two])] == [[v.data for v in model(x)] for x in (one, two)]


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0, "a"], r"layers.0: Layer\(2 -> 1, linear\) takes numbers and Values; for input 1 it got the string 'a'"),
        (None, r"layers.0.*got None"),
        ([1.0, None], r"for input 1 it got None"),
        ([1.0, 2j], r"for input 1 it got the complex number 2j"),
    ],
)
def test_inputs_that_are_no_numbers(x, message):
    with pytest.raises(NotAScalarError, match=message):
        nn.MLP(2, [1])(x)


class Holder(nn.Module):
    def __init__(self, w=None):
        if w is not None:
            self.w = w

    def forward(self, x):
        self.last = x * 2.0
        self.trace = [self.last]
        return self.last


@pytest.mark.parametrize("put", [lambda v: v, lambda v: [1.0, v], lambda v: {"a": [v]}], ids=["bare", "list", "dict"])
def test_a_computed_value_is_refused_where_a_parameter_is_meant(put):
    with pytest.raises(GraphError, match=r"Holder.w.* was computed, .* use detach\(\)"):
        Holder(put(Value(1.0) * 0.5))
    with no_grad(), pytest.raises(GraphError, match="was computed"):
        Holder(put(Value(1.0) * 0.5))
    assert [p.data for p in Holder(put(detach(Value(1.0) * 0.5))).parameters()] == [0.5]


def test_a_computed_value_in_a_list_that_grew_is_refused():
    model = nn.Sequential(Holder([]))
    model[0].w.append(Value(1.0) * 0.5)
    with pytest.raises(GraphError, match=r"Sequential.modules.0.w.0 would be .* was computed"):
        model.parameters()
    with pytest.raises(GraphError, match="was computed"):
        nn.fit(model, [1.0], [1.0], loss="mse", progress=False)


def test_a_parameter_is_not_replaced_by_a_computed_value():
    model = Holder(Value(1.0))
    model(model.w).backward()
    with pytest.raises(GraphError, match="was computed"):
        model.w = model.w - 0.1 * model.w.grad
    assert model.parameters() == [1.0]


def test_results_may_be_kept_in_forward():
    model = nn.Sequential(Holder(Value(1.0)))
    y = model(Value(3.0))
    assert model[0].last is y
    assert len(model.parameters()) == 1
    with no_grad():
        model(Value(3.0))
    assert len(model.parameters()) == 1


def test_the_signature_of_a_module_is_that_of_its_init():
    assert list(inspect.signature(nn.Dropout).parameters) == ["p", "seed"]
