"""Recurrent cells and sequences: equations written out in 40-digit arithmetic, gradients by differences there."""

from __future__ import annotations

import copy
import pickle
import random

import mpmath as mp
import numpy as np
import pytest

import nn
from autograd_core import Value, draw
from autograd_core import sum as total
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

WIDTH, UNITS, STEPS = 2, 3, 4
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
DIGITS = 40


def scattered(model, seed=0):
    """The model with weights and biases that are far from 0 and from each other."""
    source = random.Random(seed)
    for parameter in model.parameters():
        parameter.data = source.uniform(-0.9, 0.9)
    return model


def sequence(steps=STEPS, width=WIDTH, seed=1):
    source = random.Random(seed)
    return [[source.uniform(-1.5, 1.5) for _ in range(width)] for _ in range(steps)]


def exact_step(kind, rows, x, h, c):
    """One step by the formulas of torch.nn's documentation; rows are (W_i row, W_h row, b_i, b_h), gate after gate."""

    def gate(k, squash):
        block = rows[k * UNITS : (k + 1) * UNITS]
        return [squash(mp.fdot(wi, x) + bi + mp.fdot(wh, h) + bh) for wi, wh, bi, bh in block]

    def sigmoid(z):
        return 1 / (1 + mp.exp(-z))

    if kind == "RNN":
        return gate(0, mp.tanh), c
    if kind == "LSTM":
        i, f, g, o = gate(0, sigmoid), gate(1, sigmoid), gate(2, mp.tanh), gate(3, sigmoid)
        c = [fj * cj + ij * gj for fj, cj, ij, gj in zip(f, c, i, g, strict=True)]
        return [oj * mp.tanh(cj) for oj, cj in zip(o, c, strict=True)], c
    r, z = gate(0, sigmoid), gate(1, sigmoid)
    new = [
        mp.tanh(mp.fdot(wi, x) + bi + rj * (mp.fdot(wh, h) + bh))
        for (wi, wh, bi, bh), rj in zip(rows[2 * UNITS :], r, strict=True)
    ]
    return [(1 - zj) * nj + zj * hj for zj, nj, hj in zip(z, new, h, strict=True)], c


def exact_loss(kind, numbers):
    """A weighed sum over all steps of h squared, as a function of all weights and then all inputs."""
    given = iter(numbers)

    def take(n):
        return [next(given) for _ in range(n)]

    count = GATES[kind] * UNITS
    weight_ih, weight_hh = [take(WIDTH) for _ in range(count)], [take(UNITS) for _ in range(count)]
    rows = list(zip(weight_ih, weight_hh, take(count), take(count), strict=True))
    h, c, loss = [mp.mpf(0)] * UNITS, [mp.mpf(0)] * UNITS, mp.mpf(0)
    for step in range(STEPS):
        h, c = exact_step(kind, rows, take(WIDTH), h, c)
        loss += mp.fsum((1 + step + j) * hj**2 for j, hj in enumerate(h))
    return loss


