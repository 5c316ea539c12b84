"""Jacobians and Hessians: all the first derivatives of several outputs, all the second ones of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from autograd_core.calculus.grad import gradient_for
from autograd_core.calculus.linearization import Linearization
from autograd_core.calculus.sparsity import Compression, compress, compress_symmetric
from autograd_core.calculus.structures import Structure
from autograd_core.calculus.tracing import (
    Argnums,
    Trace,
    as_outside,
    checked_argnums,
    checked_function,
    name_of,
    outputs_of,
    recording,
)
from autograd_core.errors import ArgumentError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.rules.scalars import shortened

Mode = Literal["auto", "forward", "reverse"]


class Plan(NamedTuple):
    """How a Jacobian is computed: the function is recorded once, and the chain rule goes over the record in sweeps.

    >>> print(Plan("reverse", sweeps=1, outputs=1, inputs=3))
    reverse mode: 1 sweep for 1 output and 3 inputs
    """

    mode: str
    """ "forward", from the inputs on, or "reverse", from the outputs back."""
    sweeps: int
    """How often the chain rule goes over the recorded graph."""
    outputs: int
    inputs: int

    def __str__(self) -> str:
        counts = [_counted(self.sweeps, "sweep"), _counted(self.outputs, "output"), _counted(self.inputs, "input")]
        return "{} mode: {} for {} and {}".format(self.mode, *counts)


class Jacobian:
    """What `jacobian(f)` returns: call it as `f` is called. See `jacobian`."""

    def __init__(self, name: str, f: Callable[..., Any], argnums: Argnums, mode: Mode, sparse: bool) -> None:
        if mode not in ("auto", "forward", "reverse"):
            raise ArgumentError(f'{name}(f, mode) takes "auto", "forward" or "reverse", got {shortened(mode)}')
        self.function = checked_function(name, f)
        self.argnums = checked_argnums(name, argnums)
        self.mode, self.sparse = mode, sparse
        self.transform = name
        self.__name__ = self.__qualname__ = f"{name}({name_of(f)})"
        self.__doc__ = getattr(f, "__doc__", None)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Return the derivatives at these arguments."""
        return self._record(args, named).compute()

    def plan(self, *args: Any, **named: Any) -> Plan:
        """Return the mode and the number of sweeps that a call with these arguments takes."""
        return self._record(args, named).plan

    def _record(self, args: tuple[Any, ...], named: dict[str, Any]) -> _Record:
        trace = Trace(self.transform, self.function, self.argnums, args, named)
        if self.sparse:
            return _SparseRecord(trace, self.mode, symmetric=self.transform == "hessian")
        return _Record(trace, self.mode)

    def __repr__(self) -> str:
        return f"<{self.__name__}>"


def jacobian(f: Callable[..., Any], argnums: Argnums = 0, *, mode: Mode = "auto", sparse: bool = False) -> Jacobian:
    """Return a function that computes all the derivatives of `f`, which may return several numbers.

    The function is recorded once. Then the chain rule goes over the graph once for each output (reverse mode) or
    once for each input (forward mode), whichever are fewer; `jacobian(f).plan(x)` says what it chose. A sparse
    Jacobian takes fewer: inputs that no output shares go together. Which they are is read off the graph.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.
        mode: "forward" or "reverse" to choose by hand.
        sparse: return a matrix of SciPy's, `csr_array` of shape (m, n), for m numbers in the result and n in the
            argument.

    Returns:
        A function of the same arguments. Its result has the structure of the result of `f`, with that of the
        argument within: a list of m lists for a function from n to m numbers, an array of shape (m, n) for
        arrays.

    Raises:
        NotAScalarError: on the call, an argument or the result holds something that is no number.

    Source of the sparse method: Curtis, Powell and Reid 1974.

    >>> f = lambda p: [p[0] * p[1], p[0] ** 2, 5.0]
    >>> jacobian(f)([3.0, 4.0])
    [[4.0, 3.0], [6.0, 0.0], [0.0, 0.0]]
    >>> print(jacobian(f).plan([3.0, 4.0]))
    forward mode: 2 sweeps for 3 outputs and 2 inputs
    """
    return Jacobian("jacobian", f, argnums, mode, bool(sparse))


