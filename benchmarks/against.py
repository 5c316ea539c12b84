"""Time this checkout against another one, in turn: is the engine slower than it was?

    git worktree add ../before COMMIT && (cd ../before && make build)
    python benchmarks/against.py ../before [PAIRS]

Both run the two workloads of eager.py (workloads.py of this checkout), compiled and in pure Python, each in a process
of its own, in turn. A row gives the median of the ratios here / there, pair by pair, of the CPU time of the quickest
of six steps, and the interval that holds the true median with 95%, by the order of the ratios. Below 1 is faster.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
STEPS = 6
CHILD = """
import json, sys, time
sys.path[:0] = [{root!r}, {benchmarks!r}]
import autograd_core, workloads
from autograd_core import build_info
assert autograd_core.__file__.startswith({root!r}), autograd_core.__file__
assert build_info().compiled != {pure}, build_info()
found = {{}}
for name, workload in (("moons", workloads.MoonsStep), ("gpt", workloads.GptStep)):
    step = workload(autograd_core.Value)
    step()
    times = []
    for _ in range({steps}):
        start = time.process_time()
        step()
        times.append(time.process_time() - start)
    found[name] = min(times)
print(json.dumps(found))
"""


def measured(root: Path, pure: bool) -> dict[str, float]:
    """The CPU seconds of the quickest step of each workload, in a new process."""
    code = CHILD.format(root=str(root), benchmarks=str(HERE / "benchmarks"), pure=pure, steps=STEPS)
    environment = {**os.environ, "AUTOGRAD_CORE_PURE": "1" if pure else "", "PYTHONPATH": ""}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=root)
    if run.returncode:
        sys.exit(run.stderr[-2000:])
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def interval(ratios: list[float]) -> tuple[float, float]:
    """The 95% interval of the median, from the order of the ratios (sign test)."""
    ordered, n = sorted(ratios), len(ratios)
    outside, k = 0.0, 0
    while outside + 2 * math.comb(n, k) / 2**n <= 0.05:
        outside += 2 * math.comb(n, k) / 2**n
        k += 1
    return ordered[max(k - 1, 0)], ordered[n - max(k, 1)]


def main(there: Path, pairs: int) -> None:
    print("| build | workload | here / there, median | 95% interval |\n|---|---|---:|---:|")
    for pure in (False, True):
        ratios: dict[str, list[float]] = {"moons": [], "gpt": []}
        for turn in range(pairs):
            order = [HERE, there] if turn % 2 else [there, HERE]
            times = {root: measured(root, pure) for root in order}
            for name, found in ratios.items():
                found.append(times[HERE][name] / times[there][name])
        for name, found in ratios.items():
            low, high = interval(found)
            build = "pure Python" if pure else "compiled"
            print(f"| {build} | {name} | {statistics.median(found):.3f} | {low:.3f} to {high:.3f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "autograd_core").is_dir():
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 15)
