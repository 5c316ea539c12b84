"""derivative(): the n-th derivative of a function of one number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from autograd_core.calculus.expansions import expanded
from autograd_core.calculus.functions import checked_function, like, name_of
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_count, shortened

HIGHEST: Final = 1500
"""The highest order of `derivative`: the terms of a series grow to about exp(n / e), and soon they would overflow."""


def derivative(f: Callable[[Any], Any], n: int = 1) -> Callable[[Any], Any]:
    """Return a function that computes the n-th derivative of a function of one number.

    The time grows about as the square of n. Nested derivatives would take a time that grows exponentially.

    Args:
        f: a function of one number; its result may be nested, as for the velocity of a path.
        n: the order, up to 1500: intermediate results of higher orders overflow. 0 gives the function itself.

    Raises:
        ArgumentError: `f` is no function.
        DomainError: `n` is no int from 0 to 1500.
        NotAScalarError: on the call, the argument is not one number, or the result holds something that is no number.

    >>> derivative(lambda x: x**5)(2.0)
    80.0
    >>> derivative(lambda x: x**5, 4)(2.0)
    240.0
    """
    function, order = checked_function("derivative", f), as_count(n, "derivative(f, n): n")
    if order > HIGHEST:
        raise DomainError(
            f"derivative(f, n): n may be up to {HIGHEST}, got {shortened(n)}: intermediate results of higher orders "
            "overflow"
        )
    # A coefficient of the series is the derivative divided by n factorial, and may underflow where the derivative is
    # an ordinary number. That of f(x + 2**m t) is 2**(m n) times as large: about the derivative itself.
    m = round(math.lgamma(order + 1) / math.log(2.0) / order) if order else 0
    factor = math.factorial(order) / (1 << m * order)

    @like(f, "derivative")
    def differentiated(x: Any) -> Any:
        outputs, columns = expanded(f"derivative({name_of(f)})", function, x, order, float(1 << m))
        return outputs.build([column[order] * factor for column in columns])

    return differentiated
