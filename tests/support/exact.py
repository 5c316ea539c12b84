"""Functions in mpmath that it lacks, as the table of primitives and what is composed of it should give them."""

from __future__ import annotations

import mpmath as mp


def logistic(x):
    return mp.exp(x) / (1 + mp.exp(x)) if x < 0 else 1 / (1 + mp.exp(-x))


def gauss(x):
    return mp.exp(-x * x)


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def distribution(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_gamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(mp.pi / abs(mp.sinpi(x))) - mp.loggamma(1 - x)


def log_gamma_terms(x):
    """The magnitude of what is added: on the negative axis, from -2 down, the terms cancel at the zeros."""
    return 0 if x > -2 else abs(mp.log(mp.pi / abs(mp.sinpi(x)))) + abs(mp.loggamma(1 - x))


def log_sum_exp(*xs):
    top = max(xs)
    rest = list(xs)
    rest.remove(top)
    return top + mp.log1p(mp.fsum(mp.exp(x - top) for x in rest))


def soft_max(*xs):
    total = mp.fsum(mp.exp(x - max(xs)) for x in xs)
    return [mp.exp(x - max(xs)) / total for x in xs]


def shift(*xs):
    """What the rounding of x - max(xs) does to the logarithm of the sum: the distances, weighted."""
    return mp.fsum(p * (max(xs) - x) for x, p in zip(xs, soft_max(*xs), strict=True))


def log_soft_max(*xs):
    total = log_sum_exp(*(x - max(xs) for x in xs))
    return [x - max(xs) - total for x in xs]


def length(*xs):
    return mp.sqrt(mp.fsum(x * x for x in xs))


def others(*xs):
    return [mp.fprod(x for j, x in enumerate(xs) if j != i) for i in range(len(xs))]


def paired(*xs):
    return mp.fsum(x * y for x, y in zip(xs[: len(xs) // 2], xs[len(xs) // 2 :], strict=True))


def step(x):
    return mp.mpf(1 if x > 0 else 0)


def share(a, b):
    return mp.mpf(1 if a > b else 0 if a < b else "0.5")


def cotangent(n, x):
    """The n-th derivative of pi cot(pi x), which has period 1; by reflection where mpmath is quick."""
    r = x - mp.nint(x)
    return (-1) ** n * mp.psi(n, 1 - r) - mp.psi(n, r)


def psi(n, x):
    """mpmath's for x > 0; below it would add |x| terms one by one."""
    n = int(n)
    return mp.psi(n, x) if x > 0 else (-1) ** n * mp.psi(n, 1 - x) - cotangent(n, x)


def psi_terms(n, x):
    """The magnitude of what is added: on the negative axis the terms cancel at the zeros."""
    n = int(n)
    return 0 if x > 0 else abs(mp.psi(n, 1 - x)) + mp.factorial(n) / abs(x - mp.nint(x)) ** (n + 1)
