"""array(): Values in NumPy arrays.

To NumPy, a Value is an object: an array of Values has dtype object. NumPy's arithmetic, its sums and products, and
the functions that are primitives here work on it element by element. Functions that need floats, such as
`np.linalg.solve`, refuse it, and so does every conversion to floats, which would lose the gradients.
`np.arctan2` and `np.hypot` refuse an array of floats as their first argument together with one of Values as the
second: use `np.frompyfunc(autograd_core.atan2, 2, 1)`, which takes both.
"""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import MissingDependencyError, NotAScalarError, ShapeError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number, shortened
from autograd_core.rules.table import identity


def array(data: Any) -> Any:
    """Return a NumPy array of Values, with dtype object, in which each number becomes a leaf.

    NumPy's operators and functions work on it: `+ - * / ** @`, comparisons, `np.exp`, `np.arctan2`, `np.dot`,
    `np.sum`, `np.mean`, `np.cumsum`, `np.linalg.norm`.

    For arithmetic, an array may mix floats and Values, as the result of `np.where` does. `np.exp` and the like need
    Values only: `array` turns the floats in a mixed array into constants.

    `np.linalg.solve` and the like refuse Values. Solve with floats, and let `implicit` differentiate the solution.

    Args:
        data: a number, a list of numbers, nested lists of one shape, or an array. Values in it are kept.

    Raises:
        ShapeError: the lists within a list differ in length.
        NotAScalarError: something in `data` is no real number.
        MissingDependencyError: NumPy is not installed.

    >>> import numpy as np
    >>> w = array([[1.0, 2.0], [3.0, 4.0]])
    >>> y = np.sum(np.tanh(w @ np.array([0.5, -0.25])))
    >>> y.backward()
    >>> round(w[1, 0].grad, 6)
    0.393224
    >>> z = np.sum(np.exp(array(np.where(w > 2.5, w, 0.0))))
    >>> round(z.data, 6)
    76.683687
    >>> from autograd_core import implicit
    >>> a, b = array([[2.0, 0.0], [1.0, 4.0]]), [1.0, 2.0]
    >>> x = np.linalg.solve([[v.data for v in row] for row in a], b)
    >>> x = implicit(lambda x: a @ x - b, x)
    >>> x[0].backward()
    >>> x[0].data, a[0, 0].grad
    (0.5, -0.25)
    """
    try:
        import numpy as np
    except ImportError:
        raise MissingDependencyError(
            "array() makes a NumPy array: pip install 'autograd-core[all]', or keep Values in lists"
        ) from None
    given = np.array(data, dtype=object)
    made = np.empty(given.shape, dtype=object)
    for place in np.ndindex(given.shape):
        made[place] = _element(given[place], place, data)
    if any(is_operand(x) for x in given.flat):
        for new, old in zip(made.flat, given.flat, strict=True):
            if new is not old:
                new._settle(identity)  # within a transform, a leaf would be a Value from outside
    return made


def _element(x: Any, place: tuple[int, ...], data: Any) -> Any:
    if is_operand(x):
        return x
    found = number(x)
    if found is not None:
        return Value(found)
    if isinstance(x, (list, tuple)):
        raise ShapeError(f"array() takes lists of one length at each depth, got {shortened(data, 80)}")
    at = f"; at {list(place)}" if place else ""
    raise NotAScalarError(f"array() takes numbers and Values, in lists or an array; {complaint(x, 'array')}{at}")
