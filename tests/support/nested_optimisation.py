"""Optimisation within optimisation: the saddle point and the charged particle of Pearlmutter and Siskind.

The derivative of a minimiser that itself follows derivatives is a test of nesting: an inner perturbation must never
be taken for an outer one, nor for a number of the program. Each program is run with forward (F) and reverse (R)
gradients outside and inside. `python -m tests.support.nested_optimisation` prints the answers.

Source of the problems: Pearlmutter and Siskind, Using Programming Language Theory to Make Automatic Differentiation
Sound and Efficient, 2008. Source of the answers: Hongwei Xi's port to ATS (auto_diff.dats), which ends with what it
prints, 0.20719187464861194 and four times 8.2463248261403561e-06; GradBench (evals/particle, evals/saddle) holds other
systems to 0.2071918746486116 and the same four.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from autograd_core import grad, jvp, sqrt

Point = list[Any]
Gradient = Callable[[Callable[[Point], Any]], Callable[[Point], Point]]

PARTICLE = 0.20719187464861194
SADDLE = 8.246324826140356e-06


def gradient_forward(f: Callable[[Point], Any]) -> Callable[[Point], Point]:
    """One directional derivative for each coordinate."""

    def gradient(x: Point) -> Point:
        return [jvp(f, x, [float(i == j) for j in range(len(x))])[1] for i in range(len(x))]

    return gradient


MODES: dict[str, Gradient] = {"F": gradient_forward, "R": grad}


def magnitude(x: Point) -> Any:
    return sqrt(sum(a * a for a in x))


def distance(x: Point, y: Point) -> Any:
    return magnitude([b - a for a, b in zip(x, y, strict=True)])


def argmin(f: Callable[[Point], Any], x: Point, mode: Gradient, step: float = 1e-5) -> Point:
    """Gradient descent whose step doubles after ten successes, and halves after a failure."""
    gradient = mode(f)
    fx, gx, successes = f(x), gradient(x), 0
    while not magnitude(gx) <= 1e-5:
        if successes == 10:
            step, successes = 2.0 * step, 0
            continue
        moved = [a - step * g for a, g in zip(x, gx, strict=True)]
        if distance(x, moved) <= 1e-5:
            break
        f_moved = f(moved)
        if f_moved < fx:
            x, fx, gx, successes = moved, f_moved, gradient(moved), successes + 1
        else:
            step, successes = step / 2.0, 0
    return x


def argmax(f: Callable[[Point], Any], x: Point, mode: Gradient, step: float = 1e-5) -> Point:
    return argmin(lambda at: -f(at), x, mode, step)


def saddle(outer: Gradient, inner: Gradient, start: Point, step: float = 1e-5) -> list[float]:
    """The saddle point of x1² + y1² - (x2² + y2²): least in the first pair of what is greatest in the second."""

    def f(first: Point, second: Point) -> Any:
        (x1, y1), (x2, y2) = first, second
        return x1 * x1 + y1 * y1 - (x2 * x2 + y2 * y2)

    def greatest(first: Point) -> Any:
        def of_second(second: Point) -> Any:
            return f(first, second)

        return of_second(argmax(of_second, start, inner, step))

    first = argmin(greatest, start, outer, step)
    return [*first, *argmax(lambda second: f(first, second), start, inner, step)]


def landing(w: Any, inner: Gradient) -> Any:
    """The square of where a charged particle hits the x-axis, as two repulsive bodies deflect it.

    Euler's method in steps of 0.1, to the first step below the axis; the last one is cut where it crosses. The
    force is a derivative of the potential.
    """
    charges = [[10.0, 10.0 - w], [10.0, 0.0]]

    def potential(x: Point) -> Any:
        return sum(1.0 / distance(x, charge) for charge in charges)

    force = inner(potential)
    x: Point = [0.0, 8.0]
    velocity: Point = [0.75, 0.0]
    for _ in range(1000):
        acceleration = [-g for g in force(x)]
        moved = [a + 0.1 * v for a, v in zip(x, velocity, strict=True)]
        if not moved[1] > 0.0:
            crossing = -x[1] / velocity[1]
            at = x[0] + crossing * velocity[0]
            return at * at
        x, velocity = moved, [v + 0.1 * a for v, a in zip(velocity, acceleration, strict=True)]
    raise AssertionError("the particle does not come down: the force is wrong")


def particle(outer: Gradient, inner: Gradient, start: float, step: float = 1e-5) -> float:
    """The charge's place w that lets the particle land at the origin."""
    (found,) = argmin(lambda w: landing(w[0], inner), [start], outer, step)
    return float(found)


def main() -> None:
    for outer in MODES:
        for inner in MODES:
            begin = time.perf_counter()
            print(f"particle-{outer}{inner} {particle(MODES[outer], MODES[inner], 0.0)!r}", end=" ")
            print(f"({time.perf_counter() - begin:.1f} s)", flush=True)
    for outer in MODES:
        for inner in MODES:
            begin = time.perf_counter()
            print(f"saddle-{outer}{inner} {saddle(MODES[outer], MODES[inner], [1.0, 1.0])}", end=" ")
            print(f"({time.perf_counter() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
