"""Numbers of ours beside PyTorch's tensors."""

from __future__ import annotations

import pytest

from autograd_core import Value
from tests.support.formulas import flat

EXACT = 1e-12


def tensor(data):
    import torch

    return torch.tensor(data, dtype=torch.float64, requires_grad=True)


def close(found, expected, tolerance=EXACT) -> bool:
    return flat(found) == pytest.approx(flat(expected), rel=tolerance, abs=tolerance)


def numbers_of(nested):
    """Values as floats, in the shape that they stand in."""
    if isinstance(nested, (list, tuple)):
        return [numbers_of(part) for part in nested]
    return nested.data if isinstance(nested, Value) else nested


def values_of(nested):
    return [values_of(part) for part in nested] if isinstance(nested, list) else Value(nested)
