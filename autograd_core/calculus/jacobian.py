"""jacobian(): all first derivatives of a function that may return several numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import Argnums, checked_argnums
from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.recorded_function import RecordedFunction, SparseRecordedFunction, SweepMode, SweepPlan
from autograd_core.calculus.tracing import Trace
from autograd_core.errors import ArgumentError
from autograd_core.rules.scalars import as_flag, shortened


def jacobian(
    f: Callable[..., Any], argnums: Argnums = 0, *, mode: SweepMode = "auto", sparse: bool = False
) -> Jacobian:
    """Return a function that computes all the derivatives of `f`, which may return several numbers.

    The function is recorded once. Then the chain rule goes over the graph once for each output (reverse mode) or
    once for each input (forward mode), whichever are fewer; `jacobian(f).plan(x)` says what it chose. A sparse
    Jacobian takes fewer sweeps: inputs of which no output depends on two share one. The graph tells which they are.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.
        mode: "forward" or "reverse"; "auto" chooses the cheaper one.
        sparse: return a matrix of SciPy's, `csr_array` of shape (m, n), for m numbers in the result and n in the
            argument.

    Returns:
        A function of the same arguments. Its result has the structure of the result of `f`, with that of the
        argument within: a list of m lists for a function from n to m numbers, an array of shape (m, n) for
        arrays.

    Raises:
        ArgumentError: `f` is no function, `argnums` no position or `mode` none of the three; on the call, there is no
            argument at that position, or a sparse result depends on Values from outside the function.
        NotAScalarError: on the call, an argument or the result holds something that is no number.

    Source of the sparse method: Curtis, Powell and Reid 1974.

    >>> f = lambda p: [p[0] * p[1], p[0] ** 2, 5.0]
    >>> jacobian(f)([3.0, 4.0])
    [[4.0, 3.0], [6.0, 0.0], [0.0, 0.0]]
    >>> print(jacobian(f).plan([3.0, 4.0]))
    forward mode: 2 sweeps for 3 outputs and 2 inputs
    """
    return Jacobian("jacobian", f, argnums, mode, sparse)


class Jacobian:
    """What `jacobian(f)` and `hessian(f)` return. Call it with the arguments of `f`."""

    def __init__(self, name: str, f: Callable[..., Any], argnums: Argnums, mode: SweepMode, sparse: bool) -> None:
        self.function = checked_function(name, f)
        if not isinstance(mode, str) or mode not in ("auto", "forward", "reverse"):
            raise ArgumentError(f'{name}(f, mode) takes "auto", "forward" or "reverse", got {shortened(mode)}')
        self.argnums = checked_argnums(f"{name}(f, argnums)", argnums)
        self.mode, self.sparse = mode, as_flag(sparse, f"{name}(f, sparse)")
        self.transform = name
        self.__name__ = self.__qualname__ = f"{name}({name_of(f)})"
        self.__doc__ = getattr(f, "__doc__", None)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Return the derivatives at these arguments."""
        return self._record(args, named).compute()

    def plan(self, *args: Any, **named: Any) -> SweepPlan:
        """Return the mode and the number of sweeps that a call with these arguments takes."""
        return self._record(args, named).plan

    def _record(self, args: tuple[Any, ...], named: dict[str, Any]) -> RecordedFunction:
        trace = Trace(self.transform, self.function, self.argnums, args, named)
        if self.sparse:
            return SparseRecordedFunction(trace, self.mode, symmetric=self.transform == "hessian")
        return RecordedFunction(trace, self.mode)

    def __repr__(self) -> str:
        return f"<{self.__name__}>"
