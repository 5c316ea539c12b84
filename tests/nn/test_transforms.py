"""Every module by every transform: by its inputs and by its parameters, held to each other and a sample to PyTorch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

import autograd_core as ac
import nn
from autograd_core import Value
from autograd_core.program.record import record, replay
from nn.layers.gpt import Block
from tests.support.formulas import flat, numbers, randomised, table
from tests.support.recordings import assert_recorded_once_serves_elsewhere
from tests.support.transforms import assert_transforms_agree, close, plain

STEPS = table(3, 2, seed=4)
ROW = [0.7, -1.3]
THREE = [0.7, -1.3, 0.4]
UNITS = [0.3, -0.6]


class Case(NamedTuple):
    """A module and what it is called with; numbers in `given` are what one differentiates by."""

    model: Any
    given: tuple[Any, ...]
    by_input: bool = True


class Attention(nn.Module):
    """The function, as a module."""

    def forward(self, query, key, value):
        return nn.scaled_dot_product_attention(query, key, value)


def evaluated(model: Any) -> Any:
    """The module in evaluation, after it has seen a batch in training."""
    model(table(4, 2, seed=9))
    return model.eval()


CASES = {
    "Neuron": Case(nn.Neuron(2, activation="tanh", seed=0), (ROW,)),
    "Layer": Case(nn.Layer(2, 3, activation="sigmoid", seed=0), (ROW,)),
    "MLP": Case(nn.MLP(2, [3, 1], activation="gelu", seed=0), (ROW,)),
    "MLP, batch": Case(nn.MLP(2, [2, 2], activation="tanh", seed=0), (STEPS,)),
    "Linear": Case(nn.Linear(2, 3, seed=0), (ROW,)),
    "Sequential": Case(nn.Sequential(nn.Linear(2, 2, seed=0), nn.Softplus(), nn.Linear(2, 1, seed=1)), (ROW,)),
    "Residual": Case(nn.Residual(nn.Linear(2, 2, seed=0), nn.Tanh()), (ROW,)),
    "BatchNorm": Case(randomised(nn.BatchNorm(2)), (STEPS,)),
    "BatchNorm, eval": Case(evaluated(randomised(nn.BatchNorm(2))), (STEPS,)),
    "BatchNorm, one feature": Case(nn.BatchNorm(1, affine=False), (THREE,)),
    "LayerNorm": Case(randomised(nn.LayerNorm(3)), (THREE,)),
    "RMSNorm": Case(randomised(nn.RMSNorm(3)), (THREE,)),
    "Dropout": Case(nn.Dropout(0.5, seed=1), (STEPS,)),
    "Dropout, eval": Case(nn.Dropout(0.5).eval(), (THREE,)),
    "RNN": Case(nn.RNN(2, 2, seed=0), (STEPS, [UNITS])),
    "RNN, relu": Case(nn.RNN(2, 2, nonlinearity="relu", seed=0), (STEPS,)),
    "LSTM": Case(nn.LSTM(2, 2, seed=0), (STEPS, ([UNITS], [UNITS]))),
    "LSTM, two layers": Case(nn.LSTM(1, 1, num_layers=2, bidirectional=True, seed=0), (THREE,)),
    "GRU": Case(nn.GRU(2, 2, seed=0), (STEPS, [UNITS])),
    "GRU, batch": Case(nn.GRU(1, 1, seed=0), ([[[0.3], [0.6]], [[-0.5]]],)),
    "RNNCell": Case(nn.RNNCell(2, 2, seed=0), (ROW, UNITS)),
    "LSTMCell": Case(nn.LSTMCell(2, 2, seed=0), (ROW, (UNITS, UNITS))),
    "GRUCell": Case(nn.GRUCell(2, 2, seed=0), (ROW, UNITS)),
    "CausalSelfAttention": Case(nn.CausalSelfAttention(2, num_heads=2, seed=0), (STEPS,)),
    "scaled_dot_product_attention": Case(Attention(), (STEPS, table(2, 2), table(2, 1))),
    "Block": Case(Block(2, 1, seed=0), (STEPS,)),
    "GPT": Case(nn.GPT(3, context=3, embed_dim=2, num_heads=1, seed=0), ([0, 2, 1],), by_input=False),
    "Embedding": Case(nn.Embedding(3, 2, seed=0), ([0, 2, 0],), by_input=False),
    "Identity": Case(nn.Identity(), (THREE,)),
    "ReLU": Case(nn.ReLU(), (THREE,)),
    "LeakyReLU": Case(nn.LeakyReLU(0.1), (THREE,)),
    "ELU": Case(nn.ELU(), (THREE,)),
    "GELU": Case(nn.GELU(), (THREE,)),
    "SiLU": Case(nn.SiLU(), (THREE,)),
    "Sigmoid": Case(nn.Sigmoid(), (STEPS,)),
    "Tanh": Case(nn.Tanh(), (0.4,)),
    "Softplus": Case(nn.Softplus(), (THREE,)),
    "Softmax": Case(nn.Softmax(), (THREE,)),
    "LogSoftmax": Case(nn.LogSoftmax(), (STEPS,)),
}
BY_INPUT = [name for name, case in CASES.items() if case.by_input]
BY_PARAMETERS = [name for name, case in CASES.items() if case.model.parameters()]


def refilled(template: Any, numbers: Iterator[Any]) -> Any:
    """The template with other numbers in the places of its own."""
    if isinstance(template, (list, tuple)):
        return type(template)([refilled(part, numbers) for part in template])
    return next(numbers)


def mixture(model: Any, given: tuple[Any, ...]) -> Any:
    """One number of all that a module returns. It is squared, so that second derivatives are not 0."""
    if isinstance(model, nn.Dropout):
        model.draws = 0  # the same numbers are left out each time
    outputs = flat(model(*given))
    shares = numbers(len(outputs), seed=2, low=0.5, high=1.5)
    return ac.sum([share * y * (1.0 + y) for share, y in zip(shares, outputs, strict=True)])


def by_input(name: str) -> tuple[Callable[[Any], Any], list[float]]:
    """The module as a function of a flat list of its inputs, and where it is looked at."""
    case = CASES[name]
    model = copy.deepcopy(case.model)
    return lambda xs: mixture(model, refilled(case.given, iter(xs))), flat(case.given)


def by_parameters(name: str) -> tuple[Callable[[Any], Any], list[float]]:
    """The module as a function of its parameters."""
    case = CASES[name]
    model = copy.deepcopy(case.model)
    names = {id(parameter): i for i, parameter in enumerate(model.parameters())}

    def f(ps: list[Any]) -> Any:
        ps = [Value(p) if isinstance(p, float) else p for p in ps]
        return mixture(_replaced(model, names, ps), case.given)

    return f, [parameter.data for parameter in model.parameters()]


def _replaced(part: Any, names: dict[int, int], ps: list[Any]) -> Any:
    """A copy of a part of a module, with others in the place of its parameters."""
    if id(part) in names:
        return ps[names[id(part)]]
    if isinstance(part, dict):
        return {key: _replaced(child, names, ps) for key, child in part.items()}
    if isinstance(part, (list, tuple)):
        return type(part)([_replaced(child, names, ps) for child in part])
    if isinstance(part, nn.Module):
        twin = copy.copy(part)
        vars(twin).update(_replaced(vars(part), names, ps))
        return twin
    return part


def test_every_module_is_here():
    public = {name for name in nn.__all__ if isinstance(getattr(nn, name), type)}
    modules = {name for name in public if issubclass(getattr(nn, name), nn.Module)}
    losses = {name for name in modules if issubclass(getattr(nn, name), nn.Loss)}
    assert modules - losses - {"Module"} <= {type(case.model).__name__ for case in CASES.values()}


@pytest.mark.parametrize("name", BY_INPUT)
def test_by_input(name):
    assert_transforms_agree(*by_input(name))


@pytest.mark.parametrize("name", BY_PARAMETERS)
def test_by_parameters(name):
    f, ps = by_parameters(name)
    assert_transforms_agree(f, ps)
    model = copy.deepcopy(CASES[name].model)
    y = mixture(model, CASES[name].given)
    y.backward()
    gradient = [parameter.grad for parameter in model.parameters()]
    assert close(ac.grad(f)(ps), gradient)
    assert close(ac.gradients(mixture(model, CASES[name].given), model.parameters()), gradient)


@pytest.mark.parametrize("name", BY_INPUT)
def test_slopes_by_input_are_checked(name):
    ac.check_gradients(*by_input(name))


@pytest.mark.parametrize("name", [name for name in BY_PARAMETERS if name not in ("Block", "GPT")])
def test_slopes_by_parameters_are_checked(name):
    f, ps = by_parameters(name)
    ac.check_gradients(f, ps, order=1)


@pytest.mark.parametrize("name", [name for name in BY_PARAMETERS if name in BY_INPUT])
def test_a_gradient_by_input_is_differentiable_by_parameters(name):
    """As a penalty on the slope needs it: both orders of differentiation agree."""
    case = CASES[name]
    model = copy.deepcopy(case.model)
    xs = [Value(x) for x in flat(case.given)]
    v = numbers(len(xs), seed=1)
    y = mixture(model, refilled(case.given, iter(xs)))
    slope = ac.dot(v, ac.gradients(y, xs))
    mixed = ac.gradients(slope, model.parameters())
    forward = ac.jvp(lambda xs: mixture(model, refilled(case.given, iter(xs))), plain(xs), v)[1]
    assert close(forward, slope)
    assert close(ac.gradients(forward, model.parameters()), mixed)


@pytest.mark.parametrize("name", BY_INPUT)
def test_recorded_by_input(name):
    assert_recorded_once_serves_elsewhere(*by_input(name))


@pytest.mark.parametrize("name", BY_PARAMETERS)
def test_captured_parameters_are_read_anew(name):
    case = CASES[name]
    model = copy.deepcopy(case.model)
    xs = flat(case.given) if case.by_input else [0.5]
    given = (lambda xs: refilled(case.given, iter(xs))) if case.by_input else (lambda xs: case.given)
    f = lambda xs: xs[0] * mixture(model, given(xs))  # noqa: E731
    value, gradient = record(f, xs), record(ac.grad(f), xs)
    for parameter in model.parameters():
        parameter.data += 0.01
    xs = [x - 0.01 for x in xs]
    assert close(replay(value, xs), f(xs))
    assert close(replay(gradient, xs), ac.grad(f)(xs))


def test_a_recording_leaves_running_averages_alone():
    norm = nn.BatchNorm(2)
    record(norm, STEPS)
    record(ac.grad(lambda rows: ac.sum(flat(norm(rows)))), STEPS)
    assert (norm.running_mean, norm.running_var, norm.num_batches_tracked) == ([0.0] * 2, [1.0] * 2, 0)


def test_a_padding_row_is_a_constant_of_the_recording():
    embedding = nn.Embedding(3, 2, padding_idx=0, seed=0)
    assert replay(record(lambda x: [x + w for w in embedding(0)], 2.0), 3.0) == [3.0, 3.0]


def test_what_dropout_leaves_out_is_a_constant_of_the_recording():
    program = record(nn.Dropout(0.5, seed=1), [1.0, 2.0, 3.0, 4.0])
    for _ in range(2):
        assert replay(program, [5.0, 6.0, 7.0, 8.0]) == [10.0, 0.0, 14.0, 0.0]


IN_PYTORCH: dict[str, Callable[[Any], Any]] = {
    "Linear": lambda torch: torch.nn.Linear(2, 3),
    "BatchNorm": lambda torch: torch.nn.BatchNorm1d(2),
    "BatchNorm, eval": lambda torch: torch.nn.BatchNorm1d(2).eval(),
    "LayerNorm": lambda torch: torch.nn.LayerNorm(3),
    "RNN": lambda torch: torch.nn.RNN(2, 2, batch_first=True),
    "LSTM": lambda torch: torch.nn.LSTM(2, 2, batch_first=True),
    "GRU": lambda torch: torch.nn.GRU(2, 2, batch_first=True),
    "ELU": lambda torch: torch.nn.ELU(),
    "GELU": lambda torch: torch.nn.GELU(),
    "Softplus": lambda torch: torch.nn.Softplus(),
    "Softmax": lambda torch: torch.nn.Softmax(-1),
    "LogSoftmax": lambda torch: torch.nn.LogSoftmax(-1),
}


@pytest.mark.parametrize("name", IN_PYTORCH)
def test_pytorch_agrees(name):
    torch = pytest.importorskip("torch")
    module = IN_PYTORCH[name](torch).double()
    if CASES[name].model.parameters():
        module = nn.to_torch(copy.deepcopy(CASES[name].model), module)

    def tensors(nested: Any) -> list[Any]:
        return [t for part in nested for t in tensors(part)] if isinstance(nested, tuple) else [nested.reshape(-1)]

    def their_mixture(x: Any) -> Any:
        given = refilled(CASES[name].given, iter(x))
        shaped = [tuple(map(stacked, part)) if isinstance(part, tuple) else stacked(part) for part in given]
        y = torch.cat(tensors(module(*shaped)))
        shares = torch.tensor(numbers(len(y), seed=2, low=0.5, high=1.5), dtype=torch.float64)
        return (shares * y * (1.0 + y)).sum()

    def stacked(part: Any) -> Any:
        return torch.stack([stacked(inner) for inner in part]) if isinstance(part, list) else part

    f, x = by_input(name)
    at, v = torch.tensor(x, dtype=torch.float64), numbers(len(x), seed=1)
    value, (product,) = torch.autograd.functional.hvp(their_mixture, (at,), (torch.tensor(v, dtype=torch.float64),))
    assert close(f(x), value.item())
    assert close(ac.grad(f)(x), torch.autograd.functional.jacobian(their_mixture, at).tolist())
    assert close(ac.hvp(f, x, v), product.tolist())
    assert close(ac.hessian(f)(x), torch.autograd.functional.hessian(their_mixture, at).tolist(), 1e-11)
