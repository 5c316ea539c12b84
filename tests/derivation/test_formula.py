"""Formulas are true: what they say, read back as Python, gives the numbers of the table."""

from __future__ import annotations

import math
import random
import re

import pytest

import autograd_core as ac
from autograd_core.derivation.expression import LONGEST
from autograd_core.derivation.formula import Formula
from autograd_core.rules.table import TABLE
from tests.support.written import partials, read_back, said, symbols


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_partial_of_the_table_says_what_it_gives(name):
    for seed in range(5):
        names, floats, formulas = partials(TABLE[name], seed)
        for exact, f in zip(floats, formulas, strict=True):
            if exact is None:
                assert f is None or f == 0.0
                continue
            value = read_back(said(f), names) if isinstance(f, Formula) else f
            digits = 5e-4 if re.search(r"\d\.\d{3}", str(f)) else 1e-12  # constants are shown with four
            assert value == pytest.approx(exact, rel=digits, abs=1e-12, nan_ok=True), f"{name}: {f}"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("multiply", ["v", "u"]),
        ("divide", ["1/v", "-y/v"]),
        ("square", ["2·u"]),
        ("tanh", ["1 - tanh(u)²"]),
        ("sigmoid", ["y·(1 - σ(u))"]),
        ("exp", ["y"]),
        ("relu", ["[u > 0]"]),
        ("atan", ["1/(1 + u²)"]),
        ("atan2", ["v/(u² + v²)", "-u/(u² + v²)"]),
        ("logsumexp", [f"softmax(u, v, w)[{i}]" for i in range(3)]),
    ],
)
def test_as_people_write_it(name, written):
    assert [said(f) for f in partials(TABLE[name], 0)[2]] == written


def test_simplified():
    p, y, w = symbols(p=0.25, y=1.0, w=-2.0)
    assert said(p + p) == "2·p"
    assert said(p * p * p) == "p³"
    assert said(0.5 * (2.0 * (p - y)) * -1.0) == "y - p"
    assert said(-(y - p) * w) == "(p - y)·w"
    assert said(-y * (1.0 - p) + (1.0 - y) * p) == "p - y"
    assert said(p * (1.0 - p)) == "p·(1 - p)"
    assert said((ac.reciprocal(p) * y - w) * p) == "y - w·p"
    assert said(p - p) == "0"
    assert said((p - y) * w, numbers=True, spaced=True) == "(0.25 - 1) · (-2)"


def test_x_over_x_stays_where_it_is_not_1():
    (x,) = symbols(x=0.0)
    assert said(ac.reciprocal(x) * x) == "x/x"
    assert math.isnan((ac.reciprocal(x) * x).number)


def test_what_is_long_is_not_kept():
    many = symbols(**{f"x{i}": float(i) for i in range(LONGEST + 1)})
    whole = sum(many[1:], start=many[0])
    assert whole.expression.terms is None
    assert whole.number == sum(range(LONGEST + 1))
    assert (whole * many[0]).expression.terms is None
    assert str(whole) == "..."


RULES = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: -a,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: a * a,
    lambda a, b: 2.0 - a,
    lambda a, b: 0.5 * (a - b),
    lambda a, b: ac.square(a - b),
    lambda a, b: ac.reciprocal(b),
    lambda a, b: ac.sigmoid(-a),
    lambda a, b: ac.sigmoid(a) * (1.0 - ac.sigmoid(a)),
    lambda a, b: ac.sum([a, b, -a]),
    lambda a, b: ac.dot([a, b], [b, 2.0]),
    lambda a, b: ac.prod([a, b, a]),
    lambda a, b: ac.where(a > b, a, b),
    lambda a, b: ac.softmax([a, b])[1],
    lambda a, b: ac.tanh(a) ** 2,
]


@pytest.mark.parametrize("seed", range(300))
def test_what_is_simplified_keeps_its_value(seed):
    """The number is that of floats, and what is written comes to it, however random arithmetic was simplified."""
    rng = random.Random(seed)
    names = {name: rng.choice([0.25, -0.5, 1.0, 2.0, -3.0, 0.75]) for name in "uvwx"}
    formulas, floats = symbols(**names), list(names.values())
    for _ in range(rng.randint(2, 6)):
        rule, i, j = rng.choice(RULES), rng.randrange(len(floats)), rng.choice([-1, -2, 0])
        try:
            exact = rule(floats[j], floats[i])
        except ZeroDivisionError:
            continue
        formulas.append(rule(formulas[j], formulas[i]))
        floats.append(exact)
        f = formulas[-1]
        if f.is_kept and math.isfinite(exact):
            assert f.number == pytest.approx(exact, rel=1e-9, abs=1e-9)
            assert read_back(said(f), names) == pytest.approx(exact, rel=2e-3, abs=1e-3 * max(1.0, abs(exact))), str(f)
