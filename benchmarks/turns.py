"""How engines are timed side by side: each in a process of its own, and the processes take turns (A B C, A B C, ...).

So no engine collects another one's garbage, and all see the same drift of the machine.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograd_core import build_info

CHILD = "--child"
"""What a script is called with in such a process, and then what it is to time. It prints its results as JSON."""

Runs = dict[str, list[dict[str, Any]]]
"""The results of each turn of each engine, by the engine's name."""


def builds() -> list[str]:
    """The builds of the engine that there are to time: no row is to say "compiled" where nothing is."""
    compiled = ["autograd-core, compiled"] if build_info().compiled else []
    return [*compiled, "autograd-core, pure Python"]


def take_turns(script: str, engines: dict[str, str], rounds: int) -> Runs:
    """Return the results of engines, given by name with what the script is called with to time them.

    An engine with "pure" in its name runs in pure Python.
    """
    runs: Runs = {name: [] for name in engines}
    for _ in range(rounds):
        for name, what in engines.items():
            environment = {**os.environ, "AUTOGRAD_CORE_PURE": "1" if "pure" in name else ""}
            run = subprocess.run([sys.executable, script, CHILD, what], capture_output=True, text=True, env=environment)
            if run.returncode or not run.stdout:
                sys.exit(f"{name}: {run.stderr[-2000:]}")
            runs[name].append(json.loads(run.stdout.splitlines()[-1]))
    return runs


def write(script: str, title: str, explanation: str, table: str) -> None:
    """Write a table beside the script that measured it, with what it was measured on."""
    path = Path(script).with_suffix(".md")
    machine = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    command = f"`python benchmarks/{Path(script).name} --write` on {machine}, {os.cpu_count()} cores."
    path.write_text(f"# {title}\n\n{command}\n{explanation}\n\n{table}\n", encoding="utf-8")
