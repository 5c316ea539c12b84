"""One row for each primitive: its whole domain, what it should give by mpmath, and the bounds that it keeps.

The bounds, in units in the last place, lie little above the largest errors in 20,000 samples with glibc 2.36;
`python -m tests.support.domains 20000` measures them. No value is off by more than 4 and no partial by more than 5.
Where floats cannot come that close to the result itself, a comment says which magnitude counts in its place, and why.
"""

from __future__ import annotations

import sys
from random import Random

import mpmath as mp

from autograd_core.rules.table import TABLE
from tests.support.accuracy import (
    ANY,
    POSITIVE,
    Domain,
    Sampler,
    between,
    bounds,
    each_of,
    errors,
    lists,
    mix,
    near,
    points,
    spread,
    within,
)
from tests.support.exact import (
    density,
    distribution,
    gauss,
    length,
    log_gamma,
    log_gamma_terms,
    log_sum_exp,
    logistic,
    others,
    paired,
    psi,
    psi_terms,
    share,
    shift,
    soft_max,
    step,
)

NORMAL = mp.ldexp(1, -1022)
"""The smallest normal float."""
EVERYDAY = mix(spread(-40, 40), between(-10.0, 10.0))
EXPONENT = mix(within(-746.0, 710.0, between(-746.0, 710.0)), spread(-1074, 9), between(-2.0, 2.0))
UNIT = mix(between(-1.0, 1.0), spread(-1074, 0), within(-1.0, 1.0, near(-1.0, 1.0)))
TAILS = mix(between(-40.0, 40.0), spread(-1074, 5), between(-3.0, 3.0))
WIDE = mix(EXPONENT, spread(-1074, 1024), points(-1000.0, 1000.0))


def powers(rng: Random) -> list[float]:
    """Positive bases of all sizes, exponents so that the power is mostly a float; some negative bases."""
    kind = rng.random()
    if kind < 0.3:
        return [rng.uniform(-20, 20), float(rng.randint(-12, 12))]
    x = rng.choice([spread(-1074, 1024, "+"), between(0.0, 10.0), near(1.0)])(rng)
    k = rng.uniform(-1100, 1023) / float(mp.log(x, 2)) if x != 1.0 else rng.uniform(-5, 5)
    return [x or 0.5, k * rng.choice([1.0, 1.0, 2.0 ** rng.uniform(-30, 0)])]


def near_integers(rng: Random) -> float:
    return near(float(-rng.randint(0, 30)))(rng)


def half_integers(rng: Random) -> float:
    return near(-0.5 - rng.randint(0, 30))(rng)


GAMMA: Sampler = mix(
    spread(-1074, 1010, "+"), spread(-20, 8, "+"), between(0.0, 20.0), near(1.0, 2.0, 1.4616321449683623),
    between(-30.0, 0.0), between(-1e6, 0.0), near_integers, half_integers,
)  # fmt: skip


def not_a_pole(sampler: Sampler) -> Sampler:
    def sample(rng: Random) -> float:
        while (x := sampler(rng)) <= 0.0 and x == int(x):
            pass
        return x

    return sample


def psi_operands(rng: Random) -> list[float]:
    return [float(rng.choice([0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 7, 20, 60, 99])), not_a_pole(GAMMA)(rng)]


def unary(sampler, value, slope, ulps, slope_ulps, scale=None, slope_scale=None) -> Domain:
    """A row of one operand: bounds and scales for the value and for the slope."""
    return Domain(each_of(sampler), value, (slope,), ulps, (slope_ulps,), scale, (slope_scale,))


