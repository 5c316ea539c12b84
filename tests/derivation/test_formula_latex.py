from __future__ import annotations

import pytest

from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formula_latex import latex, latex_name
from autograd_core.rules.table import TABLE
from tests.support.written import partials


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_partial_is_latex(name):
    from matplotlib.mathtext import MathTextParser

    for f in partials(TABLE[name], 0)[2]:
        if isinstance(f, Formula):
            for numbers in (False, True):
                MathTextParser("agg").parse(f"${latex(f.expression, numbers=numbers)}$")


def test_names_as_latex():
    assert latex_name("W5") == "W_{5}"
    assert latex_name("p[0]") == "p_{0}"
    assert latex_name("W1[0][1]") == "W_{1, 0, 1}"
    assert latex_name("y_hat") == r"\hat{y}"
    assert latex_name("a_b") == r"\text{a}\_\text{b}"
