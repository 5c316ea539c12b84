"""Modules and initialisers against PyTorch in double precision: values, gradients, running statistics."""

from __future__ import annotations

import inspect
import random

import pytest

import autograd_core as ac
import nn
from autograd_core import Value
from tests.support.formulas import flat, numbers, table
from tests.support.torch_peers import EXACT, close, numbers_of, tensor, values_of


def put_in(ours: nn.Module, theirs) -> list[tuple[str, Value]]:
    """Give both modules the same random parameters, ours by the names that they share."""
    import torch

    source = random.Random(5)
    with torch.no_grad():
        for name, parameter in theirs.named_parameters():
            parameter.copy_(tensor(torch.zeros(parameter.shape).tolist()).detach())
            flattened = parameter.view(-1)
            for i in range(flattened.numel()):
                flattened[i] = source.uniform(-1.5, 1.5)
            leaves = flat(getattr(ours, name))
            for leaf, x in zip(leaves, flattened.tolist(), strict=True):
                leaf.data = x
    return ours.named_parameters()


def assert_same(ours, theirs, x, tolerance=EXACT) -> None:
    """Same outputs, and same gradients of a random mixture of them, by inputs and parameters."""
    import torch

    inputs, tensors = values_of(x), tensor(x)
    found, expected = ours(inputs), theirs(tensors)
    assert close(numbers_of(found), expected.tolist(), tolerance)
    shares = numbers(expected.numel(), seed=1)
    ours.zero_grad()
    ac.dot(shares, flat(found)).backward()
    (expected.reshape(-1) @ torch.tensor(shares, dtype=torch.float64)).backward()
    assert close([v.grad for v in flat(inputs)], tensors.grad.tolist(), tolerance)
    for name, parameter in theirs.named_parameters():
        grads = [v.grad for v in flat(getattr(ours, name))]
        assert close(grads, parameter.grad.tolist(), tolerance), name
        parameter.grad = None


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("track", [True, False])
def test_batch_norm(affine, momentum, track):
    import torch

    options = {"eps": 1e-3, "momentum": momentum, "affine": affine, "track_running_stats": track}
    ours, theirs = nn.BatchNorm(3, **options), torch.nn.BatchNorm1d(3, dtype=torch.float64, **options)
    put_in(ours, theirs)
    for n in (5, 2, 7):
        assert_same(ours, theirs, table(n, 3, seed=n))
        if track:
            assert close(ours.running_mean, theirs.running_mean.tolist())
            assert close(ours.running_var, theirs.running_var.tolist())
            assert ours.num_batches_tracked == theirs.num_batches_tracked.item()
    ours.eval()
    theirs.eval()
    assert_same(ours, theirs, table(4, 3, seed=9))


@pytest.mark.parametrize("options", [{}, {"eps": 0.1}, {"elementwise_affine": False}, {"bias": False}])
def test_layer_norm(options):
    import torch

    ours, theirs = nn.LayerNorm(4, **options), torch.nn.LayerNorm(4, dtype=torch.float64, **options)
    put_in(ours, theirs)
    assert_same(ours, theirs, table(3, 4))
    assert_same(ours, theirs, [1e-3, 2e-3, -1e-3, 0.0])


@pytest.mark.parametrize("options", [{}, {"eps": 0.1}, {"elementwise_affine": False}])
def test_rms_norm(options):
    import torch

    ours, theirs = nn.RMSNorm(4, **options), torch.nn.RMSNorm(4, dtype=torch.float64, **options)
    put_in(ours, theirs)
    assert_same(ours, theirs, table(3, 4))
    assert_same(ours, theirs, [1e-8, 2e-8, -1e-8, 0.0])  # where the default eps decides


def test_linear():
    import torch

    for bias in (True, False):
        ours, theirs = nn.Linear(3, 2, bias=bias), torch.nn.Linear(3, 2, bias=bias, dtype=torch.float64)
        put_in(ours, theirs)
        assert_same(ours, theirs, table(4, 3))


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", "silu", "elu", "leaky_relu", "softplus", "sigmoid"])
def test_mlp(activation):
    import torch

    ours = nn.MLP(2, [4, 3, 2], activation=activation, init="xavier", seed=0)
    x = table(3, 2)
    tensors = tensor(x)
    signal, weights = tensors, []
    for depth, layer in enumerate(ours.layers):
        w = tensor([[v.data for v in neuron.w] for neuron in layer.neurons])
        b = tensor([neuron.b.data for neuron in layer.neurons])
        weights.append((w, b))
        signal = torch.nn.functional.linear(signal, w, b)
        if depth < 2:
            signal = getattr(torch.nn.functional, activation)(signal)
    inputs = values_of(x)
    found = ours(inputs)
    assert close(numbers_of(found), signal.tolist())
    ac.sum(v * v for v in flat(found)).backward()
    (signal**2).sum().backward()
    assert close([v.grad for v in flat(inputs)], tensors.grad.tolist())
    for layer, (w, b) in zip(ours.layers, weights, strict=True):
        assert close([v.grad for neuron in layer.neurons for v in neuron.w], w.grad.tolist())
        assert close([neuron.b.grad for neuron in layer.neurons], b.grad.tolist())


