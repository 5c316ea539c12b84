from __future__ import annotations

import pytest

from autograd_core import Value, detach
from autograd_core.errors import NotAScalarError


def test_detach_cuts():
    x = Value(2.0, "x")
    y = x * x
    d = detach(y)
    assert d.is_leaf
    assert d.data == 4.0
    (d * x).backward()
    assert x.grad == 4.0
    assert detach(3) == 3.0
    with pytest.raises(NotAScalarError):
        detach("a")
