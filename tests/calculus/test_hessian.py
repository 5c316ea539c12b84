from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import grad, hessian, hvp, jacobian, jvp
from tests.support.programs import random_function


def point(count):
    return [0.4 * i - 0.7 for i in range(count)]


def close(a, b):
    np.testing.assert_allclose(np.array(a, dtype=float), np.array(b, dtype=float), rtol=1e-11, atol=1e-11)


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_second_derivatives_agree(seed, n):
    many, x = random_function(seed, n, 1, 15), point(n)

    def f(x):
        return many(x)[0]

    whole = hessian(f)(x)
    close(whole, np.transpose(whole))
    close(whole, jacobian(grad(f), mode="forward")(x))
    for j in range(n):
        e = [1.0 if i == j else 0.0 for i in range(n)]
        close([row[j] for row in whole], hvp(f, x, e))
        close([row[j] for row in whole], jvp(jacobian(many), x, e)[1][0])
        close([row[j] for row in whole], grad(lambda y, e=e: jvp(f, y, e)[1])(x))


@given(st.integers(0, 10**6), st.integers(2, 25))
def test_sparse_hessians_are_the_dense_ones(seed, n):
    many, x = random_function(seed, n, 6, length=n + 4, reach=n), point(n)

    def f(x):
        return ac.sum(many(x))

    close(hessian(f, sparse=True)(x).toarray(), hessian(f)(x))


def test_a_jacobian_of_a_gradient_and_back():
    def f(x):
        return x[0] ** 3 * x[1]

    assert jacobian(grad(f))([2.0, 5.0]) == hessian(f)([2.0, 5.0]) == [[60.0, 12.0], [12.0, 0.0]]
    assert grad(lambda x: jacobian(lambda y: [f(y)])(x)[0][0])([2.0, 5.0]) == [60.0, 12.0]
    third = jacobian(hessian(f))([2.0, 5.0])
    assert third == [[[30.0, 12.0], [12.0, 0.0]], [[12.0, 0.0], [0.0, 0.0]]]