@pytest.mark.parametrize("kind", GATES)
def test_values_and_gradients_by_the_equations(kind):
    model = scattered(getattr(nn, kind)(WIDTH, UNITS))
    xs = [[Value(x) for x in vector] for vector in sequence()]
    outputs, _ = model(xs)
    loss = total([float(1 + step + j) * h * h for step, row in enumerate(outputs) for j, h in enumerate(row)])
    loss.backward()
    leaves = [*model.parameters(), *(v for vector in xs for v in vector)]
    with mp.workdps(DIGITS):
        numbers = [mp.mpf(v.data) for v in leaves]
        assert loss.data == pytest.approx(float(exact_loss(kind, numbers)), rel=1e-13)
        h = mp.mpf(10) ** -12
        for i in range(0, len(leaves), 3):
            ahead, back = ([*numbers[:i], numbers[i] + way * h, *numbers[i + 1 :]] for way in (1, -1))
            slope = (exact_loss(kind, ahead) - exact_loss(kind, back)) / (2 * h)
            assert leaves[i].grad == pytest.approx(float(slope), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("kind", GATES)
def test_a_sequence_is_the_cell_step_by_step(kind):
    model = scattered(getattr(nn, kind)(WIDTH, UNITS))
    cell = getattr(nn, f"{kind}Cell")(WIDTH, UNITS)
    cell.load_state_dict({name.removesuffix("_l0"): part for name, part in model.state_dict().items()})
    outputs, last = model(sequence())
    state = None
    for x, output in zip(sequence(), outputs, strict=True):
        state = cell(x, state)
        assert (state[0] if kind == "LSTM" else state) == output
    assert list(state if kind == "LSTM" else [state]) == [part[0] for part in (last if kind == "LSTM" else [last])]


@pytest.mark.parametrize("kind", GATES)
def test_a_state_goes_on_where_the_sequence_stopped(kind):
    model = scattered(getattr(nn, kind)(WIDTH, UNITS, num_layers=2))
    xs = sequence(6)
    outputs, last = model(xs)
    before, state = model(xs[:4])
    after, end = model(xs[4:], state)
    assert before + after == outputs
    assert end == last


@pytest.mark.parametrize("kind", GATES)
def test_a_batch_may_be_ragged_and_is_a_list_over_the_examples(kind):
    model = scattered(getattr(nn, kind)(WIDTH, UNITS))
    batch = [sequence(4), sequence(2, seed=5)]
    outputs, last = model(batch)
    assert [len(part) for part in outputs] == [4, 2]
    for i, xs in enumerate(batch):
        alone, state = model(xs)
        assert outputs[i] == alone
        assert (last[0][i], last[1][i]) == state if kind == "LSTM" else last[i] == state
    again, _ = model(batch, last)
    assert again[1] == model(batch[1], state)[0]
    cell = scattered(getattr(nn, f"{kind}Cell")(WIDTH, UNITS))
    states = cell([xs[0] for xs in batch])
    states = cell([xs[1] for xs in batch], states)
    one = cell(batch[1][1], cell(batch[1][0]))
    assert (states[0][1], states[1][1]) == one if kind == "LSTM" else states[1] == one


@pytest.mark.parametrize("kind", GATES)
def test_backwards_is_forwards_on_the_reversed_sequence(kind):
    both = scattered(getattr(nn, kind)(WIDTH, UNITS, bidirectional=True))
    one = getattr(nn, kind)(WIDTH, UNITS)
    state = both.state_dict()
    one.load_state_dict({name.removesuffix("_reverse"): state[name] for name in state if name.endswith("_reverse")})
    outputs, _ = both(sequence())
    alone, _ = one(sequence()[::-1])
    assert [row[UNITS:] for row in outputs] == alone[::-1]


def test_names_and_shapes_are_pytorchs():
    state = nn.LSTM(WIDTH, UNITS, num_layers=2, bidirectional=True).state_dict()
    assert {name: np.shape(part) for name, part in state.items() if name.startswith("weight_")} == {
        f"weight_{kind}_l{layer}{way}": (4 * UNITS, UNITS if kind == "hh" else 2 * UNITS if layer else WIDTH)
        for layer in (0, 1)
        for way in ("", "_reverse")
        for kind in ("ih", "hh")
    }
    assert {name: np.shape(part) for name, part in nn.GRUCell(WIDTH, UNITS).state_dict().items()} == {
        "weight_ih": (9, 2),
        "weight_hh": (9, 3),
        "bias_ih": (9,),
        "bias_hh": (9,),
    }


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_bidirectional_has_a_name(kind):
    """PyTorch has batch_first and dropout in its place."""
    with pytest.raises(TypeError, match="positional arguments"):
        kind(2, 3, 1, *(["tanh"] if kind is nn.RNN else []), True, True)


def test_the_bias_that_keeps_the_state():
    lstm, gru = nn.LSTM(1, 2, num_layers=2, forget_bias=5.0), nn.GRUCell(1, 2, update_bias=4.0)
    for bias in (lstm.bias_ih_l0, lstm.bias_ih_l1):
        assert [b.data for b in bias] == [0.0] * 2 + [5.0] * 2 + [0.0] * 4
    assert [b.data for b in gru.bias_ih] == [0.0] * 2 + [4.0] * 2 + [0.0] * 2
    assert not any(b.data for b in [*lstm.bias_hh_l0, *gru.bias_hh])
    keeps, forgets = (nn.LSTMCell(1, 1, forget_bias=bias, init="zeros") for bias in (5.0, 0.0))
    assert keeps([0.0], ([0.0], [1.0]))[1][0].data == pytest.approx(0.9933071490757153)
    assert forgets([0.0], ([0.0], [1.0]))[1][0].data == 0.5


def test_other_forms_of_a_sequence():
    rnn = scattered(nn.RNN(1, 2))
    expected = rnn([[0.5], [-1.0], [2.0]])
    for xs in ([0.5, -1.0, 2.0], (0.5, -1.0, 2.0), np.array([[0.5], [-1.0], [2.0]]), np.array([0.5, -1.0, 2.0])):
        assert rnn(xs) == expected
    lstm = scattered(nn.LSTM(WIDTH, UNITS))
    batch = [sequence(), sequence(seed=2)]
    assert lstm(np.array(batch)) == lstm(batch)
    assert nn.RNN(1, 1, nonlinearity="linear", init=lambda m, n, source: [[1.0]])([1.0, 2.0, 3.0])[1][0][0].data == 6.0


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_seeds_initialisers_copies_and_pickles(kind):
    make = getattr(nn, kind)
    first, second, other = (make(2, 3, init="xavier", seed=seed) for seed in (0, 0, 1))
    assert first.state_dict() == second.state_dict() != other.state_dict()
    assert len({p.data for p in first.parameters() if p.data}) == len([p for p in first.parameters() if p.data])
    x = [0.5, -1.0] if kind.endswith("Cell") else sequence()
    for twin in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert twin(x) == first(x)
    without = make(2, 3, bias=False, seed=0)
    assert len(without.state_dict()) == 2
    assert without(x) == make(2, 3, seed=0)(x)  # whose biases are 0


def test_each_gate_is_initialised_by_itself():
    weight = np.array(nn.LSTM(4, 4, init="orthogonal", seed=0).state_dict()["weight_hh_l0"])
    for gate in weight.reshape(4, 4, 4):
        assert gate @ gate.T == pytest.approx(np.eye(4), abs=1e-12)


def test_drawings_have_a_box_for_each_unit():
    model = nn.Sequential(nn.RNNCell(2, 3, seed=0), nn.Linear(3, 1, seed=0))
    y = model([1.0, -1.0])
    y.backward()
    source = draw(y, collapse=True).source
    assert all(f"modules.0.units.{j}" in source for j in range(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.RNN(2, 3)([[1.0, 2.0], [1.0]]), r"RNN\(2 -> 3, tanh\) takes 2 inputs at position 1, got 1"),
        (lambda: nn.GRU(2, 3)([1.0, 2.0]), r"GRU\(2 -> 3\) takes 2 inputs at position 0, got 1"),
        (lambda: nn.LSTM(1, 3)([[[1.0]], [[1.0], [1.0, 2.0]]]), r"takes 1 input at position 1 of example 1, got 2"),
        (lambda: nn.RNNCell(2, 3)([[1.0, 2.0], [1.0]]), r"takes 2 inputs of example 1, got 1"),
        (lambda: nn.RNNCell(2, 3)([1.0, 2.0], [0.0]), r"RNNCell.*: h takes 3 numbers, one for each unit, got 1"),
        (lambda: nn.LSTMCell(2, 3)([1.0, 2.0], ([0.0] * 3, [0.0])), r"c takes 3 numbers, one for each unit, got 1"),
        (lambda: nn.LSTMCell(2, 3)([1.0, 2.0], [0.0] * 3), r"takes a pair \(h, c\) as state, got \[0.0, 0.0, 0.0\]"),
        (lambda: nn.RNNCell(2, 3)([[1.0, 2.0]], [[0.0] * 3] * 2), r"h takes one state for each of 1 example, got 2"),
        (lambda: nn.RNNCell(2, 3)([[1.0, 2.0]], 1.0), r"h takes one state for each of 1 example, got 1.0"),
        (lambda: nn.GRU(2, 3, num_layers=2)([[1.0, 2.0]], [[0.0] * 3]), r"h takes a list of 2 vectors, one for each"),
        (lambda: nn.GRU(2, 3)([[1.0, 2.0]], [[0.0]]), r"h\[0\] takes 3 numbers"),
        (lambda: nn.LSTM(2, 3, bidirectional=True)([[1.0, 2.0]], ([], [])), r"2 vectors, one for each layer and dir"),
    ],
)
def test_wrong_shapes(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.RNN(2, 3)([[1.0, 2.0], [1.0, "a"]]), r"for input 1 at position 1 it got the string 'a'"),
        (
            lambda: nn.LSTM(2, 3)([[1.0, 2.0], None]),
            r"LSTM\(2 -> 3\) takes a list of 2 numbers at position 1, got None",
        ),
        (lambda: nn.RNN(2, 3)(1.0), r"takes a sequence, a list of lists of 2 numbers, got 1.0"),
        (lambda: nn.RNN(1, 3)(1.0), r"takes a sequence, a list of numbers, got 1.0"),
        (lambda: nn.RNN(2, 3)({0: [1.0, 2.0]}), r"takes a sequence, a list of lists of 2 numbers, got a dict"),
        (lambda: nn.GRUCell(2, 3)([1.0, "a"]), r"for input 1 it got the string 'a'"),
        (lambda: nn.GRUCell(2, 3)([1.0, 2.0], 0.5), r"h takes a list of 3 numbers, got 0.5"),
    ],
)
def test_what_is_no_number(call, message):
    with pytest.raises(NotAScalarError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.RNN(0, 3), r"RNN\(input_size\) takes an int of at least 1, got 0"),
        (lambda: nn.LSTMCell(2, 1.5), r"LSTMCell\(hidden_size\) takes an int of at least 1, got 1.5"),
        (lambda: nn.GRU(2, 3, num_layers=0), r"GRU\(num_layers\) takes an int of at least 1, got 0"),
        (lambda: nn.RNN(2, 3, nonlinearity="tahn"), r"RNN\(nonlinearity\) takes a name, .* got 'tahn'; the names are"),
        (lambda: nn.LSTM(2, 3, bias=False, forget_bias=1.0), r"LSTM\(forget_bias=1\) needs a bias to put it in"),
        (lambda: nn.RNN(2, 3, init="xaver"), r"got 'xaver'; the names are uniform"),
        (lambda: nn.RNN(2, 3)([]), r"takes a sequence of at least one input, got an empty one"),
        (
            lambda: nn.RNN(2, 3)([[], [[1, 2]]]),
            r"takes a sequence of at least one input, got an empty one of example 0",
        ),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(DomainError, match=message):
        call()
