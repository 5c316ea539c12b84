"""Nested lists of Values, from numbers and back."""

from __future__ import annotations

import numpy as np

from autograd_core import Value


def values(numbers):
    """Nested lists of numbers as nested lists of Values."""
    return [values(x) if isinstance(x, list) else Value(x) for x in numbers]


def datas(nodes):
    return np.array([datas(v) if isinstance(v, list) else v.data for v in nodes])


def grads(nodes):
    return np.array([grads(v) if isinstance(v, list) else v.grad for v in nodes])
