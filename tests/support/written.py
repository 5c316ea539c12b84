"""Formulas made for tests, and what a formula that is written comes to."""

from __future__ import annotations

import random
import re

import autograd_core as ac
from autograd_core.derivation.expression import Atom
from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formula_text import text
from autograd_core.rules.kinds import Pairing
from autograd_core.rules.table import TABLE

FUNCTIONS = {
    **{name: row for name, row in TABLE.items() if row.arity},
    "σ": ac.sigmoid,
    "softmax": lambda *xs: ac.softmax(list(xs)),
}


def read_back(written: str, names: dict[str, float]) -> float:
    """What a formula comes to, by Python's own parser."""
    for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        written = written.replace(digit, f"**{i}")
    part = r"((?:[^\[\]]|\[\d+\])+)"  # which may have a place in a list, values[3]
    written = re.sub(rf"\[{part} > {part}\]", r"float(\1 > \2)", written.replace("·", "*"))
    return eval(written, {**FUNCTIONS, **names})


def symbols(**numbers: float) -> list[Formula]:
    return [Formula.of_atom(Atom(name, x, name=name), {}) for name, x in numbers.items()]


def said(f: Formula, **how: bool) -> str:
    return text(f.expression, **how)


def partials(row, seed):
    """The operands of a row, its partials as floats and as formulas."""
    rng = random.Random(seed)
    count = row.arity or (4 if isinstance(row, Pairing) else 3)
    low = 1.1 if row.name == "acosh" else 0.1
    numbers = dict(zip("uvwx", (rng.uniform(low, low + 0.8) for _ in range(count)), strict=False))
    if row.name == "polygamma":
        numbers["u"] = 2.0
    data = row.evaluate(list(numbers.values()))
    active = [True] * count
    floats = row.linearize(list(numbers.values()), data, active)
    names = {**numbers, "y": data}
    *operands, result = symbols(**names)
    return names, floats, row.linearize(operands, result, active)
