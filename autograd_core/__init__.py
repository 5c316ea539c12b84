"""A scalar reverse-mode automatic differentiation engine whose gradients can be seen.

>>> from autograd_core import Value
>>> x = Value(2.0)
>>> y = x**3
>>> y.backward()
>>> x.grad
12.0
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from autograd_core.build import build_info  # first: it decides whether the others come compiled

# isort: split
from autograd_core.calculus.derivative import derivative
from autograd_core.calculus.divergence import divergence
from autograd_core.calculus.grad import grad, value_and_grad
from autograd_core.calculus.gradients import gradients
from autograd_core.calculus.hessian import hessian
from autograd_core.calculus.hvp import hvp
from autograd_core.calculus.jacobian import jacobian
from autograd_core.calculus.jvp import jvp
from autograd_core.calculus.laplacian import laplacian
from autograd_core.calculus.taylor import taylor
from autograd_core.calculus.vjp import vjp
from autograd_core.checking.check_gradients import check_gradients
from autograd_core.custom.checkpoint import checkpoint, checkpoint_loop
from autograd_core.custom.implicit import implicit
from autograd_core.custom.primitive import primitive
from autograd_core.diagnostics.detect_anomaly import detect_anomaly
from autograd_core.engine import methods as _methods  # noqa: F401  # Values have the table's methods once it is loaded
from autograd_core.engine.detach import detach
from autograd_core.engine.no_grad import no_grad
from autograd_core.engine.value import Value
from autograd_core.errors import AutogradError
from autograd_core.interop import ufuncs as _ufuncs  # noqa: F401  # NumPy's functions take Values once it is loaded
from autograd_core.interop.array import array
from autograd_core.interop.scipy_objective import scipy_objective
from autograd_core.rules.composites import log_softmax, mean, softmax
from autograd_core.rules.table import (
    abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cbrt,
    clip,
    cos,
    cosh,
    dot,
    elu,
    erf,
    erfc,
    exp,
    expm1,
    gelu,
    hypot,
    leaky_relu,
    lgamma,
    log,
    log1p,
    log2,
    log10,
    logsumexp,
    maximum,
    minimum,
    norm,
    polygamma,
    prod,
    reciprocal,
    relu,
    sigmoid,
    sign,
    silu,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    sum,
    tan,
    tanh,
    where,
)
from autograd_core.stepper.steps import steps

if _TYPE_CHECKING:
    from autograd_core.derivation.explain import explain
    from autograd_core.diagnostics.gradient_warnings import gradient_warnings
    from autograd_core.drawing.draw import draw
    from autograd_core.stepper.player import player

__version__ = "0.1.0"

__all__ = [
    "AutogradError",
    "Value",
    "abs",
    "acos",
    "acosh",
    "array",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "build_info",
    "check_gradients",
    "checkpoint",
    "checkpoint_loop",
    "clip",
    "cos",
    "cosh",
    "detach",
    "detect_anomaly",
    "explain",
    "dot",
    "draw",
    "elu",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "gelu",
    "derivative",
    "divergence",
    "grad",
    "gradient_warnings",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "implicit",
    "laplacian",
    "primitive",
    "taylor",
    "value_and_grad",
    "vjp",
    "hypot",
    "leaky_relu",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_softmax",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "no_grad",
    "norm",
    "player",
    "polygamma",
    "prod",
    "reciprocal",
    "relu",
    "scipy_objective",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "steps",
    "square",
    "sum",
    "tan",
    "tanh",
    "where",
]

_ON_FIRST_USE = {
    "draw": "autograd_core.drawing.draw",
    "explain": "autograd_core.derivation.explain",
    "gradient_warnings": "autograd_core.diagnostics.gradient_warnings",
    "player": "autograd_core.stepper.player",
}
"""What shows a graph is loaded when it is first asked for: a program that only computes starts sooner."""


def __getattr__(name: str) -> _Any:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(_import_module(_ON_FIRST_USE[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
