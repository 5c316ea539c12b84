"""no_grad() and enable_grad(): whether results are recorded."""

from __future__ import annotations

from autograd_core.engine.mode_context import ModeContext


class no_grad(ModeContext):
    """Within it, in this thread or task, results have no parents: nothing is recorded and no memory is held.

    Works as a context manager and as a decorator.

    >>> from autograd_core import Value, no_grad
    >>> w = Value(3.0)
    >>> with no_grad():
    ...     y = w * 2.0
    >>> y.data, y.parents
    (6.0, ())
    """

    cuts = True


class enable_grad(ModeContext):
    """Within it, in this thread or task, results are recorded even where a `no_grad()` around it is on.

    What differentiates a function needs its graph, wherever it is called.

    >>> from autograd_core import Value
    >>> w = Value(3.0)
    >>> with no_grad(), enable_grad():
    ...     y = w * 2.0
    >>> len(y.parents)
    1
    """

    cuts = False
