"""How far floats are from the exact answer, in units in the last place, and samplers that reach whole domains."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import mpmath as mp

from autograd_core.rules.rows import Primitive

DIGITS = 60
BEYOND = mp.ldexp(1, 1024)
"""The first power of two that no float reaches: inf counts as this, and so does what is exactly beyond it."""

Sampler = Callable[[Random], float]
Exact = Callable[..., Any]


def ulp(x: mp.mpf) -> mp.mpf:
    """The distance between neighbouring floats of the magnitude of x; below the normal floats, their quantum."""
    return mp.ldexp(1, max(mp.frexp(x)[1] - 53, -1074)) if x else mp.ldexp(1, -1074)


def error(got: float, exact: mp.mpf, scale: mp.mpf | int = 0) -> float:
    """|got - exact| in units in the last place of the exact number, or of `scale` where that is larger."""
    if math.isnan(got) or mp.isnan(exact):
        return 0.0 if mp.isnan(exact) and math.isnan(got) else math.inf
    exact = max(-BEYOND, min(BEYOND, exact))
    near = mp.mpf(got) if math.isfinite(got) else mp.sign(got) * BEYOND
    return float(abs(near - exact) / ulp(min(max(abs(exact), scale), BEYOND / 2)))


@dataclass(frozen=True)
class Domain:
    """Where a primitive lives, what it should give there, and how close it must come.

    `value` and `partials` are written in mpmath, apart from the table, and take the operands one by one.
    `partials` is one function for each operand, None for no edge; over a sequence it is one that returns a list.
    Errors count in ulps of the exact result; where that is out of reach, `scale` and `partial_scales` (in the
    same form as `partials`) give the magnitude that counts, and the row says why.
    """

    sample: Callable[[Random], Sequence[float]]
    value: Exact
    partials: Exact | Sequence[Exact | None]
    ulps: float = 1.0
    partial_ulps: float | Sequence[float] = 1.0
    scale: Exact | None = None
    partial_scales: Exact | Sequence[Exact | None] | None = None

    def samples(self, name: str, count: int) -> list[list[float]]:
        """The same operands in every run."""
        rng = Random(name)
        return [list(self.sample(rng)) for _ in range(count)]


def each(functions: Exact | Sequence[Exact | None] | None, xs: Sequence[mp.mpf]) -> list[Any]:
    """Call the functions of a row that stand for its operands; None stays None."""
    if functions is None:
        return [None] * len(xs)
    if callable(functions):
        return list(functions(*xs))
    return [None if f is None else f(*xs) for f in functions]


def errors(row: Primitive, domain: Domain, operands: Sequence[float]) -> list[float]:
    """The errors of the value and of each partial at `operands`, in the units of the domain."""
    value = row.evaluate(operands)
    partials = row.linearize(operands, value, [True] * len(operands))
    with mp.workdps(DIGITS):
        xs = [mp.mpf(x) for x in operands]
        found = [error(value, domain.value(*xs), domain.scale(*xs) if domain.scale else 0)]
        exact = each(domain.partials, xs)
        scales = each(domain.partial_scales, xs)
        for got, slope, scale in zip(partials, exact, scales, strict=True):
            if got is None or slope is None:  # a row that selects has no edge to an operand that was not chosen
                same = got is slope or (row.selects and (got or 0.0) == (slope or 0.0))
                found.append(0.0 if same else math.inf)
            else:
                found.append(error(got, slope, scale or 0))
    return found


def bounds(domain: Domain, count: int) -> list[float]:
    """The bounds that belong to what `errors` returns for `count` operands."""
    slopes = domain.partial_ulps
    return [domain.ulps, *([slopes] * count if isinstance(slopes, (int, float)) else slopes)]


def mismatches(row: Primitive, domain: Domain, samples: Iterable[Sequence[float]]) -> list[str]:
    """Say where the row is off by more than its domain allows."""
    wrong = []
    for operands in samples:
        off = errors(row, domain, operands)
        for k, (e, bound) in enumerate(zip(off, bounds(domain, len(operands)), strict=True)):
            if not e <= bound:
                what = "value" if k == 0 else f"partial {k - 1}"
                wrong.append(f"{row.name}{tuple(operands)!r}: {what} is off by {e:.3g} ulp, allowed are {bound}")
    return wrong


# Samplers.


def spread(low: int, high: int, signs: str = "+-") -> Sampler:
    """Magnitudes from 2**low to 2**high, evenly over the exponents."""

    def sample(rng: Random) -> float:
        x = math.ldexp(rng.uniform(1.0, 2.0), rng.randrange(low, high))
        return -x if rng.choice(signs) == "-" else x

    return sample


def between(low: float, high: float) -> Sampler:
    """Evenly from low to high."""
    return lambda rng: rng.uniform(low, high)


def near(*points: float, side: str = "+-") -> Sampler:
    """Close to one of `points`, at distances from one float to one quarter, evenly over the exponents."""

    def sample(rng: Random) -> float:
        point = rng.choice(points)
        distance = math.ldexp(rng.uniform(1.0, 2.0), rng.randrange(-56, -2)) * max(1.0, abs(point))
        x = point - distance if rng.choice(side) == "-" else point + distance
        return x if x != point else math.nextafter(point, -math.inf if side == "-" else math.inf)

    return sample


def points(*xs: float) -> Sampler:
    """One of `xs`."""
    return lambda rng: rng.choice(xs)


def mix(*samplers: Sampler) -> Sampler:
    """One of the samplers, each as often as the others."""
    return lambda rng: rng.choice(samplers)(rng)


def within(low: float, high: float, sampler: Sampler) -> Sampler:
    """Only what lies between low and high."""

    def sample(rng: Random) -> float:
        while not low <= (x := sampler(rng)) <= high:
            pass
        return x

    return sample


def each_of(*samplers: Sampler) -> Callable[[Random], list[float]]:
    """One operand from each sampler."""
    return lambda rng: [sampler(rng) for sampler in samplers]


def lists(sampler: Sampler, most: int = 6, least: int = 1) -> Callable[[Random], list[float]]:
    """Sequences of several lengths."""
    return lambda rng: [sampler(rng) for _ in range(rng.randint(least, most))]


ANY = mix(spread(-1074, 1024), spread(-40, 40), between(-10.0, 10.0))
"""All finite floats, those of everyday size more often."""
POSITIVE = mix(spread(-1074, 1024, "+"), spread(-40, 40, "+"), between(0.0, 10.0))
