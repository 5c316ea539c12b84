"""array(): NumPy arrays of Values."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from autograd_core import Value, array, derivative, grad
from autograd_core.errors import NotAScalarError, ShapeError

VECTOR = np.array([0.4, 1.1, 2.0])


def test_array_makes_leaves_and_keeps_values():
    v = Value(5.0, label="v")
    made = array([[1, v], [np.float64(2.5), True]])
    assert made.dtype == object
    assert made.shape == (2, 2)
    assert made[0, 1] is v
    assert [x.data for x in made.flat] == [1.0, 5.0, 2.5, 1.0]
    assert [x.is_leaf for x in made.flat] == [False, True, False, False]
    assert all(isinstance(x, Value) and x.is_leaf for x in array([[1, np.float64(2.5)], [True, 0.0]]).flat)
    assert array(np.arange(6).reshape(1, 2, 3)).shape == (1, 2, 3)
    assert array([]).shape == (0,)
    assert array(2.0).shape == ()
    again = array(made)
    assert again is not made
    assert all(a is b for a, b in zip(again.flat, made.flat, strict=True))


def test_array_mends_a_mixed_one():
    v = array(VECTOR)
    chosen = array(np.where(v > 1.0, v, 0.0))
    np.sum(np.exp(chosen)).backward()
    assert [x.grad for x in v] == pytest.approx([0.0, np.exp(1.1), np.exp(2.0)], rel=1e-15)
    for transform in (grad, derivative):
        found = transform(lambda x: np.sum(np.exp(array([x, 1.0]))))(2.0)
        assert type(found) is float
        assert found == pytest.approx(np.exp(2.0), rel=1e-15)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ([[1.0, 2.0], [3.0]], ShapeError, r"lists of one length at each depth, got \[\[1.0, 2.0\], \[3.0\]\]"),
        ([1.0, "a"], NotAScalarError, r"the string 'a': convert it with float\(\) first; at \[1\]"),
        ([[1.0, None]], NotAScalarError, r"got None.*at \[0, 1\]"),
        ([1j], NotAScalarError, "complex"),
        ("abc", NotAScalarError, "the string 'abc'"),
        ({"a": 1.0}, NotAScalarError, "dict"),
        (None, NotAScalarError, "None"),
    ],
)
def test_array_names_what_is_no_number(data, error, message):
    with pytest.raises(error, match=message):
        array(data)


def test_importing_the_package_imports_the_standard_library_alone():
    code = "import sys; old = {*sys.modules}; import autograd_core; autograd_core.array; print(*{*sys.modules} - old)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    others = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert {name for name in others if not name.endswith("__mypyc")} == {"autograd_core"}


@pytest.mark.parametrize("call", ["array([1.0])", "scipy_objective(abs)"])
def test_without_numpy_the_remedy_is_named(call):
    code = f"import sys; sys.modules['numpy'] = None; from autograd_core import *; {call}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingDependencyError" in done.stderr
    assert "pip install 'autograd-core[all]'" in done.stderr
