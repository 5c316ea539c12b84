"""Time the eager engine against a plain reference, both builds side by side.

    python benchmarks/eager.py                          the reference, the engine compiled and pure, micrograd if there
    python benchmarks/eager.py NAME=MODULE:CLASS ...    other scalar classes; the first one is the base of the ratios
    python benchmarks/eager.py --write                  also write benchmarks/eager.md

Two training steps written once for any scalar class (workloads.py): micrograd's demo step (an MLP on two moons,
65,000 nodes) and one step of a character-level GPT of 4,192 parameters. The reference is `FloatNode` there: slots,
stored local derivatives, no closures. Each class runs in a process of its own, and the processes take turns
(A B C, A B C, ...), so that no class collects another one's garbage and all see the same drift of the machine.
The figure is the median step; quote the ratios.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS, STEPS = 5, 4


def default_classes() -> dict[str, str]:
    classes = {
        "reference": "workloads:FloatNode",
        "autograd-core, compiled": "autograd_core:Value",
        "autograd-core, pure Python": "autograd_core:Value",
    }
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


def measure(classes: dict[str, str]) -> dict[str, list[dict]]:
    runs: dict[str, list[dict]] = {name: [] for name in classes}
    for _ in range(ROUNDS):
        for name, where in classes.items():
            environment = {**os.environ, "AUTOGRAD_CORE_PURE": "1" if "pure" in name else ""}
            command = [sys.executable, __file__, "--child", where]
            run = subprocess.run(command, capture_output=True, text=True, env=environment)
            if run.returncode or not run.stdout:
                sys.exit(f"{name}: {run.stderr[-2000:]}")
            runs[name].append(json.loads(run.stdout.splitlines()[-1]))
    return runs


def table(runs: dict[str, list[dict]]) -> str:
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
    write = "--write" in arguments
    named = dict(a.split("=", 1) for a in arguments if not a.startswith("--"))
    text = table(measure(named or default_classes()))
    print(text)
    if write:
        machine = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
        head = f"# Eager speed\n\n`python benchmarks/eager.py --write` on {machine}, {os.cpu_count()} cores.\n"
        head += "Times are medians; the ratio is to the reference in the same run, larger is faster.\n\n"
        (HERE / "eager.md").write_text(head + text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.setrecursionlimit(10**6)
    if sys.argv[1:2] == ["--child"]:
        threading.stack_size(1 << 29)  # micrograd recurses
        thread = threading.Thread(target=child, args=(sys.argv[2],))
        thread.start()
        thread.join()
    else:
        main(sys.argv[1:])
