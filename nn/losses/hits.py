"""Hits: whether an output of a model names the right class, as a share of what it answers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd_core.rules.rows import is_operand
from nn.inputs.nesting import as_list


def is_nested(output: Any) -> bool:
    """Return whether an output is a list of lists, such as a model returns that answers at each step of a sequence."""
    outputs = as_list(output)
    return isinstance(outputs, list) and bool(outputs) and isinstance(as_list(outputs[0]), list)


def hit_class(outputs: Any, target: Any) -> float:
    """Return 1.0 if the largest output is that of the target class; of equal ones the first counts.

    Of outputs at several steps it is the share of the steps.
    """
    if is_nested(outputs):
        return _mean(map(hit_class, as_list(outputs), target))
    numbers = [_number(output) for output in as_list(outputs)]
    return 1.0 if numbers.index(max(numbers)) == target else 0.0


def hit_sign(output: Any, target: Any, threshold: float, target_threshold: float) -> float:
    """Return the share of outputs that lie on the same side of their threshold as their targets."""
    if is_nested(output):
        pairs = zip(as_list(output), target, strict=True)
        return _mean(hit_sign(*pair, threshold, target_threshold) for pair in pairs)
    output = as_list(output)
    outputs = output if isinstance(output, list) else [output]
    targets = target if isinstance(target, list) else [target]
    hits = [(_number(o) > threshold) == (t > target_threshold) for o, t in zip(outputs, targets, strict=True)]
    return float(sum(hits)) / len(hits)


def _number(output: Any) -> Any:
    return output.data if is_operand(output) else output


def _mean(shares: Iterable[float]) -> float:
    listed = list(shares)
    return math.fsum(listed) / len(listed)