def hessian(f: Callable[..., Any], argnums: Argnums = 0, *, sparse: bool = False) -> Jacobian:
    """Return a function that computes the second derivatives of `f`, which returns one number.

    It is the Jacobian of the gradient.

    Args:
        f: the function to differentiate.
        argnums: the position of the argument to differentiate by, or a tuple of positions.
        sparse: return a matrix of SciPy's, `csr_array` of shape (n, n). Its pattern is read off the graph of the
            gradient, and its symmetry saves sweeps: an arrow-shaped one takes 2, whatever its size.

    Returns:
        A function of the same arguments. Its result has the structure of the argument twice: a list of n lists
        for a list of n numbers, an array of shape (n, n) for an array.

    Source of the sparse method: star colouring, Gebremedhin, Manne and Pothen 2005.

    >>> hessian(lambda p: p[0] ** 2 * p[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    gradient = gradient_for("hessian", f, argnums)
    gradient.__name__ = name_of(f)  # errors are about the user's function
    return Jacobian("hessian", gradient, argnums, "auto", bool(sparse))


class _Record:
    """A function, recorded where its Jacobian is wanted."""

    def __init__(self, trace: Trace, mode: Mode) -> None:
        self.trace = trace
        self.outputs, self.ys = outputs_of(trace.result, trace.name)
        self.plan = self._planned(mode)

    @property
    def inputs(self) -> Structure:
        return self.trace.structure

    def _planned(self, mode: Mode) -> Plan:
        rows, columns = len(self.ys), len(self.trace.inputs)
        if mode == "auto":
            mode = "reverse" if rows <= columns else "forward"
        if self._is_lifted:
            mode = "reverse"  # within another forward mode: each part of an output has a gradient
        return Plan(mode, rows if mode == "reverse" else columns, rows, columns)

    @property
    def _is_lifted(self) -> bool:
        return any(isinstance(y, Lifted) for y in self.ys)

    def compute(self) -> Any:
        if self.plan.mode == "reverse":
            rows = [self.trace.pull(y) for y in self.ys]
        else:
            count = len(self.trace.inputs)
            with recording():
                line = Linearization(
                    self.ys, self.trace.inputs, stop=True, differentiable=not self.trace.is_closed(self.ys)
                )
                columns = [line.push([1.0 if i == j else None for i in range(count)]) for j in range(count)]
            rows = [[as_outside(column[i]) for column in columns] for i in range(len(self.ys))]
        return self.outputs.build_table(rows, self.inputs)


class _SparseRecord(_Record):
    """The same, for a matrix of which most is 0."""

    def __init__(self, trace: Trace, mode: Mode, *, symmetric: bool) -> None:
        self.symmetric = symmetric
        super().__init__(trace, mode)

    def _planned(self, mode: Mode) -> Plan:
        if self._is_lifted or not self.trace.is_closed(self.ys):
            raise ArgumentError(
                f"{self.trace.name} with sparse=True returns a matrix of floats, and the result depends on Values "
                "from outside the function, which a float would lose: pass them as floats, or leave sparse out"
            )
        self.line = Linearization(self.ys, self.trace.inputs, stop=True, differentiable=False)
        pattern = self.line.pattern()
        columns = len(self.trace.inputs)
        self.compression: Compression = (
            compress_symmetric(pattern) if self.symmetric else compress(pattern, columns, mode)
        )
        return Plan(self.compression.mode, len(self.compression.seeds), len(self.ys), columns)

    def compute(self) -> Any:
        sweep = self.line.push if self.plan.mode == "forward" else self.line.pull
        return self.compression.matrix([sweep(seed) for seed in self.compression.seeds])


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' if n != 1 else ''}"
