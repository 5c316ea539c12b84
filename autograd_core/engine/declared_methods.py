"""The methods of a Value that the table gives, declared for type checkers; `methods.py` makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from autograd_core.engine.value import Value

Method = Callable[["Value"], "Value"]
MethodOfTwo = Callable[..., "Value"]


class DeclaredMethods:
    """One line for each public row that is a method."""

    __slots__ = ()

    exp: ClassVar[Method]
    expm1: ClassVar[Method]
    log: ClassVar[Method]
    log1p: ClassVar[Method]
    log2: ClassVar[Method]
    log10: ClassVar[Method]
    sqrt: ClassVar[Method]
    cbrt: ClassVar[Method]
    square: ClassVar[Method]
    reciprocal: ClassVar[Method]
    sin: ClassVar[Method]
    cos: ClassVar[Method]
    tan: ClassVar[Method]
    asin: ClassVar[Method]
    acos: ClassVar[Method]
    atan: ClassVar[Method]
    sinh: ClassVar[Method]
    cosh: ClassVar[Method]
    tanh: ClassVar[Method]
    asinh: ClassVar[Method]
    acosh: ClassVar[Method]
    atanh: ClassVar[Method]
    sigmoid: ClassVar[Method]
    softplus: ClassVar[Method]
    relu: ClassVar[Method]
    gelu: ClassVar[Method]
    silu: ClassVar[Method]
    erf: ClassVar[Method]
    erfc: ClassVar[Method]
    lgamma: ClassVar[Method]
    abs: ClassVar[Method]
    sign: ClassVar[Method]
    leaky_relu: ClassVar[MethodOfTwo]
    elu: ClassVar[MethodOfTwo]
    atan2: ClassVar[MethodOfTwo]
    hypot: ClassVar[MethodOfTwo]