# fmt: off
DOMAINS = {
    # Arithmetic.
    "add": Domain(each_of(ANY, ANY), lambda a, b: a + b, (lambda a, b: 1, lambda a, b: 1), 0.5, (0, 0)),
    "subtract": Domain(each_of(ANY, ANY), lambda a, b: a - b, (lambda a, b: 1, lambda a, b: -1), 0.5, (0, 0)),
    "multiply": Domain(each_of(ANY, ANY), lambda a, b: a * b, (lambda a, b: b, lambda a, b: a), 0.5, (0, 0)),
    "divide": Domain(
        each_of(ANY, ANY), lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2), 0.5, (0.5, 1.6),
        # The second is -y/b: where y is below the normal floats, 1/b magnifies its quantum.
        partial_scales=(None, lambda a, b: NORMAL / abs(b)),
    ),
    "identity": unary(ANY, lambda x: x, lambda x: 1, 0, 0),
    "negative": unary(ANY, lambda x: -x, lambda x: -1, 0, 0),
    "power": Domain(
        powers, lambda x, k: x**k,
        (lambda x, k: k * x ** (k - 1), lambda x, k: x**k * mp.log(x) if x > 0 else mp.nan), 1, (4, 2.5),
        # The second is y log(x): where y is below the normal floats, the logarithm magnifies its quantum.
        partial_scales=(None, lambda x, k: abs(mp.log(abs(x))) * NORMAL),
    ),
    "reciprocal": unary(ANY, lambda x: 1 / x, lambda x: -1 / x**2, 0.5, 2),
    "square": unary(ANY, lambda x: x * x, lambda x: 2 * x, 0.5, 0),
    "sqrt": unary(POSITIVE, mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), 0.5, 1.6),
    "cbrt": unary(
        ANY, lambda x: mp.sign(x) * mp.cbrt(abs(x)), lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2), 0.51, 3.5
    ),
    # Exponentials and logarithms.
    "exp": unary(EXPONENT, mp.exp, mp.exp, 1, 1),
    "expm1": unary(EXPONENT, mp.expm1, mp.exp, 1, 1),
    "log": unary(mix(POSITIVE, near(1.0)), mp.log, lambda x: 1 / x, 1, 0.5),
    "log1p": unary(
        mix(POSITIVE, within(-1.0, 1.0, near(-1.0, side="+")), spread(-1074, -1)), mp.log1p, lambda x: 1 / (1 + x),
        1, 1.6,
    ),
    "log2": unary(mix(POSITIVE, near(1.0)), lambda x: mp.log(x) / mp.ln2, lambda x: 1 / (x * mp.ln2), 1, 0.7),
    "log10": unary(mix(POSITIVE, near(1.0)), lambda x: mp.log(x) / mp.ln10, lambda x: 1 / (x * mp.ln10), 2, 0.8),
    # Trigonometric and hyperbolic functions.
    "sin": unary(mix(ANY, near(3.141592653589793)), mp.sin, mp.cos, 1, 1),
    "cos": unary(mix(ANY, near(1.5707963267948966)), mp.cos, lambda x: -mp.sin(x), 1, 1),
    "tan": unary(
        mix(ANY, near(1.5707963267948966, -1.5707963267948966)), mp.tan, lambda x: 1 + mp.tan(x) ** 2, 1, 2.5
    ),
    "one_minus_square": unary(mix(UNIT, spread(0, 500)), lambda x: 1 - x * x, lambda x: -2 * x, 1.6, 0),
    "asin": unary(UNIT, mp.asin, lambda x: 1 / mp.sqrt(1 - x * x), 1, 2.5),
    "acos": unary(UNIT, mp.acos, lambda x: -1 / mp.sqrt(1 - x * x), 1, 2.5),
    "atan": unary(ANY, mp.atan, lambda x: 1 / (1 + x * x), 1, 4),
    "atan2": Domain(
        each_of(ANY, ANY), mp.atan2, (lambda a, b: b / (a * a + b * b), lambda a, b: -a / (a * a + b * b)), 1, (3, 3),
        # b/length/length: where the ratio or the length is below the normal floats, its quantum is magnified.
        partial_scales=(
            lambda a, b: NORMAL / length(a, b) * max(1, 2 * abs(b) / length(a, b) ** 2),
            lambda a, b: NORMAL / length(a, b) * max(1, 2 * abs(a) / length(a, b) ** 2),
        ),
    ),
    "sinh": unary(EXPONENT, mp.sinh, mp.cosh, 2, 1.5),
    "cosh": unary(EXPONENT, mp.cosh, mp.sinh, 2, 2),
    "sech": unary(WIDE, mp.sech, lambda x: -mp.sech(x) * mp.tanh(x), 2, 4),
    "tanh": unary(WIDE, mp.tanh, lambda x: mp.sech(x) ** 2, 2.5, 4.5),
    "asinh": unary(ANY, mp.asinh, lambda x: 1 / mp.sqrt(1 + x * x), 2, 1.8),
    "acosh": unary(
        within(1.0, 1.79e308, mix(spread(0, 1024, "+"), near(1.0))), mp.acosh, lambda x: 1 / mp.sqrt(x * x - 1), 2, 3
    ),
    "atanh": unary(UNIT, mp.atanh, lambda x: 1 / (1 - x * x), 2, 2.2),
    # Special functions. Below the normal floats a value is rounded to a quantum; a factor of it magnifies that.
    "erf": unary(TAILS, mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * gauss(x), 1.2, 3),
    "erfc": unary(TAILS, mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * gauss(x), 4, 3),
    "lgamma": unary(
        not_a_pole(GAMMA), log_gamma, lambda x: psi(0, x), 3.5, 3, log_gamma_terms, lambda x: psi_terms(0, x)
    ),
    "polygamma": Domain(
        psi_operands, psi, (None, lambda n, x: psi(n + 1, x)), 3, (0, 3), psi_terms,
        (None, lambda n, x: psi_terms(n + 1, x)),
    ),
    "gaussian": unary(TAILS, gauss, lambda x: -2 * x * gauss(x), 2.2, 3.5, None, lambda x: 2 * abs(x) * NORMAL),
    "normal_pdf": unary(TAILS, density, lambda x: -x * density(x), 3.5, 4, None, lambda x: abs(x) * NORMAL),
    "normal_cdf": unary(TAILS, distribution, density, 3, 4),
    # Activations. The slopes of gelu and silu are sums that cancel at one point, where both terms count.
    "sigmoid": unary(WIDE, logistic, lambda x: logistic(x) * logistic(-x), 2.2, 3.7),
    "softplus": unary(WIDE, lambda x: max(x, 0) + mp.log1p(mp.exp(-abs(x))), logistic, 1.5, 2.2),
    "relu": unary(ANY, lambda x: max(x, 0), step, 0, 0),
    "leaky_relu": Domain(
        each_of(ANY, EVERYDAY), lambda x, k: x if x > 0 else k * x,
        (lambda x, k: 1 if x > 0 else k, lambda x, k: 0 if x > 0 else x), 0.5, (0, 0),
    ),
    "elu": Domain(
        each_of(WIDE, EVERYDAY), lambda x, k: x if x > 0 else k * mp.expm1(x),
        (lambda x, k: 1 if x > 0 else k * mp.exp(x), lambda x, k: 0 if x > 0 else mp.expm1(x)), 1.5, (1.6, 1),
        partial_scales=(lambda x, k: abs(k) * NORMAL, None),
    ),
    "gelu": unary(
        TAILS, lambda x: x * distribution(x), lambda x: distribution(x) + x * density(x), 3.6, 4.4,
        lambda x: abs(x) * NORMAL, lambda x: abs(x) * max(density(x), NORMAL),
    ),
    "silu": unary(
        WIDE, lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x)), 3, 3.5,
        None, lambda x: abs(x * logistic(x) * logistic(-x)),
    ),
    # Kinks and choices.
    "abs": unary(ANY, abs, mp.sign, 0, 0),
    "sign": unary(ANY, mp.sign, lambda x: 0, 0, 0),
    "greater": Domain(each_of(ANY, ANY), lambda a, b: step(a - b), (None, None), 0, (0, 0)),
    "is_zero": unary(mix(ANY, points(0.0, -0.0)), lambda x: 1 if x == 0 else 0, None, 0, 0),
    "maximum": Domain(each_of(ANY, ANY), max, (share, lambda a, b: share(b, a)), 0, (0, 0)),
    "minimum": Domain(each_of(ANY, ANY), min, (lambda a, b: share(b, a), share), 0, (0, 0)),
    "hypot": Domain(
        each_of(ANY, ANY), length, (lambda a, b: a / length(a, b), lambda a, b: b / length(a, b)), 1, (1.6, 1.6),
        # A length below the normal floats has fewer bits.
        partial_scales=(
            lambda a, b: NORMAL * abs(a) / length(a, b) ** 2,
            lambda a, b: NORMAL * abs(b) / length(a, b) ** 2,
        ),
    ),
    "where": Domain(
        each_of(points(0.0, -0.0, 1.0, -3.0), ANY, ANY), lambda c, a, b: a if c else b,
        (None, lambda c, a, b: 1 if c else None, lambda c, a, b: None if c else 1), 0, (0, 0, 0),
    ),
    "clip": Domain(
        each_of(EVERYDAY, between(-5.0, 1.0), between(1.0, 5.0)), lambda x, low, high: min(max(x, low), high),
        (lambda x, low, high: low <= x <= high, lambda x, low, high: x < low, lambda x, low, high: x > high),
        0, (0, 0, 0),
    ),
    # Sequences. A dot product is added up from left to right: the magnitude of its terms counts.
    "sum": Domain(lists(ANY, least=0), lambda *xs: mp.fsum(xs), lambda *xs: [1] * len(xs), 0.5, 0),
    "prod": Domain(lists(EVERYDAY, least=0), lambda *xs: mp.fprod(xs), others, 4, 3),
    "dot": Domain(
        lambda rng: [EVERYDAY(rng) for _ in range(2 * rng.randint(0, 6))], paired,
        lambda *xs: [*xs[len(xs) // 2 :], *xs[: len(xs) // 2]], 3, 0, lambda *xs: paired(*map(abs, xs)),
    ),
    "norm": Domain(
        lists(ANY), length, lambda *xs: [x / length(*xs) for x in xs], 1, 1.6,
        partial_scales=lambda *xs: [NORMAL * abs(x) / length(*xs) ** 2 for x in xs],
    ),
    # The value is max(xs) + log1p(...), which cancel at a zero. x - max(xs) is rounded, and exp turns that
    # absolute error into a relative one of each probability.
    "logsumexp": Domain(
        lists(WIDE), log_sum_exp, soft_max, 1.8, 2, lambda *xs: max(abs(max(xs)), shift(*xs)),
        lambda *xs: [(1 + max(xs) - x) * p for x, p in zip(xs, soft_max(*xs), strict=True)],
    ),
    "detached": unary(ANY, lambda x: x, None, 0, 0),
    "peak": Domain(lists(ANY), lambda *xs: max(xs), lambda *xs: [None] * len(xs), 0, 0),
}
# fmt: on


def measure(count: int) -> None:
    """Print the largest errors found, the value's first, beside the bounds."""
    for name, domain in DOMAINS.items():
        row = TABLE[name]
        largest: dict[int, float] = {}
        for operands in domain.samples(f"{name}, measured", count):
            for k, e in enumerate(errors(row, domain, operands)):
                part = k if row.arity else min(k, 1)
                largest[part] = max(e, largest.get(part, 0.0))
        found = "  ".join(f"{e:.3g} (allowed {b:g})" for e, b in zip(largest.values(), bounds(domain, 3), strict=False))
        print(f"{name:17} {found}", flush=True)


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
