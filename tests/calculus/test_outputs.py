from __future__ import annotations

import pytest

import autograd_core as ac
from autograd_core import derivative, divergence, hessian, jacobian, jvp, laplacian, taylor
from autograd_core.errors import NotAScalarError


def test_a_function_that_returns_nothing():
    calls = {
        "jvp": lambda f: jvp(f, 1.0, 1.0),
        "vjp": lambda f: ac.vjp(f, 1.0),
        "derivative": lambda f: derivative(f)(1.0),
        "taylor": lambda f: taylor(f, 1.0, 2),
        "divergence": lambda f: divergence(f)(1.0),
        "laplacian": lambda f: laplacian(f)(1.0),
        "jacobian": lambda f: jacobian(f)(1.0),
        "hessian": lambda f: hessian(f)(1.0),
    }
    for name, call in calls.items():
        with pytest.raises(NotAScalarError, match=rf"^{name}\(<lambda>\) .* it returned None: .* without a return"):
            call(lambda x: None)
