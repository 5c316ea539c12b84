from __future__ import annotations

import numpy as np
import pytest

from autograd_core import jvp, vjp
from autograd_core.errors import NotAScalarError, ShapeError
from autograd_core.nesting.matching import matching
from autograd_core.nesting.structures import flatten

NAMES = ("jvp(f)", "v", "x")


def test_dicts_match_by_their_keys():
    """JAX sorts the keys; here they keep their order, and another order means the same."""

    def f(d):
        return {"u": 10.0 * d["a"] + d["b"], "v": d["b"]}

    at = {"a": 1.0, "b": 2.0}
    assert jvp(f, at, {"b": 0.0, "a": 1.0})[1] == jvp(f, at, {"a": 1.0, "b": 0.0})[1] == {"u": 10.0, "v": 0.0}
    assert vjp(f, at)[1]({"v": 5.0, "u": 1.0}) == {"a": 10.0, "b": 6.0}
    assert jvp(lambda d: f(d[0])["u"], [at], ({"b": 0.0, "a": 1.0},))[1] == 10.0
    for wrong in ({"a": 1.0, "c": 1.0}, {"a": 1.0}, {"a": 1.0, "b": 1.0, "c": 1.0}):
        with pytest.raises(ShapeError, match=r"^jvp\(f\): v has the keys \[.*\], x has \['a', 'b'\]; give one entry"):
            jvp(f, at, wrong)


def test_numbers_match_within_their_branch():
    structure, _ = flatten([[1.0, 2.0], [3.0]], "x")
    assert matching(structure, ((1, 2), [3]), *NAMES) == [1.0, 2.0, 3.0]
    assert matching(structure, [1.0, 2.0, 3.0], *NAMES) == [1.0, 2.0, 3.0]
    with pytest.raises(ShapeError, match=r"^jvp\(f\): v\[0\] has 1 number, x\[0\] has 2; .*; got \[1.0\]$"):
        matching(structure, [[1.0], [2.0, 3.0]], *NAMES)
    array, _ = flatten(np.zeros((2, 2)), "x")
    assert matching(array, [[1.0, 2.0], [3.0, 4.0]], *NAMES) == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(NotAScalarError, match=r"^jvp\(f\): v\[1\]\[0\] must be a number, .* the string 'a'"):
        matching(structure, [[1.0, 2.0], ["a"]], *NAMES)