@pytest.mark.parametrize("padding_idx", [None, 1, -1])
def test_embedding(padding_idx):
    import torch

    ours = nn.Embedding(4, 3, padding_idx=padding_idx)
    theirs = torch.nn.Embedding(4, 3, padding_idx=padding_idx, dtype=torch.float64)
    assert ours.padding_idx == theirs.padding_idx
    if padding_idx is not None:
        assert theirs.weight[padding_idx].tolist() == [w.data for w in ours.weight[padding_idx]]
    put_in(ours, theirs)
    indices = [[0, 1, 3], [3, 3, 1]]
    found, expected = ours(indices), theirs(torch.tensor(indices))
    assert close(numbers_of(found), expected.tolist())
    shares = numbers(expected.numel(), seed=1)
    ac.dot(shares, flat(found)).backward()
    (expected.reshape(-1) @ torch.tensor(shares, dtype=torch.float64)).backward()
    assert close([w.grad for w in flat(ours.weight)], theirs.weight.grad.tolist())


@pytest.mark.parametrize(
    ("ours", "name", "options"),
    [
        (nn.Sigmoid(), "Sigmoid", {}),
        (nn.Tanh(), "Tanh", {}),
        (nn.ReLU(), "ReLU", {}),
        (nn.LeakyReLU(), "LeakyReLU", {}),
        (nn.LeakyReLU(0.3), "LeakyReLU", {"negative_slope": 0.3}),
        (nn.ELU(), "ELU", {}),
        (nn.ELU(0.5), "ELU", {"alpha": 0.5}),
        (nn.GELU(), "GELU", {}),
        (nn.SiLU(), "SiLU", {}),
        (nn.Softplus(), "Softplus", {}),
        (nn.Softmax(), "Softmax", {"dim": -1}),
        (nn.LogSoftmax(), "LogSoftmax", {"dim": -1}),
        (nn.Identity(), "Identity", {}),
    ],
)
def test_activations(ours, name, options):
    import torch

    theirs = getattr(torch.nn, name)(**options)
    assert_same(ours, theirs, [[-3.0, -0.5, 0.0, 1e-9], [0.25, 1.0, 4.0, -12.0]])


def test_dropout():
    """The choices are each one's own; what is done with them is the same."""
    import torch

    for p in (0.0, 0.4, 1.0):
        ours, theirs = nn.Dropout(p, seed=0), torch.nn.Dropout(p)
        x = torch.ones(4000, dtype=torch.float64)
        found = ours(x.tolist())
        assert sorted(set(found)) == sorted(set(theirs(x).tolist()))
        assert ours.eval()(x.tolist()) == theirs.eval()(x).tolist()


def test_a_deep_net_with_residual_connections():
    import torch

    class Block(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.norm = (
                torch.nn.Linear(3, 3, dtype=torch.float64),
                torch.nn.BatchNorm1d(3, dtype=torch.float64),
            )

        def forward(self, x):
            return x + torch.relu(self.norm(self.linear(x)))

    blocks = [Block() for _ in range(4)]
    ours = []
    for block in blocks:
        linear, norm = nn.Linear(3, 3), nn.BatchNorm(3)
        put_in(linear, block.linear)
        put_in(norm, block.norm)
        ours.append(nn.Residual(linear, norm, nn.ReLU()))
    x = table(6, 3)
    inputs, tensors = values_of(x), tensor(x)
    found, expected = nn.Sequential(ours)(inputs), torch.nn.Sequential(*blocks)(tensors)
    assert close(numbers_of(found), expected.tolist())
    ac.sum(v * v for v in flat(found)).backward()
    (expected**2).sum().backward()
    assert close([v.grad for v in flat(inputs)], tensors.grad.tolist(), 1e-11)
    for residual, block in zip(ours, blocks, strict=True):
        weight = residual.block[0].weight
        assert close([w.grad for w in flat(weight)], block.linear.weight.grad.tolist(), 1e-11)


@pytest.mark.parametrize(
    "name",
    [
        "Dropout", "LayerNorm", "RMSNorm", "BatchNorm", "Embedding", "RNNCell", "LSTMCell", "GRUCell", "LeakyReLU",
        "ELU", "HuberLoss", "StepLR", "CosineAnnealingLR", "LinearLR", "LambdaLR", "ReduceLROnPlateau",
    ],
)  # fmt: skip
def test_arguments_by_place_are_the_same(name):
    import torch

    homes = torch.nn, torch.optim.lr_scheduler
    peer = next(found for home in homes if (found := getattr(home, {"BatchNorm": "BatchNorm1d"}.get(name, name), None)))
    ours, theirs = (
        [(p.name, p.default) for p in inspect.signature(kind).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        for kind in (getattr(nn, name), peer)
    )
    assert ours == theirs[: len(ours)]


@pytest.mark.parametrize("nonlinearity", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"])
def test_gains(nonlinearity):
    import torch

    assert nn.init.calculate_gain(nonlinearity) == torch.nn.init.calculate_gain(nonlinearity)
    assert nn.init.calculate_gain("leaky_relu", 0.2) == torch.nn.init.calculate_gain("leaky_relu", 0.2)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("xavier_uniform", {"gain": 2.0}),
        ("xavier_normal", {"gain": 2.0}),
        ("kaiming_uniform", {}),
        ("kaiming_uniform", {"a": 0.5, "mode": "fan_out"}),
        ("kaiming_normal", {"nonlinearity": "tanh"}),
        ("orthogonal", {"gain": 2.0}),
    ],
)
def test_initialisers_draw_from_the_same_distribution(name, options):
    import torch
    from scipy import stats

    torch.manual_seed(0)
    theirs = torch.empty(50, 80, dtype=torch.float64)
    getattr(torch.nn.init, f"{name}_")(theirs, **options)
    ours = nn.init.INITIALISERS[name](50, 80, random.Random(0), **options)
    assert stats.ks_2samp(flat(ours), flat(theirs.tolist())).pvalue > 0.01
