"""Every module copies and pickles: the twin computes the same, has the same state, and shares nothing."""

from __future__ import annotations

import copy
import pickle

import pytest

import nn
from autograd_core import Value
from tests.support.formulas import flat, table

ROW, BATCH = [0.5, -1.0], table(3, 2)
ACTIVATIONS = (
    "Identity ReLU LeakyReLU ELU GELU SiLU Sigmoid Tanh Softplus Softmax LogSoftmax".split()  # noqa: SIM905
)
LOSSES = "MSELoss HalfSquaredErrorLoss HuberLoss BCEWithLogitsLoss CrossEntropyLoss NLLLoss HingeLoss".split()  # noqa: SIM905

MODULES = {
    **{name: (getattr(nn, name)(), (ROW,)) for name in ACTIVATIONS},
    **{name: (getattr(nn, name)(), (ROW, 1 if name in ("CrossEntropyLoss", "NLLLoss") else [1, 1])) for name in LOSSES},
    "BCELoss": (nn.BCELoss("sum"), ([0.25, 0.5], [1, 0])),
    "KLDivLoss": (nn.KLDivLoss("batchmean"), (ROW, [0.25, 0.75])),
    "Neuron": (nn.Neuron(2, activation="tanh", seed=1), (ROW,)),
    "Layer": (nn.Layer(2, 3, activation=nn.ELU(0.5), seed=1), (ROW,)),
    "MLP": (nn.MLP(2, [3, 1], output_activation="sigmoid", seed=1), (BATCH,)),
    "Linear": (nn.Linear(2, 3, bias=False, seed=1), (ROW,)),
    "Sequential": (nn.Sequential(nn.Linear(2, 3, seed=1), nn.BatchNorm(3), nn.ReLU()), (BATCH,)),
    "Residual": (nn.Residual(nn.Linear(2, 2, seed=1), nn.Dropout(0.5, seed=0)), (BATCH,)),
    "BatchNorm": (nn.BatchNorm(2, momentum=None), (BATCH,)),
    "LayerNorm": (nn.LayerNorm(2), (ROW,)),
    "RMSNorm": (nn.RMSNorm(2), (ROW,)),
    "Dropout": (nn.Dropout(0.5, seed=1), (ROW * 20,)),
    "Embedding": (nn.Embedding(4, 3, padding_idx=0, seed=1), ([3, 0, 1],)),
    "RNNCell": (nn.RNNCell(2, 3, seed=1), (ROW,)),
    "LSTMCell": (nn.LSTMCell(2, 3, seed=1), (ROW,)),
    "GRUCell": (nn.GRUCell(2, 3, seed=1), (ROW,)),
    "RNN": (nn.RNN(2, 3, seed=1), (BATCH,)),
    "LSTM": (nn.LSTM(2, 3, num_layers=2, seed=1), (BATCH,)),
    "GRU": (nn.GRU(2, 3, bidirectional=True, seed=1), (BATCH,)),
    "CausalSelfAttention": (nn.CausalSelfAttention(2, num_heads=2, seed=1), (BATCH,)),
    "GPT": (nn.GPT(vocabulary=5, context=8, embed_dim=4, num_heads=2, seed=1), ([0, 3, 1],)),
}


def numbers_of(outputs) -> list[float]:
    return [v.data if isinstance(v, Value) else v for v in flat(outputs)]


def test_every_module_is_here():
    kinds = {name for name, kind in vars(nn).items() if isinstance(kind, type) and issubclass(kind, nn.Module)}
    assert set(MODULES) == kinds - {"Module", "Loss"}


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"])
@pytest.mark.parametrize("name", MODULES)
def test_a_twin_goes_on_as_the_module_would(name, duplicate):
    module, arguments = MODULES[name]
    module.train()
    module(*arguments)  # buffers are no longer what they were at the start
    twin = duplicate(module)
    assert repr(twin) == repr(module)
    assert twin.state_dict() == module.state_dict()
    for _ in range(2):
        assert numbers_of(twin(*arguments)) == numbers_of(module(*arguments))
    assert twin.state_dict() == module.state_dict()
    assert numbers_of(twin.eval()(*arguments)) == numbers_of(module.eval()(*arguments))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"])
@pytest.mark.parametrize("name", MODULES)
def test_a_twin_shares_nothing(name, duplicate):
    module, arguments = MODULES[name]
    twin = duplicate(module.train())
    before = copy.deepcopy(module.state_dict())
    ours, theirs = module.named_parameters(), twin.named_parameters()
    assert [(path, v.origin) for path, v in ours] == [(path, v.origin) for path, v in theirs]
    assert not {id(v) for _, v in ours} & {id(v) for _, v in theirs}
    for _, parameter in theirs:
        parameter.data += 1.0
    twin(*arguments)
    assert module.state_dict() == before
    assert all(part.training for _, part in module.named_modules())
