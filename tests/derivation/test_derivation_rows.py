"""Text and LaTeX are two ways to write the same rows: on random graphs they tell the same, and LaTeX is well formed."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

import autograd_core as ac
from autograd_core import Value, explain
from autograd_core.derivation.formula_latex import latex_number
from autograd_core.derivation.formula_text import short

LABELS = ["a", "W5", "y_hat", "x[0][1]", "50% {of} it", "a_long_name", "\\alpha^~", "b#1", "", ""]

OPERATIONS = [
    lambda u, v: u * v,
    lambda u, v: u - v,
    lambda u, v: u + v,
    lambda u, v: -u,
    lambda u, v: u / (v * v + 1.5),
    lambda u, v: ac.tanh(u),
    lambda u, v: ac.sigmoid(u) * v,
    lambda u, v: ac.exp(u * 0.25),
    lambda u, v: ac.relu(u - v),
    lambda u, v: ac.sum([u, v, u]),
    lambda u, v: ac.softmax([u, v, 0.5])[0],
    lambda u, v: u * 1e-12 + v * 1e20,
    lambda u, v: ac.hypot(u, v),
    lambda u, v: (u - v) ** 2 / 2,
]


def random_derivation(seed, labels):
    rng = random.Random(seed)
    values = [Value(rng.uniform(-2.0, 2.0), rng.choice(labels)) for _ in range(3)]
    x = values[0]
    for _ in range(rng.randint(1, 12)):
        v = rng.choice(OPERATIONS)(values[-1], rng.choice(values))
        if rng.random() < 0.4:
            v.label = rng.choice(labels)
        values.append(v)
    return explain(values[-1], x, max_paths=rng.choice([None, 1, 20]))


@pytest.mark.parametrize("seed", range(150))
def test_latex_is_well_formed(seed):
    d = random_derivation(seed, LABELS)
    latex = [d._repr_latex_()]
    if d.formula is not None:
        latex.append(d.formula._repr_latex_())
    for written in latex:
        assert written.count("$") in (2, 4)
        for opening, closing in (("{", "}"), (r"\left", r"\right")):
            depth = 0
            for piece in re.findall(r"\\[a-zA-Z]+|\\.|[{}]", written, flags=re.DOTALL):
                depth += (piece == opening) - (piece == closing)
                assert depth >= 0
            assert depth == 0
        assert written.count(r"\begin{aligned}") == written.count(r"\end{aligned}")
    if d.count:
        for line in re.split(r"\\\\\n", latex[0].split("\n", 2)[2]):
            assert len(re.findall(r"(?<!\\)&", line)) == (not line.startswith(r"\end"))


def numbers_of_text(written):
    """The numbers without their signs, which stand before a whole fraction in LaTeX."""
    return Counter(re.findall(r"(?<![\w.])(?:\d+(?:\.\d+)?(?:e[+-]\d+)?|inf|nan)(?![\w.])", written))


def numbers_of_latex(written):
    """The numbers in the form that text gives them, without those that belong to names, powers and spaces."""
    written = re.sub(r" \\cdot 10\^\{(-?)(\d+)\}", lambda m: f"e{m[1] or '+'}{int(m[2]):02}", written)
    written = re.sub(r"_\{[^{}]*\}|\^(\{\d+\}|\d)", "", written)
    written = re.sub(r"\\text\{(nan)\}", r"\1", written).replace(r"\infty", "inf")
    return numbers_of_text(re.sub(r"\\[a-zA-Z]+", " ", written))


def comparable_text(d):
    """The text without powers, and without what LaTeX leaves out: a path that is one number, and what it is cut at."""
    lines = str(d).splitlines()
    if d.count == 1 and len(d.paths[0].factors) < 2 and not d.rows().paths[0].has_formulas:
        del lines[1]
    return re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]| \*\* \d+", "", "\n".join(x for x in lines if not x.strip().startswith("and ")))


@pytest.mark.parametrize("seed", range(150))
def test_text_and_latex_tell_the_same_numbers(seed):
    d = random_derivation(seed, ["a", "b", "c"])
    if not d.count:
        assert numbers_of_latex(d._repr_latex_()) == numbers_of_text("0")
        return
    latex = [line for line in d._repr_latex_().splitlines() if r"\text{and " not in line]
    assert numbers_of_latex("\n".join(latex)) == numbers_of_text(comparable_text(d))


@pytest.mark.parametrize("seed", range(60))
def test_each_path_ends_in_its_product(seed):
    d = random_derivation(seed, LABELS)
    shown = d.paths[:8]
    text = str(d).splitlines()[1 : 1 + len(shown)]
    assert [line.rpartition(" = ")[2] for line in text] == [short(path.product) for path in shown]
    if d.count > 1:
        latex = d._repr_latex_().replace(" \\\\\n& \\qquad", "").splitlines()[3 : 3 + len(shown)]
        ends = [line.rpartition(" = ")[2] for line in latex]
        assert ends == [rf"{latex_number(path.product)} \\" for path in shown]


@pytest.mark.parametrize("seed", range(60))
def test_each_row_says_what_was_found(seed):
    d = random_derivation(seed, LABELS)
    rows = d.rows()
    assert (rows.total, rows.count) == (pytest.approx(d.total, nan_ok=True), d.count)
    assert [row.product for row in rows.paths] == [path.product for path in d.paths[:8]]
    for row, path in zip(rows.paths, d.paths, strict=False):
        kept = [factor for factor in row.factors if factor is not None]
        assert len(kept) == min(len(path.factors), 9 + (len(path.factors) == 10))
        assert row.has_formulas == any(f is not None and f.expression.has_names for f in d.symbols(path))
        for factor in kept:
            assert factor.formula is None or factor.formula.number == pytest.approx(
                factor.number, rel=1e-6, nan_ok=True
            )
