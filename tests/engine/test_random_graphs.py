"""Random programs on the engine against the oracle: shared nodes, many paths, constants on either side."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value
from autograd_core.errors import GraphError
from autograd_core.rules.table import TABLE
from tests.support import oracle
from tests.support.oracle import Exact

BINARY = ("+", "-", "*", "/", "hypot", "maximum", "where", "constant +", "constant -", "constant *", "constant /")
SEQUENCE = ("sum", "dot", "norm-like")
KINDS = (*oracle.UNARY, *BINARY, *BINARY, *SEQUENCE, "power")
"""Binary operations stand twice, so that graphs are more often wide than deep."""


@dataclass
class Pair:
    """The same number on the engine and on the oracle."""

    value: Value
    exact: Exact


class BeyondBoundsError(Exception):
    """The program leaves the range that the oracle's bound speaks of: near a kink or a pole, or too large."""


def require(condition: bool) -> None:
    if not condition:
        raise BeyondBoundsError


numbers = st.one_of(st.floats(1e-3, 4.0), st.floats(-4.0, -1e-3))
instructions = st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6), st.integers(0, 10**6), numbers)


def run(leaves: list[float], program: list[tuple[str, int, int, float]]) -> tuple[list[Pair], list[Pair]]:
    """Run `program` on both; return (leaves, all values). Each instruction reads two earlier values."""
    tape: list[Exact] = []
    pairs = [Pair(Value(x), Exact(tape, x)) for x in leaves]
    count = len(pairs)
    for kind, i, j, c in program:
        pairs.append(step(kind, pairs[-1 - i % min(4, len(pairs))], pairs[j % len(pairs)], c, pairs[i % len(pairs) :]))
        require(abs(pairs[-1].exact.value) < 1e6 and pairs[-1].exact.error < 1e-8)
    return pairs[:count], pairs


def step(kind: str, a: Pair, b: Pair, c: float, some: list[Pair]) -> Pair:
    u, v, x, y = a.value, b.value, a.exact, b.exact
    if kind in oracle.UNARY:
        row = TABLE[kind]
        return Pair(row(u), x.unary(*oracle.UNARY[kind]))
    constant = Exact(x.tape, c)
    if kind == "+":
        return Pair(u + v, x + y)
    if kind == "-":
        return Pair(u - v, x - y)
    if kind == "*":
        return Pair(u * v, x * y)
    if kind == "constant +":
        return Pair(c + u, constant + x)
    if kind == "constant -":
        return Pair(c - u, constant - x)
    if kind == "constant *":
        return Pair(u * c, x * constant)
    if kind == "/":
        require(abs(y.value) > 1e-2)
        return Pair(u / v, x / y)
    if kind == "constant /":
        require(abs(x.value) > 1e-2)
        return Pair(c / u, constant / x)
    if kind == "power":
        require(abs(x.value) > 1e-2)
        k = (2.0, 3.0, -1.0, -2.0, 1.0)[int(abs(c) * 10) % 5]
        return Pair(u**k, x.power(k))
    if kind == "hypot":
        require(max(abs(x.value), abs(y.value)) > 1e-2)
        return Pair(ac.hypot(u, v), x.hypot(y))
    if kind == "maximum":
        require(x is y or abs(x.value - y.value) > 1e-6)
        tie = x is y  # one half to each side, which are one
        return Pair(ac.maximum(u, v), x.chosen() if tie or x.value > y.value else y.chosen())
    if kind == "where":
        return Pair(ac.where(c > 0, u, v), x.chosen() if c > 0 else y.chosen())
    few = some[:5]
    if kind == "sum":
        return Pair(ac.sum([p.value for p in few]), oracle.total([p.exact for p in few]))
    others = list(reversed(few))
    if kind == "dot":
        return Pair(
            ac.dot([p.value for p in few], [p.value for p in others]),
            oracle.dot([p.exact for p in few], [p.exact for p in others]),
        )
    return Pair(
        ac.dot([p.value for p in few], [c] * len(few)),
        oracle.dot([p.exact for p in few], [Exact(x.tape, c) for _ in few]),
    )


def mismatches(leaves: list[float], program: list[tuple[str, int, int, float]]) -> list[str]:
    """Return what the engine gets wrong by more than the oracle's bound."""
    inputs, everything = run(leaves, program)
    root = everything[-1]
    oracle.backward(root.exact)
    require(all(p.exact.grad_error < 1e-4 * (1 + abs(p.exact.grad)) for p in inputs))
    root.value.backward()
    wrong = []
    for k, pair in enumerate(everything):
        if abs(pair.value.data - pair.exact.value) > pair.exact.error:
            wrong.append(f"value {k}: {pair.value.data!r}, exactly {pair.exact.value}, within {pair.exact.error}")
    for k, pair in enumerate(inputs):
        if abs(pair.value.grad - pair.exact.grad) > pair.exact.grad_error:
            wrong.append(
                f"gradient {k}: {pair.value.grad!r}, exactly {pair.exact.grad}, within {pair.exact.grad_error}"
            )
    slopes = ac.gradients(root.value, [p.value for p in inputs])
    for k, (pair, slope) in enumerate(zip(inputs, slopes, strict=True)):
        if abs(slope.data - pair.exact.grad) > pair.exact.grad_error:
            wrong.append(f"gradients() {k}: {slope.data!r}, exactly {pair.exact.grad}")
    return wrong


leaf_lists = st.lists(numbers, min_size=1, max_size=4)
programs = st.lists(instructions, min_size=1, max_size=16)
no_health_check = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.untraced
@pytest.mark.parametrize("count", [500, pytest.param(5000, marks=pytest.mark.long)])
def test_random_graphs_agree_with_the_oracle(count):
    options = settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=no_health_check)
    options(given(leaf_lists, programs)(agree_with_the_oracle))()


def agree_with_the_oracle(leaves, program):
    try:
        wrong = mismatches(leaves, program)
    except BeyondBoundsError:
        reject()
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "k", "kind"),
    [("multiply", 0, "*"), ("divide", 1, "/"), ("subtract", 1, "-"), ("tanh", 0, "tanh"), ("hypot", 0, "hypot")],
)
def test_a_wrong_rule_in_the_table_is_found(monkeypatch, name, k, kind):
    """0.05% off in one partial is far outside the bound."""
    row = TABLE[name]
    rules = list(row.partials)
    right = rules[k]
    rules[k] = lambda *args: 1.0005 * right(*args)
    monkeypatch.setattr(row, "partials", tuple(rules))
    with pytest.raises((AssertionError, GraphError)):
        assert mismatches([0.7, 1.3], [(kind, 0, 0, 1.0)]) == []


def test_a_wrong_rule_over_a_sequence_is_found(monkeypatch):
    for name in ("sum", "dot"):
        row = TABLE[name]
        rule = row.partials
        monkeypatch.setattr(row, "partials", lambda xs, y, rule=rule: [1.0005 * d for d in rule(xs, y)])
        with pytest.raises((AssertionError, GraphError)):
            assert mismatches([0.7, 1.3], [(name, 0, 0, 1.0)]) == []
