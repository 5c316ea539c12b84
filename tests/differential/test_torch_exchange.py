"""Weights go to an equal model of PyTorch and come back, bit for bit, and the two then compute the same."""

from __future__ import annotations

import random

import pytest

import nn
from autograd_core.errors import NotAScalarError


def examples(n, width, seed=0):
    rng = random.Random(seed)
    return [[rng.gauss(0.0, 1.0) for _ in range(width)] for _ in range(n)]


def tensor(rows):
    import torch

    return torch.tensor(rows, dtype=torch.float64)


def numbers(output):
    if isinstance(output, (list, tuple)):
        return [numbers(part) for part in output]
    return getattr(output, "data", output)


def scrambled(model, seed=9):
    """The model with parameters that differ from each other, biases too."""
    rng = random.Random(seed)
    for parameter in model.parameters():
        parameter.data = rng.gauss(0.0, 0.7)
    return model


class Named(nn.Module):
    """Its parts stand in another order than those of its twin, under the same names."""

    def __init__(self):
        self.last = nn.Linear(3, 2)
        self.first = nn.Linear(3, 3)

    def forward(self, x):
        return self.last(self.first(x))


def named_of_torch():
    import torch

    class Twin(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Linear(3, 3)
            self.last = torch.nn.Linear(3, 2)

        def forward(self, x):
            return self.last(self.first(x))

    return Twin()


CASES = {
    "linear": (lambda: nn.Linear(3, 2), lambda t: t.Linear(3, 2)),
    "no bias": (lambda: nn.Linear(3, 1, bias=False), lambda t: t.Linear(3, 1, bias=False)),
    "mlp": (
        lambda: nn.MLP(3, [4, 5, 2], activation="tanh"),
        lambda t: t.Sequential(t.Linear(3, 4), t.Tanh(), t.Linear(4, 5), t.Tanh(), t.Linear(5, 2)),
    ),
    "norms": (
        lambda: nn.Sequential(
            nn.Linear(3, 4),
            nn.BatchNorm(4),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.LayerNorm(4),
            nn.RMSNorm(4),
            nn.Linear(4, 2),
        ),
        lambda t: t.Sequential(
            t.Linear(3, 4), t.BatchNorm1d(4), t.ReLU(), t.Dropout(0.5), t.LayerNorm(4), t.RMSNorm(4), t.Linear(4, 2)
        ),
    ),
    "named": (Named, lambda t: named_of_torch()),
    "nested": (
        lambda: nn.Sequential(nn.Sequential(nn.Linear(3, 3), nn.GELU()), nn.Residual(nn.Linear(3, 3))),
        None,
    ),
}


def twin_of(make, torch_nn):
    if make is not None:
        return make(torch_nn).double()
    import torch

    class Residual(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.Linear(3, 3)

        def forward(self, x):
            return x + self.inner(x)

    return torch_nn.Sequential(torch_nn.Sequential(torch_nn.Linear(3, 3), torch_nn.GELU()), Residual()).double()


@pytest.mark.parametrize("name", CASES)
def test_to_torch_and_back(name):
    import torch

    make, make_theirs = CASES[name]
    model, theirs = scrambled(make()), twin_of(make_theirs, torch.nn)
    batch = examples(6, 3)
    model(batch)  # running statistics move
    assert nn.to_torch(model, theirs) is theirs
    model.eval()
    theirs.eval()
    ours = numbers(model(batch))
    expected = theirs(tensor(batch)).tolist()
    if not isinstance(ours[0], list):
        expected = [row[0] for row in expected]
    assert ours == [pytest.approx(row, rel=1e-12, abs=1e-12) for row in expected]
    back = make()
    assert nn.from_torch(back, theirs) is back
    learnt = {name: array for name, array in model.state_dict().items() if not name.endswith("draws")}
    assert {name: array for name, array in back.state_dict().items() if name in learnt} == learnt


def test_from_torch_computes_what_torch_does():
    import torch

    torch.manual_seed(0)
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1)).double()
    theirs(tensor(examples(5, 3)))
    model = nn.from_torch(nn.Sequential(nn.Linear(3, 4), nn.BatchNorm(4), nn.Linear(4, 1)), theirs)
    assert model[1].num_batches_tracked == 1
    theirs.eval()
    rows = examples(4, 3, seed=1)
    assert nn.predict(model, rows) == pytest.approx(theirs(tensor(rows)).flatten().tolist(), rel=1e-12)


