"""taylor(): the Taylor coefficients of a function of one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from autograd_core.calculus.expansions import expanded
from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.rules.scalars import as_count

_MOST: Final = 1_000_000
"""The highest order. The time grows as the square of the order: more coefficients would take days."""


def taylor(f: Callable[[Any], Any], x: Any, order: int) -> list[Any]:
    """Return the Taylor coefficients of a function of one number around `x`: f(x), f'(x), f''(x) / 2!, and so on.

    Args:
        f: a function of one number; its result may be nested.
        x: the centre.
        order: the order of the last coefficient.

    Returns:
        order + 1 coefficients, each in the structure of the result of `f`.

    Raises:
        ArgumentError: `f` is no function.
        DomainError: `order` is no int from 0 to 1,000,000.
        NotAScalarError: `x` is not one number, or the result holds something that is no number.

    >>> taylor(lambda x: 1 / (1 - x), 0.0, 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    call = f"taylor({name_of(checked_function('taylor', f))})"
    count = as_count(order, "taylor(f, x, order): order", 0, _MOST)
    outputs, columns = expanded(call, f, x, count)
    return [outputs.build([column[k] for column in columns]) for k in range(count + 1)]
