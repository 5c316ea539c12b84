"""Recurrent networks against PyTorch in double precision: outputs, states and gradients, to 1e-10."""

from __future__ import annotations

import itertools
import random
from functools import reduce

import pytest

import nn
from autograd_core import Value
from autograd_core import sum as total
from nn.inputs.nesting import as_list

CLOSE = {"rel": 1e-10, "abs": 1e-10}
WIDTH, UNITS, STEPS = 3, 4, 5


def flat(nested):
    nested = as_list(nested)
    return [x for part in nested for x in flat(part)] if isinstance(nested, (list, tuple)) else [nested]


def numbers(*shape, seed):
    """Nested lists of numbers, and the same as Values and as a tensor that wants a gradient."""
    import torch

    source = random.Random(seed)

    def nested(lengths):
        return [nested(lengths[1:]) for _ in range(lengths[0])] if lengths else source.uniform(-1.5, 1.5)

    def values(part):
        return [values(child) for child in part] if isinstance(part, list) else Value(part)

    plain = nested(list(shape))
    return values(plain), torch.tensor(plain, dtype=torch.float64, requires_grad=True)


def share_weights(ours, theirs, seed=0):
    """Give the torch module random weights, biases too, and ours the same by name."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.uniform_(-0.9, 0.9, generator=generator)
    keys = ours.load_state_dict(theirs.state_dict())
    assert keys.missing == keys.unexpected == []


def parameter(module, path):
    """What stands under a dotted path, with numbers for places in lists."""
    return reduce(lambda part, key: part[int(key)] if key.isdigit() else getattr(part, key), path.split("."), module)


def compare_gradients(ours, theirs, pairs):
    """The gradients of all parameters, and of pairs of nested Values and a tensor."""
    named = [(parameter(ours, name), tensor) for name, tensor in theirs.named_parameters()]
    for mine, tensor in [*named, *pairs]:
        assert [v.grad for v in flat(mine)] == pytest.approx(tensor.grad.flatten().tolist(), **CLOSE)


def weighed(results):
    """A number that depends on each result in its own way."""
    return total([(0.3 + 0.1 * i) * y * y + 0.2 * y for i, y in enumerate(flat(results))])


def compare_results(mine, theirs):
    """Compare results, then go back from a number that depends on all of them."""
    import torch

    tensor = torch.cat([t.flatten() for t in theirs])
    assert [v.data for v in flat(mine)] == pytest.approx(tensor.tolist(), **CLOSE)
    weighed(mine).backward()
    scale = 0.3 + 0.1 * torch.arange(len(tensor), dtype=torch.float64)
    (scale * tensor**2 + 0.2 * tensor).sum().backward()


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells(kind, bias):
    import torch

    ours, theirs = getattr(nn, kind)(WIDTH, UNITS, bias), getattr(torch.nn, kind)(WIDTH, UNITS, bias).double()
    share_weights(ours, theirs)
    x, tx = numbers(WIDTH, seed=1)
    h, th = numbers(UNITS, seed=2)
    c, tc = numbers(UNITS, seed=3)
    state, their_state = ((h, c), (th, tc)) if kind == "LSTMCell" else (h, th)
    mine, other = ours(x, state), theirs(tx, their_state)
    compare_results(list(mine), other if kind == "LSTMCell" else [other])
    compare_gradients(ours, theirs, [(x, tx), (h, th), *([(c, tc)] if kind == "LSTMCell" else [])])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"num_layers": 2},
        {"bidirectional": True},
        {"num_layers": 2, "bidirectional": True, "bias": False},
        {"num_layers": 3, "bidirectional": True},
    ],
)
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_sequences(kind, options):
    import torch

    ours, theirs = getattr(nn, kind)(WIDTH, UNITS, **options), getattr(torch.nn, kind)(WIDTH, UNITS, **options).double()
    share_weights(ours, theirs)
    count = options.get("num_layers", 1) * (1 + options.get("bidirectional", False))
    x, tx = numbers(STEPS, WIDTH, seed=1)
    h, th = numbers(count, UNITS, seed=2)
    c, tc = numbers(count, UNITS, seed=3)
    if kind == "LSTM":
        (outputs, last), (their_outputs, their_last) = ours(x, (h, c)), theirs(tx, (th, tc))
    else:
        (outputs, last), (their_outputs, their_last) = ours(x, h), theirs(tx, th)
        their_last = (their_last,)
    compare_results([outputs, *last], [their_outputs, *their_last])
    compare_gradients(ours, theirs, [(x, tx), (h, th), *([(c, tc)] if kind == "LSTM" else [])])


def test_relu():
    import torch

    ours = nn.RNN(WIDTH, UNITS, nonlinearity="relu")
    theirs = torch.nn.RNN(WIDTH, UNITS, nonlinearity="relu").double()
    share_weights(ours, theirs)
    x, tx = numbers(STEPS, WIDTH, seed=1)
    compare_results(ours(x)[0], [theirs(tx)[0]])
    compare_gradients(ours, theirs, [(x, tx)])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_batch(kind):
    import torch

    ours, theirs = getattr(nn, kind)(WIDTH, UNITS), getattr(torch.nn, kind)(WIDTH, UNITS, batch_first=True).double()
    share_weights(ours, theirs)
    x, tx = numbers(3, STEPS, WIDTH, seed=1)
    (outputs, last), (their_outputs, their_last) = ours(x), theirs(tx)
    # PyTorch's states have the layers before the examples; with one layer that makes no difference to the order.
    compare_results([outputs, *last], [their_outputs, *(their_last if kind == "LSTM" else [their_last])])
    compare_gradients(ours, theirs, [(x, tx)])


@pytest.mark.parametrize("is_causal", [False, True])
def test_scaled_dot_product_attention(is_causal):
    import torch

    query, tq = numbers(5, 3, seed=1)
    key, tk = numbers(5, 3, seed=2)
    value, tv = numbers(5, 2, seed=3)
    mine = nn.scaled_dot_product_attention(query, key, value, is_causal)
    compare_results(mine, [torch.nn.functional.scaled_dot_product_attention(tq, tk, tv, is_causal=is_causal)])
    for ours, theirs in [(query, tq), (key, tk), (value, tv)]:
        assert [v.grad for v in flat(ours)] == pytest.approx(theirs.grad.flatten().tolist(), **CLOSE)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("heads", [1, 2, 6])
def test_causal_self_attention(heads, bias):
    import torch

    width = 6
    ours = nn.CausalSelfAttention(width, heads, bias)
    theirs = torch.nn.MultiheadAttention(width, heads, bias=bias, batch_first=True).double()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.uniform_(-0.9, 0.9, generator=generator)
    state = {"o.weight": theirs.out_proj.weight, "o.bias": theirs.out_proj.bias}
    for k, name in enumerate("qkv"):
        rows = slice(k * width, (k + 1) * width)
        state[f"{name}.weight"] = theirs.in_proj_weight[rows]
        state[f"{name}.bias"] = theirs.in_proj_bias[rows] if bias else None
    ours.load_state_dict({name: part for name, part in state.items() if part is not None})
    x, tx = numbers(2, 5, width, seed=1)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(5, dtype=torch.float64)
    compare_results(ours(x), [theirs(tx, tx, tx, attn_mask=mask, is_causal=True, need_weights=False)[0]])
    kinds = ["weight", "bias"] if bias else ["weight"]
    pairs = [(x, tx.grad), (ours.o.weight, theirs.out_proj.weight.grad)]
    for kind in kinds:
        stacked = [getattr(part, kind) for part in (ours.q, ours.k, ours.v)]
        pairs.append((stacked, getattr(theirs, f"in_proj_{kind}").grad))
    for mine, gradient in pairs:
        assert [v.grad for v in flat(mine)] == pytest.approx(gradient.flatten().tolist(), **CLOSE)


def torch_gpt(model):
    """A function from tokens to logits, and its parameters by our names: a GPT in PyTorch's own operations."""
    import torch
    from torch.nn import functional

    state = {
        name: torch.tensor(part, dtype=torch.float64, requires_grad=True) for name, part in model.state_dict().items()
    }

    def logits(tokens):
        x = state["token.weight"][tokens] + state["position.weight"][: len(tokens)]
        n, width = x.shape
        for layer in range(len(model.blocks)):
            attention, perceptron = (f"blocks.{layer}.{part}.block.modules" for part in ("attention", "perceptron"))
            heads = model.blocks[layer].attention.block[1].num_heads
            y = functional.rms_norm(x, (width,), state[f"{attention}.0.weight"])
            q, k, v = (
                (y @ state[f"{attention}.1.{part}.weight"].T).reshape(n, heads, -1).transpose(0, 1) for part in "qkv"
            )
            found = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(0, 1).reshape(n, width)
            x = x + found @ state[f"{attention}.1.o.weight"].T
            y = functional.rms_norm(x, (width,), state[f"{perceptron}.0.weight"])
            y = functional.relu(y @ state[f"{perceptron}.1.weight"].T)
            x = x + y @ state[f"{perceptron}.3.weight"].T
        return functional.rms_norm(x, (width,), state["norm.weight"]) @ state["head.weight"].T

    return logits, state


@pytest.mark.parametrize("layers", [1, 2])
def test_gpt(layers):
    import torch

    characters = nn.Characters(["emma", "isabella"])
    model = nn.GPT(len(characters), context=10, embed_dim=16, num_heads=4, num_layers=layers, seed=0)
    tokens = characters.encode("isabella")
    loss = model.loss(tokens)
    loss.backward()
    logits, state = torch_gpt(model)
    expected = torch.nn.functional.cross_entropy(logits(torch.tensor(tokens[:-1])), torch.tensor(tokens[1:]))
    expected.backward()
    assert loss.data == pytest.approx(expected.item(), rel=1e-12)
    ours = dict(model.named_parameters())
    for name, tensor in state.items():
        for place in itertools.product(*map(range, tensor.shape)):
            found = ours[".".join([name, *map(str, place)])].grad
            assert found == pytest.approx(tensor.grad[place].item(), rel=1e-9, abs=1e-12)
