from __future__ import annotations

from autograd_core import Value, explain


def test_latex():
    W5, a1 = Value(0.5, "W5"), Value(2.0, "a_1")
    y = W5 * a1 + W5 * 3
    y.label = "50% {y}"
    text = explain(y, W5)._repr_latex_()
    assert text.startswith("$$\n\\begin{aligned}")
    assert r"\frac{\partial \text{50}\%\text{ }\{\text{y}\}}{\partial W_{5}}" in text
    assert text.count("{") == text.count("}")


def test_long_formulas_of_a_path_have_a_row_of_their_own_in_latex():
    def rows(depth):
        y = x = Value(0.5, "x")
        for k in range(depth):
            y = y * Value(2.0, f"a_weight_with_a_long_name_{k}")
        return explain(y, x)._repr_latex_().split("\\\\\n")

    weight = r"= \text{a}\_\text{weight}"
    assert r"\partial x}" in rows(2)[1]
    assert weight in rows(2)[1]
    assert r"\partial x}" in rows(4)[1]
    assert weight not in rows(4)[1]
    assert rows(4)[2].startswith(rf"& \qquad {weight}")


def test_one_path_is_no_sum_in_latex():
    x, b = Value(2.0, "x"), Value(-0.4, "b")

    def rows(y):
        y.label = y.label or "y"
        return explain(y, x)._repr_latex_().splitlines()[2:-2]

    assert rows(x * x)[1:] == [r"&= 2 \cdot x = 4 \\"]
    assert len(rows(x + b)) == len(rows(x)) == 1
    chain = rows((x * b) ** 2)
    assert chain[1].startswith(r"&= \frac{\partial y}{\partial v_{1}} \, \frac{\partial v_{1}}{\partial x} = ")
    assert not any("&+" in row for row in chain)


def test_a_negative_number_has_one_pair_of_brackets():
    x, b = Value(2.0, "x"), Value(-0.4, "b")
    d = explain((x * b) ** 2, x)
    assert "in all: 2·x·b² = 2·2·(-0.4)² = 0.64" in str(d).replace(" · ", "·")
    assert r"{\left(-0.4\right)}" not in d._repr_latex_()
    assert r"\left(-0.4\right)^{2}" in d._repr_latex_()