def test_embedding():
    import torch

    model, theirs = nn.Embedding(5, 3, seed=0), torch.nn.Embedding(5, 3).double()
    nn.to_torch(model, theirs)
    assert numbers(model([4, 0])) == theirs(torch.tensor([4, 0])).tolist()
    assert nn.from_torch(nn.Embedding(5, 3, seed=1), theirs).state_dict() == model.state_dict()


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2}, {"bias": False}])
def test_recurrent_modules(kind, options):
    import torch

    model = scrambled(getattr(nn, kind)(3, 4, **options))
    theirs = getattr(torch.nn, kind)(3, 4, **options).double()
    nn.to_torch(model, theirs)
    sequence = examples(5, 3)
    ours = numbers(model(sequence)[0])
    expected = theirs(tensor(sequence))[0].tolist()
    assert ours == [pytest.approx(row, rel=1e-11, abs=1e-12) for row in expected]
    assert nn.from_torch(getattr(nn, kind)(3, 4, **options), theirs).state_dict() == model.state_dict()
    cell = scrambled(getattr(nn, f"{kind}Cell")(3, 4))
    their_cell = nn.to_torch(cell, getattr(torch.nn, f"{kind}Cell")(3, 4).double())
    assert nn.from_torch(getattr(nn, f"{kind}Cell")(3, 4), their_cell).state_dict() == cell.state_dict()


def test_a_file_of_torch_is_loaded(tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    theirs = torch.nn.Linear(3, 2).double()
    save_file(theirs.state_dict(), tmp_path / "theirs")
    model = nn.load(nn.Linear(3, 2), tmp_path / "theirs")
    assert model.state_dict() == {name: array.tolist() for name, array in theirs.state_dict().items()}
    nn.save(scrambled(model), tmp_path / "ours")
    theirs.load_state_dict(load_file(tmp_path / "ours"))
    assert model.state_dict() == {name: array.tolist() for name, array in theirs.state_dict().items()}


@pytest.mark.parametrize("bias", [True, False])
def test_attention_goes_into_the_packed_weights_of_torch(bias):
    import torch

    class Twin(torch.nn.Module):
        def __init__(self, heads=2):
            super().__init__()
            self.attention = torch.nn.MultiheadAttention(4, heads, bias=bias, batch_first=True)
            self.last = torch.nn.Linear(4, 1)

        def forward(self, x):
            mask = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), diagonal=1)
            return self.last(self.attention(x, x, x, attn_mask=mask, need_weights=False)[0])

    model = scrambled(nn.Sequential(nn.CausalSelfAttention(4, 2, bias), nn.Linear(4, 1)))
    x = [examples(3, 4), examples(3, 4, seed=1)]
    ours = [[model[1](position) for position in sequence] for sequence in model[0](x)]
    theirs = nn.to_torch(model, Twin().double())
    assert torch.allclose(theirs(tensor(x))[..., 0], tensor(numbers(ours)), rtol=0.0, atol=1e-12)
    again = nn.Sequential(nn.CausalSelfAttention(4, 2, bias), nn.Linear(4, 1))
    assert nn.from_torch(again, theirs).state_dict() == model.state_dict()
    with pytest.raises(nn.StateError, match=r"attentions have \[2\] heads, and the other's \[4\]"):
        nn.from_torch(again, Twin(heads=4))


def test_single_precision_rounds():
    import torch

    model = scrambled(nn.Linear(3, 2))
    theirs = nn.to_torch(model, torch.nn.Linear(3, 2))
    assert theirs.weight.dtype == torch.float32
    assert theirs.weight.flatten().tolist() == pytest.approx([w.data for row in model.weight for w in row], rel=1e-7)


def test_models_that_are_not_equal_stay_as_they_are():
    import torch

    cases = [
        (nn.MLP(3, [4, 2]), torch.nn.Sequential(torch.nn.Linear(3, 4)), r"2 parts with state .*, and PyTorch's has 1"),
        (
            nn.Linear(3, 2),
            torch.nn.Linear(2, 3),
            r"the model has .'weight': \(2, 3\).* and the other .'weight': \(3, 2\)",
        ),
        (nn.Linear(3, 2, bias=False), torch.nn.Linear(3, 2), "'bias'"),
        (nn.Linear(3, 2), torch.nn.ReLU(), "and PyTorch's has 0 .none."),
    ]
    for model, theirs, message in cases:
        before = model.state_dict(), {name: array.tolist() for name, array in theirs.state_dict().items()}
        for call in (nn.to_torch, nn.from_torch):
            with pytest.raises(nn.StateError, match=message):
                call(model, theirs)
        assert before == (model.state_dict(), {name: array.tolist() for name, array in theirs.state_dict().items()})


def test_what_is_no_module():
    import torch

    with pytest.raises(NotAScalarError, match=r"to_torch\(\) takes an nn.Module and a torch.nn.Module, got .* first"):
        nn.to_torch(torch.nn.Linear(1, 1), nn.Linear(1, 1))
    with pytest.raises(NotAScalarError, match=r"from_torch\(\) takes .* got .* second"):
        nn.from_torch(nn.Linear(1, 1), nn.Linear(1, 1))
