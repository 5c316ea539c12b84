"""What `jacobian` and `hessian` do on a call: record the function once, then choose the sweeps and run them."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from autograd_core.calculus.outputs import outputs_of
from autograd_core.calculus.sparsity import Compression, compress, compress_symmetric
from autograd_core.calculus.tracing import Trace, as_outside, recording
from autograd_core.errors import ArgumentError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.program.read import linearized
from autograd_core.rules.scalars import counted

SweepMode = Literal["auto", "forward", "reverse"]


class SweepPlan(NamedTuple):
    """How a Jacobian is computed from a recorded function: the mode, and the number of sweeps of the chain rule.

    >>> print(SweepPlan("reverse", sweeps=1, outputs=1, inputs=3))
    reverse mode: 1 sweep for 1 output and 3 inputs
    """

    mode: str
    """ "forward" for sweeps from the inputs to the outputs, "reverse" for sweeps from the outputs to the inputs."""
    sweeps: int
    """How often the chain rule goes over the recorded graph."""
    outputs: int
    inputs: int

    def __str__(self) -> str:
        counts = [counted(self.sweeps, "sweep"), counted(self.outputs, "output"), counted(self.inputs, "input")]
        return "{} mode: {} for {} and {}".format(self.mode, *counts)


class RecordedFunction:
    """A function that was recorded at one point, and its Jacobian there."""

    def __init__(self, trace: Trace, mode: SweepMode) -> None:
        self.trace = trace
        self.outputs, self.ys = outputs_of(trace.result, trace.name)
        self.plan = self._planned(mode)

    def _planned(self, mode: SweepMode) -> SweepPlan:
        rows, columns = len(self.ys), len(self.trace.inputs)
        if mode == "auto":
            mode = "reverse" if rows <= columns else "forward"
        if self._is_lifted:
            mode = "reverse"  # within another forward mode: only `Trace.pull` knows lifted numbers
        return SweepPlan(mode, rows if mode == "reverse" else columns, rows, columns)

    @property
    def _is_lifted(self) -> bool:
        return any(isinstance(y, Lifted) for y in self.ys)

    def compute(self) -> Any:
        """Return the derivatives."""
        if self.plan.mode == "reverse":
            rows = [self.trace.pull(y) for y in self.ys]
        else:
            count = len(self.trace.inputs)
            with recording():
                line = linearized(
                    self.ys, self.trace.inputs, stop=True, differentiable=not self.trace.is_closed(self.ys)
                )
                columns = [line.push([1.0 if i == j else None for i in range(count)]) for j in range(count)]
            rows = [[as_outside(column[i]) for column in columns] for i in range(len(self.ys))]
        return self.outputs.build_table(rows, self.trace.structure)


class SparseRecordedFunction(RecordedFunction):
    """The same, with the Jacobian as a sparse matrix."""

    def __init__(self, trace: Trace, mode: SweepMode, *, symmetric: bool) -> None:
        self.symmetric = symmetric
        super().__init__(trace, mode)

    def _planned(self, mode: SweepMode) -> SweepPlan:
        if self._is_lifted or not self.trace.is_closed(self.ys):
            raise ArgumentError(
                f"{self.trace.name} with sparse=True returns a matrix of floats, and the result depends on Values "
                "from outside the function, whose derivatives it would lose: pass them as floats, or leave sparse out"
            )
        self.line = linearized(self.ys, self.trace.inputs, stop=True, differentiable=False)
        pattern = self.line.pattern()
        columns = len(self.trace.inputs)
        self.compression: Compression = (
            compress_symmetric(pattern) if self.symmetric else compress(pattern, columns, mode)
        )
        return SweepPlan(self.compression.mode, len(self.compression.seeds), len(self.ys), columns)

    def compute(self) -> Any:
        """Return the derivatives as SciPy's `csr_array`."""
        sweep = self.line.push if self.plan.mode == "forward" else self.line.pull
        return self.compression.matrix([sweep(seed) for seed in self.compression.seeds])
