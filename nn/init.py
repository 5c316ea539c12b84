"""Initialisers: how the weights of a layer start.

An initialiser is called with (fan_out, fan_in, source) and returns one row of fan_in floats for each output. `source`
draws the numbers: a seeded `random.Random`, or Python's `random` module, which `random.seed()` governs. Options
that have a name are given with `functools.partial`:

>>> from functools import partial
>>> from nn import Linear, init
>>> layer = Linear(2, 3, init=partial(init.xavier_normal, gain=init.calculate_gain("tanh")), seed=0)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import as_float, counted, number, shortened
from nn.inputs.seeds import Source

Matrix = list[list[float]]
Initialiser = Callable[[int, int, Source], Matrix]


def uniform(fan_out: int, fan_in: int, source: Source, *, a: float = -1.0, b: float = 1.0) -> Matrix:
    """Uniform in [a, b]; by default in [-1, 1], as micrograd draws it, whatever the layer's width.

    Raises:
        DomainError: a is above b.

    >>> import random
    >>> uniform(1, 2, random.Random(0))
    [[0.6888437030500962, 0.515908805880605]]
    """
    if not a <= b:
        raise DomainError(f"uniform(a, b) draws from [a, b], got a={a} and b={b}: a must not be above b")
    return [[source.uniform(a, b) for _ in range(fan_in)] for _ in range(fan_out)]


def normal(fan_out: int, fan_in: int, source: Source, *, mean: float = 0.0, std: float = 1.0) -> Matrix:
    """Normal with the given mean and standard deviation, whatever the layer's width.

    Raises:
        DomainError: std is negative.
    """
    if not std >= 0.0:
        raise DomainError(f"normal(std) takes a standard deviation of at least 0, got {std}")
    return [[source.gauss(mean, std) for _ in range(fan_in)] for _ in range(fan_out)]


def fan_in(fan_out: int, fan_in: int, source: Source) -> Matrix:
    """Uniform in [-1/sqrt(fan_in), 1/sqrt(fan_in)], as PyTorch's Linear draws it."""
    return _symmetric(fan_out, fan_in, 1.0 / math.sqrt(fan_in), source)


def xavier(fan_out: int, fan_in: int, source: Source, *, gain: float = 1.0) -> Matrix:
    """Uniform with variance gain**2 * 2 / (fan_in + fan_out): keeps signals and gradients alike in size.

    It is made for tanh and sigmoid; `calculate_gain` gives the gain of an activation. Source: Glorot and Bengio
    2010, equation 16.
    """
    return _symmetric(fan_out, fan_in, gain * math.sqrt(6.0 / (fan_in + fan_out)), source)


def xavier_normal(fan_out: int, fan_in: int, source: Source, *, gain: float = 1.0) -> Matrix:
    """Normal with variance gain**2 * 2 / (fan_in + fan_out). Source: Glorot and Bengio 2010, equation 12."""
    return normal(fan_out, fan_in, source, std=gain * math.sqrt(2.0 / (fan_in + fan_out)))


def he(
    fan_out: int, fan_in: int, source: Source, *, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu"
) -> Matrix:
    """Normal with variance gain**2 / fan, which is 2 / fan_in by default: keeps signals alike in size through relu.

    Args:
        fan_out: the number of rows.
        fan_in: the number of weights in a row.
        source: what draws the numbers.
        a: the slope of a leaky relu below 0; 0 is relu itself.
        mode: "fan_in" keeps the size of signals on the way forward, "fan_out" that of gradients on the way back.
        nonlinearity: the activation, of those that `calculate_gain` knows.

    Raises:
        DomainError: the mode or the activation is not known.

    Source: He et al. 2015, equations 10, 14 and 15.
    """
    return normal(fan_out, fan_in, source, std=_he_deviation(fan_out, fan_in, a, mode, nonlinearity))


def he_uniform(
    fan_out: int, fan_in: int, source: Source, *, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu"
) -> Matrix:
    """Uniform with the variance of `he`, whose arguments it has."""
    return _symmetric(fan_out, fan_in, math.sqrt(3.0) * _he_deviation(fan_out, fan_in, a, mode, nonlinearity), source)


