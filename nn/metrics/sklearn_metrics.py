"""scikit-learn's metrics, where it is installed."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import MissingDependencyError


def sklearn_metrics(call: str) -> Any:
    """Return sklearn.metrics, or say how to get it."""
    try:
        from sklearn import metrics
    except ImportError as error:
        raise MissingDependencyError(
            f"{call} needs scikit-learn, which is not installed: pip install 'autograd-core[all]'"
        ) from error
    return metrics
