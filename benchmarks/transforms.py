"""Time derivatives of scalar Python functions against other libraries, side by side.

    python benchmarks/transforms.py           autograd-core in both builds, and HIPS autograd and JAX if they are there
    python benchmarks/transforms.py --write   also write benchmarks/transforms.md

Functions of floats and lists, as one writes them; every library differentiates the same lines by its own transforms
of the same names. JAX stands twice: as it is, and compiled by `jax.jit`, where the first call, which compiles, is told
apart. The libraries take turns (turns.py). The figure is the median of the best of each turn; all must give the same
derivatives.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from turns import CHILD, Runs, builds, take_turns, write

TURNS = 3
SECONDS = 0.3
"""How long a turn repeats one call."""
AGREE = 1e-9

OTHERS = {"HIPS autograd": "autograd", "JAX": "jax", "JAX, compiled by jit": "jax"}
"""Other libraries, by the module that each is imported as."""
TITLES = {
    "grad": "grad of sin(x) exp(-x) + log(x² + 1)",
    "third": "its third derivative, grad three times",
    "loop": "grad of a loop of 200 steps",
    "rosenbrock": "grad of Rosenbrock's function, 20 variables",
    "hessian": "its Hessian",
}


def functions_of(name: str) -> SimpleNamespace:
    """The functions and transforms of a library, how it takes a list of numbers, and how a call of it is completed."""
    if name.startswith("autograd-core"):
        import autograd_core as ac

        return SimpleNamespace(
            functions=(ac.sin, ac.exp, ac.log),
            grad=ac.grad,
            hessian=ac.hessian,
            vector=list,
            wrap=as_it_is,
            wait=as_it_is,
        )
    if name == "HIPS autograd":
        import autograd
        import autograd.numpy as np

        functions, grad, hessian = (np.sin, np.exp, np.log), autograd.grad, autograd.hessian
        return SimpleNamespace(
            functions=functions, grad=grad, hessian=hessian, vector=np.array, wrap=as_it_is, wait=as_it_is
        )
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    functions, wrap = (jnp.sin, jnp.exp, jnp.log), jax.jit if "jit" in name else as_it_is
    return SimpleNamespace(
        functions=functions, grad=jax.grad, hessian=jax.hessian, vector=jnp.array, wrap=wrap, wait=jax.block_until_ready
    )


def as_it_is(x: Any) -> Any:
    return x


def calls(library: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """The calls that are timed, by name."""
    (sin, exp, log), grad, hessian = library.functions, library.grad, library.hessian

    def formula(x: Any) -> Any:
        return sin(x) * exp(-x) + log(x * x + 1.0)

    def loop(x: Any) -> Any:
        for _ in range(200):
            x = sin(x) + 0.5 * x
        return x

    def rosenbrock(x: Any) -> Any:
        return sum((100.0 * (x[i + 1] - x[i] * x[i]) ** 2 + (1.0 - x[i]) ** 2 for i in range(19)), start=0.0)

    def call(derivative: Callable[[Any], Any], x: Any) -> Callable[[], Any]:
        wrapped = library.wrap(derivative)
        return lambda: library.wait(wrapped(x))

    start = library.vector([0.5 + 0.01 * i for i in range(20)])
    return {
        "grad": call(grad(formula), 0.7),
        "third": call(grad(grad(grad(formula))), 0.7),
        "loop": call(grad(loop), 0.7),
        "rosenbrock": call(grad(rosenbrock), start),
        "hessian": call(hessian(rosenbrock), start),
    }


def child(name: str) -> None:
    """Time every call of one library, and print as JSON the first and the best time of each, and its result."""
    result = {}
    for title, call in calls(functions_of(name)).items():
        start = time.perf_counter()
        found = call()
        first = time.perf_counter() - start
        best, until = first, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            start = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - start)
        result[title] = {"first": first, "best": best, "result": flat(found)}
    print(json.dumps(result))


def flat(x: Any) -> list[float]:
    """A number, a list or an array, nested, as a flat list of floats."""
    x = x.tolist() if hasattr(x, "tolist") else x
    return [number for part in x for number in flat(part)] if isinstance(x, list) else [float(x)]


def check_that_they_agree(runs: Runs) -> None:
    """Exit with a message unless all libraries gave the same derivatives."""
    expected = next(iter(runs.values()))[0]
    for name, results in runs.items():
        for title in TITLES:
            a, b = expected[title]["result"], results[0][title]["result"]
            scale = max(map(abs, a))
            if len(a) != len(b) or any(abs(p - q) > AGREE * scale for p, q in zip(a, b, strict=True)):
                sys.exit(f"{name} and {next(iter(runs))} differ in {TITLES[title]}: {b[:3]} and {a[:3]}")


def table(runs: Runs) -> str:
    """Microseconds of each call, and how many times the first library's that is."""
    lines = [f"| microseconds | {' | '.join(runs)} |", f"|---|{'---:|' * len(runs)}"]
    for title, words in TITLES.items():
        times = [statistics.median(run[title]["best"] for run in results) * 1e6 for results in runs.values()]
        lines.append(f"| {words} | {' | '.join(f'{t:,.0f} ({times_of(t / times[0])})' for t in times)} |")
    firsts = [statistics.median(run["loop"]["first"] for run in results) * 1e6 for results in runs.values()]
    lines.append(f"| the loop's first call | {' | '.join(f'{t:,.0f}' for t in firsts)} |")
    return "\n".join(lines)


def times_of(ratio: float) -> str:
    """A ratio with two or three digits.

    >>> times_of(0.0412), times_of(2.96), times_of(1179.4)
    ('0.04x', '3.0x', '1,179x')
    """
    return f"{ratio:.2f}x" if ratio < 1 else f"{ratio:.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def main(arguments: list[str]) -> None:
    there = [*builds(), *(name for name, module in OTHERS.items() if importlib.util.find_spec(module))]
    runs = take_turns(__file__, {name: name for name in there}, TURNS)
    check_that_they_agree(runs)
    text = table(runs)
    print(text)
    if "--write" in arguments:
        explanation = "Microseconds a call; in brackets, how many times the first column's."
        write(__file__, "Derivatives of scalar functions: speed", explanation, text)


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        child(sys.argv[2])
    else:
        main(sys.argv[1:])