def orthogonal(fan_out: int, fan_in: int, source: Source, *, gain: float = 1.0) -> Matrix:
    """An orthogonal matrix times a gain, all of them equally likely: it keeps the length of every vector.

    Where it is not square, its rows are orthonormal if there are fewer of them, else its columns. Source: Saxe et
    al. 2013.

    >>> import random
    >>> rows = orthogonal(2, 3, random.Random(0))
    >>> abs(sum(a * b for a, b in zip(*rows))) < 1e-15
    True
    """
    long, short = max(fan_out, fan_in), min(fan_out, fan_in)
    vectors: Matrix = []
    while len(vectors) < short:
        drawn = [source.gauss(0.0, 1.0) for _ in range(long)]
        vector = drawn
        for _ in range(2):  # twice is enough: what rounding leaves of the others in the first pass, the second takes
            for other in vectors:
                share = _dot(vector, other)
                vector = [x - share * y for x, y in zip(vector, other, strict=True)]
        length = math.hypot(*vector)
        if length > 1e-6 * math.hypot(*drawn):  # else it lay among the others, and what is left is rounding
            vectors.append([x / length for x in vector])
    rows = vectors if fan_out <= fan_in else [list(column) for column in zip(*vectors, strict=True)]
    return [[gain * x for x in row] for row in rows]


def zeros(fan_out: int, fan_in: int, source: Source) -> Matrix:
    """All 0. A hidden layer that starts so cannot learn: its neurons stay equal."""
    return [[0.0] * fan_in for _ in range(fan_out)]


INITIALISERS: Final[dict[str, Initialiser]] = {
    "uniform": uniform,
    "normal": normal,
    "fan_in": fan_in,
    "xavier": xavier,
    "xavier_uniform": xavier,
    "xavier_normal": xavier_normal,
    "glorot": xavier,
    "glorot_uniform": xavier,
    "glorot_normal": xavier_normal,
    "he": he,
    "he_normal": he,
    "he_uniform": he_uniform,
    "kaiming": he,
    "kaiming_normal": he,
    "kaiming_uniform": he_uniform,
    "orthogonal": orthogonal,
    "zeros": zeros,
}
"""The initialisers that `init="..."` names; Glorot's are Xavier's, and Kaiming's are He's."""

_GAINS: Final = {
    "linear": 1.0,
    "identity": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return what to multiply weights with so that an activation keeps signals alike in size, as PyTorch has it.

    Args:
        nonlinearity: "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        param: the slope of a leaky relu below 0; without it 0.01.

    Raises:
        DomainError: the activation is not known.

    >>> calculate_gain("relu")
    1.4142135623730951
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else as_float(param, "calculate_gain(param)")
        return math.sqrt(2.0 / (1.0 + slope * slope))
    if nonlinearity not in _GAINS:
        raise DomainError(
            f"calculate_gain() knows {', '.join([*_GAINS, 'leaky_relu'])}, got {shortened(nonlinearity)}: "
            "relu's serves for activations like it, such as gelu, silu and elu"
        )
    return _GAINS[nonlinearity]


def draw(init: str | Initialiser, fan_out: int, fan_in: int, source: Source) -> Matrix:
    """Return fan_out rows of fan_in weights, drawn by an initialiser given by name or as a function.

    Raises:
        DomainError: no initialiser has this name, or a weight is not finite.
        ShapeError: the function returned other than fan_out rows of fan_in numbers.
    """
    if isinstance(init, str) and init in INITIALISERS:
        init = INITIALISERS[init]
    if isinstance(init, str) or not callable(init):
        raise DomainError(
            f"init takes the name of an initialiser or a function (fan_out, fan_in, source), got {shortened(init)}; "
            f"the names are {', '.join(INITIALISERS)}"
        )
    rows = [list(row) for row in init(fan_out, fan_in, source)]
    if [len(row) for row in rows] != [fan_in] * fan_out:
        raise ShapeError(
            f"init must return {counted(fan_out, 'row')} of {counted(fan_in, 'weight')}, got rows of "
            f"{shortened([len(row) for row in rows])}"
        )
    weights = [[number(weight) for weight in row] for row in rows]
    if any(weight is None or not math.isfinite(weight) for row in weights for weight in row):
        raise DomainError(f"init must return finite numbers, got {shortened(rows)}")
    return [[weight for weight in row if weight is not None] for row in weights]


def _symmetric(fan_out: int, fan_in: int, bound: float, source: Source) -> Matrix:
    return [[source.uniform(-bound, bound) for _ in range(fan_in)] for _ in range(fan_out)]


def _he_deviation(fan_out: int, fan_in: int, a: float, mode: str, nonlinearity: str) -> float:
    fans = {"fan_in": fan_in, "fan_out": fan_out}
    if mode not in fans:
        raise DomainError(f'he(mode) takes "fan_in" or "fan_out", got {shortened(mode)}')
    return calculate_gain(nonlinearity, a) / math.sqrt(fans[mode])


def _dot(xs: list[float], ys: list[float]) -> float:
    return sum(x * y for x, y in zip(xs, ys, strict=True))
