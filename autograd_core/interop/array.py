"""Values in NumPy arrays.

A Value is an object to NumPy: an array of them has dtype object, and NumPy's arithmetic, its sums and products and
the functions that have a row in the table work on it element by element. What NumPy hands to compiled code for
floats, such as `np.linalg.solve`, refuses arrays of objects, and so does every conversion to floats: no gradient
is lost in silence. `np.arctan2` and `np.hypot` refuse an array of floats as their first argument, with one of
Values as the second: `np.frompyfunc(autograd_core.atan2, 2, 1)` takes both.
"""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import MissingDependencyError, NotAScalarError, ShapeError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number, shortened
from autograd_core.rules.table import identity


def array(data: Any) -> Any:
    """Return a NumPy array of Values, with dtype object: leaves made from numbers.

    NumPy's operators and functions act on it by its own names: `+ - * / ** @`, `np.exp`, `np.arctan2`, `np.dot`,
    `np.sum`, `np.mean`, `np.cumsum`, `np.linalg.norm`, comparisons.

    An array of floats and Values at once, such as `np.where` makes, does for arithmetic, while `np.exp` and the
    like ask for Values throughout. `array` makes constants of the floats among Values.

    `np.linalg.solve` and the like refuse Values. Solve on floats, and let `implicit` give the solution its derivatives.

    Args:
        data: a number, a list of numbers, nested lists of one shape, or an array. Values in it stay what they are.

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
