from __future__ import annotations

import pytest

from autograd_core import (
    vjp,
)
from autograd_core.errors import ArgumentError, ShapeError


def test_the_row_vector_takes_the_structure_of_the_result():
    value, pull = vjp(lambda x: {"a": x["u"] * x["v"], "b": [x["u"]]}, {"u": 2.0, "v": 3.0})
    assert value == {"a": 6.0, "b": [2.0]}
    assert pull({"a": 1.0, "b": [10.0]}) == {"u": 13.0, "v": 2.0}
    assert pull({"a": 0.0, "b": [1.0]}) == {"u": 1.0, "v": 0.0}
    with pytest.raises(ShapeError, match=r"^vjp\(<lambda>\): w has 1 number, the result has 2; .*; got \[1.0\]$"):
        pull([1.0])


def test_several_arguments():
    def f(x, y):
        return [x * y[0], y[1]]

    value, pull = vjp(f, (3.0, [4.0, 5.0]), argnums=(0, 1))
    assert value == [12.0, 5.0]
    assert pull([1.0, 10.0]) == (4.0, [3.0, 10.0])
    assert vjp(f, (3.0, [4.0, 5.0]), argnums=1)[1]([1.0, 10.0]) == [3.0, 10.0]
    assert vjp(f, (3.0, [4.0, 5.0]), argnums=(1, 0))[1]([1.0, 10.0]) == ([3.0, 10.0], 4.0)
    assert vjp(lambda x: x * x, (3.0,), argnums=0)[1](1.0) == 6.0
    with pytest.raises(ArgumentError, match=r"^vjp\(f\) with argnums=1 takes as x the tuple of all arguments"):
        vjp(f, 3.0, argnums=1)
    with pytest.raises(ArgumentError, match=r"^vjp\(f\) differentiates by the argument at position 0 .* got 0 pos"):
        vjp(f, (), argnums=0)
