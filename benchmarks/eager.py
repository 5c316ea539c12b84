"""Time the eager engine against a plain reference, both builds side by side.

    python benchmarks/eager.py                          the reference, the engine compiled and pure, micrograd if there
    python benchmarks/eager.py NAME=MODULE:CLASS ...    other scalar classes; the first one is the base of the ratios
    python benchmarks/eager.py --write                  also write benchmarks/eager.md

Two training steps written once for any scalar class (workloads.py): micrograd's demo step (an MLP on two moons,
65,000 nodes) and one step of a character-level GPT of 4,192 parameters. The reference is `FloatNode` there: slots,
stored local derivatives, no closures. The classes take turns (turns.py). The figure is the median step; quote the
ratios.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import statistics
import sys
import threading
import time

from turns import CHILD, Runs, builds, take_turns, write

ROUNDS, STEPS = 5, 4


def default_classes() -> dict[str, str]:
    classes = {"reference": "workloads:FloatNode", **dict.fromkeys(builds(), "autograd_core:Value")}
    if importlib.util.find_spec("micrograd"):
        classes["micrograd"] = "micrograd.engine:Value"
    return classes


def child(where: str) -> None:
    """Run both workloads on one class, and print the step times and the last loss as JSON."""
    import workloads

    module, _, name = where.partition(":")
    scalar = getattr(importlib.import_module(module), name)
    result = {}
    for title, workload in (("moons", workloads.MoonsStep), ("gpt", workloads.GptStep)):
        try:
            step = workload(scalar)
            step()
        except AttributeError as error:
            result[title] = {"skipped": str(error)}
            continue
        times = []
        for _ in range(STEPS):
            start = time.perf_counter()
            loss = step()
            times.append(time.perf_counter() - start)
        result[title] = {"seconds": times, "loss": loss}
    print(json.dumps(result))


def table(runs: Runs) -> str:
    lines = ["| engine | moons | | GPT | | losses |", "|---|---:|---:|---:|---:|---|"]
    base: dict[str, float] = {}
    for name, results in runs.items():
        cells, losses = [], []
        for title in ("moons", "gpt"):
            if "skipped" in results[0][title]:
                cells += ["-", f"lacks {results[0][title]['skipped'].split()[-1]}"]
                continue
            median = statistics.median(t for run in results for t in run[title]["seconds"])
            ratio = base.setdefault(title, median) / median
            cells += [f"{median * 1e3:.1f} ms", f"{ratio:.2f}x"]
            losses.append(f"{results[0][title]['loss']:.9f}")
        lines.append(f"| {name} | {' | '.join(cells)} | {', '.join(losses)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    named = dict(a.split("=", 1) for a in arguments if not a.startswith("--"))
    text = table(take_turns(__file__, named or default_classes(), ROUNDS))
    print(text)
    if "--write" in arguments:
        explanation = "Times are medians; the ratio is to the reference in the same run, larger is faster."
        write(__file__, "Eager speed", explanation, text)


if __name__ == "__main__":
    sys.setrecursionlimit(10**6)
    if sys.argv[1:2] == [CHILD]:
        threading.stack_size(1 << 29)  # micrograd recurses
        thread = threading.Thread(target=child, args=(sys.argv[2],))
        thread.start()
        thread.join()
    else:
        main(sys.argv[1:])
