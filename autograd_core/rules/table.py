"""The table of differentiation rules: one row a primitive.

A row gives the value on floats and the partial derivatives. The partials are written with the rows
themselves (and + - *), so one rule serves floats for `backward()`, Values for higher derivatives, and any
other interpreter. They are written so that nothing cancels: 1 - tanh(x)**2, the textbook form, is off by
10**7 units in the last place at x = 10, where 1 / cosh(x)**2 is exact.

At kinks the table follows PyTorch: relu'(0) = 0, abs'(0) = 0, a tie of maximum gives each side one half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from autograd_core.rules import gamma as gamma_functions
from autograd_core.rules import ieee, special
from autograd_core.rules.kinds import Binary, Choice, Nary, Pairing, Unary, WithDefault
from autograd_core.rules.rows import Primitive

DIVISION: Final = 4
ELEMENTARY: Final = 20
"""What a row costs is counted in additions. A division costs about four. An exponential, a logarithm or a sine costs
about twenty multiplications and additions, as C libraries compute them."""

# fmt: off
# A table is read by rows.

# Arithmetic. Value's operators write these out for speed; tests/engine/test_value.py holds them to the rows.

add = Binary(
    "add", lambda a, b: a + b, (lambda a, b, y: 1.0, lambda a, b, y: 1.0),
    symbol="+", latex="{0} + {1}", doc="a + b.", cost=1,
)
subtract = Binary(
    "subtract", lambda a, b: a - b, (lambda a, b, y: 1.0, lambda a, b, y: -1.0),
    symbol="-", latex="{0} - {1}", doc="a - b.", cost=1,
)
multiply = Binary(
    "multiply", lambda a, b: a * b, (lambda a, b, y: b, lambda a, b, y: a),
    symbol="*", latex=r"{0} \cdot {1}", doc="a * b.", cost=1,
)
divide: Binary = Binary(
    "divide", ieee.divide, (lambda a, b, y: reciprocal(b), lambda a, b, y: -divide(y, b)),
    symbol="/", latex=r"\frac{{{0}}}{{{1}}}", doc="a / b; x/0 is inf, 0/0 is nan.", cost=DIVISION,
)
identity = Unary(
    "identity", lambda x: x, lambda x, y: 1.0, latex="{0}",
    doc="x itself, as a node of its own: what a transform differentiates by.", cost=0,
)
detached: Unary = Unary(
    "detached", lambda x: x, None, latex="{0}", doc="x itself, cut off what it was computed from: no gradient flows.",
    cost=0,
)
negative = Unary("negative", lambda x: -x, lambda x, y: -1.0, symbol="neg", latex="-{0}", doc="-x.", cost=1)


def _power_base(x: Any, k: Any, y: Any) -> Any:
    """k x**(k-1), and 0 for k = 0 also where x is 0: a constant has slope 0."""
    if type(k) is float:
        if type(x) is float:
            return ieee.power_slope(x, k)  # the same, with what rounding takes off k - 1 put back
        return k * power(x, k - 1.0) if k != 0.0 else 0.0
    return where(is_zero(x) * is_zero(k), 0.0, k * power(x, k - 1.0))


def _power_exponent(x: Any, k: Any, y: Any) -> Any:
    """y log(x), and 0 at x = 0 for k >= 0, where 0**k does not change."""
    return where(is_zero(x) * (1.0 - greater(0.0, k)), 0.0, y * log(x))


power: Binary = Binary(
    "power", ieee.power, (_power_base, _power_exponent),
    symbol="**", latex="{{{0}}}^{{{1}}}", parameters="base exponent",
    doc="base to the power exponent; a negative base has a real power for whole exponents only.", cost=2 * ELEMENTARY,
)
reciprocal: Unary = Unary(
    "reciprocal", lambda x: ieee.divide(1.0, x), lambda x, y: -square(y), latex=r"\frac{{1}}{{{0}}}", doc="1 / x.",
    example="4.0 -> 0.25", cost=DIVISION,
)
square: Unary = Unary(
    "square", lambda x: x * x, lambda x, y: 2.0 * x, latex="{0}^2", doc="x * x.", example="3.0 -> 9.0", cost=1,
)
sqrt = Unary(
    "sqrt", ieee.sqrt, lambda x, y: divide(0.5, y), latex=r"\sqrt{{{0}}}",
    doc="The square root; its slope at 0 is inf.", example="2.0 -> 1.414213562373", cost=DIVISION,
)
cbrt = Unary(
    "cbrt", special.cbrt, lambda x, y: divide(1.0, 3.0 * square(y)), latex=r"\sqrt[3]{{{0}}}",
    doc="The real cube root, of negative numbers too.", example="-8.0 -> -2.0", cost=ELEMENTARY,
)

# Exponentials and logarithms.

_LOG2_E, _LOG10_E = 1.4426950408889634, 0.4342944819032518

exp: Unary = Unary(
    "exp", ieee.exp, lambda x, y: y, latex="e^{{{0}}}", doc="e to the power x.", example="1.0 -> 2.718281828459",
    cost=ELEMENTARY,
)
expm1: Unary = Unary(
    "expm1", ieee.expm1, lambda x, y: exp(x), latex="e^{{{0}}} - 1", doc="exp(x) - 1, exact near 0.",
    example="0.5 -> 0.6487212707", cost=ELEMENTARY,
)
log: Unary = Unary(
    "log", ieee.log, lambda x, y: reciprocal(x), latex=r"\ln {0}", doc="The natural logarithm; log(0) is -inf.",
    example="10.0 -> 2.302585092994", cost=ELEMENTARY,
)
log1p = Unary(
    "log1p", ieee.log1p, lambda x, y: reciprocal(1.0 + x), latex=r"\ln(1 + {0})", doc="log(1 + x), exact near 0.",
    example="0.5 -> 0.405465108108", cost=ELEMENTARY,
)
log2 = Unary(
    "log2", ieee.log2, lambda x, y: divide(_LOG2_E, x), latex=r"\log_2 {0}", doc="The logarithm to base 2.",
    example="10.0 -> 3.321928094887", cost=ELEMENTARY,
)
log10 = Unary(
    "log10", ieee.log10, lambda x, y: divide(_LOG10_E, x), latex=r"\log_{{10}} {0}", doc="The logarithm to base 10.",
    example="2.0 -> 0.301029995664", cost=ELEMENTARY,
)

# Trigonometric and hyperbolic functions, angles in radians.

sin = Unary(
    "sin", ieee.sin, lambda x, y: cos(x), latex=r"\sin {0}", doc="The sine of x radians.",
    example="1.0 -> 0.841470984808", cost=ELEMENTARY,
)
cos: Unary = Unary(
    "cos", ieee.cos, lambda x, y: -sin(x), latex=r"\cos {0}", doc="The cosine of x radians.",
    example="1.0 -> 0.540302305868", cost=ELEMENTARY,
)
tan = Unary(
    "tan", ieee.tan, lambda x, y: 1.0 + square(y), latex=r"\tan {0}", doc="The tangent of x radians.",
    example="1.0 -> 1.557407724655", cost=ELEMENTARY,
)
one_minus_square: Unary = Unary(
    "one_minus_square", lambda x: (1.0 - x) * (1.0 + x), lambda x, y: -2.0 * x, latex="1 - {0}^2",
    doc="1 - x * x, exact near 1 and with an exact slope near 0.", cost=3,
)
asin = Unary(
    "asin", ieee.asin, lambda x, y: reciprocal(sqrt(one_minus_square(x))), latex=r"\arcsin {0}",
    numpy_name="arcsin", doc="The angle in [-pi/2, pi/2] whose sine is x.", example="0.5 -> 0.523598775598",
    cost=ELEMENTARY,
)
acos = Unary(
    "acos", ieee.acos, lambda x, y: -reciprocal(sqrt(one_minus_square(x))), latex=r"\arccos {0}",
    numpy_name="arccos", doc="The angle in [0, pi] whose cosine is x.", example="0.5 -> 1.047197551197",
    cost=ELEMENTARY,
)
atan = Unary(
    "atan", math.atan, lambda x, y: square(reciprocal(hypot(1.0, x))), latex=r"\arctan {0}",
    numpy_name="arctan", doc="The angle in [-pi/2, pi/2] whose tangent is x.", example="1.0 -> 0.785398163397",
    cost=ELEMENTARY,
)
atan2 = Binary(
    "atan2", math.atan2,
    (lambda a, b, y: _over_square(b, hypot(a, b)), lambda a, b, y: -_over_square(a, hypot(a, b))),
    latex=r"\operatorname{{atan2}}({0}, {1})", numpy_name="arctan2",
    parameters="y x", is_method=True,
    doc="The angle of the point (x, y), in [-pi, pi].", example="1.0, -1.0 -> 2.356194490192", cost=ELEMENTARY,
)
sinh = Unary(
    "sinh", ieee.sinh, lambda x, y: cosh(x), latex=r"\sinh {0}", doc="The hyperbolic sine.",
    example="1.0 -> 1.175201193644", cost=ELEMENTARY,
)
cosh: Unary = Unary(
    "cosh", ieee.cosh, lambda x, y: sinh(x), latex=r"\cosh {0}", doc="The hyperbolic cosine.",
    example="1.0 -> 1.543080634815", cost=ELEMENTARY,
)
sech: Unary = Unary(
    "sech", special.sech, lambda x, y: -y * tanh(x), latex=r"\operatorname{{sech}} {0}",
    doc="1 / cosh(x), whose slope keeps its digits where 1 / cosh(x)**2 underflows.", cost=ELEMENTARY + DIVISION + 1,
)
tanh: Unary = Unary(
    "tanh", math.tanh, lambda x, y: square(sech(x)), latex=r"\tanh {0}", doc="The hyperbolic tangent.",
    example="0.5 -> 0.46211715726", cost=ELEMENTARY,
)
asinh = Unary(
    "asinh", math.asinh, lambda x, y: reciprocal(hypot(1.0, x)), latex=r"\operatorname{{arsinh}} {0}",
    numpy_name="arcsinh", doc="The inverse hyperbolic sine.", example="1.0 -> 0.88137358702", cost=ELEMENTARY,
)
acosh = Unary(
    "acosh", ieee.acosh, lambda x, y: reciprocal(sqrt(x - 1.0) * sqrt(x + 1.0)), latex=r"\operatorname{{arcosh}} {0}",
    numpy_name="arccosh", doc="The inverse hyperbolic cosine, for x >= 1.", example="2.0 -> 1.316957896925",
    cost=ELEMENTARY,
)
atanh = Unary(
    "atanh", ieee.atanh, lambda x, y: reciprocal(one_minus_square(x)), latex=r"\operatorname{{artanh}} {0}",
    numpy_name="arctanh", doc="The inverse hyperbolic tangent, for |x| <= 1.", example="0.5 -> 0.549306144334",
    cost=ELEMENTARY,
)

# Special functions. The four after lgamma are there for the slopes of the others.

_TWO_OVER_SQRT_PI = 1.1283791670955126

erf = Unary(
    "erf", math.erf, lambda x, y: _TWO_OVER_SQRT_PI * gaussian(x), latex=r"\operatorname{{erf}}({0})",
    doc="The error function, 2/sqrt(pi) times the integral of exp(-t*t) from 0 to x.", example="0.5 -> 0.520499877813",
    cost=ELEMENTARY,
)
erfc = Unary(
    "erfc", math.erfc, lambda x, y: -_TWO_OVER_SQRT_PI * gaussian(x), latex=r"\operatorname{{erfc}}({0})",
    doc="1 - erf(x), exact for large x.", example="2.0 -> 0.004677734981", cost=ELEMENTARY,
)
lgamma = Unary(
    "lgamma", gamma_functions.lgamma, lambda x, y: polygamma(0.0, x), latex=r"\ln\Gamma({0})",
    doc="The logarithm of |gamma(x)|; inf at 0, -1, -2, ...", example="10.0 -> 12.801827480081", cost=3 * ELEMENTARY,
)
polygamma: Binary = Binary(
    "polygamma", gamma_functions.polygamma, (None, lambda n, x, y: polygamma(n + 1.0, x)), latex=r"\psi^{{({0})}}({1})",
    parameters="order x",
    doc="The derivative of order n + 1 of lgamma at x, for order n = 0, 1, ...: polygamma(0, x) is digamma.",
    example="0, 1.0 -> -0.577215664902", cost=3 * ELEMENTARY,
)
gaussian: Unary = Unary(
    "gaussian", special.gaussian, lambda x, y: -2.0 * x * y, latex="e^{{-{0}^2}}", doc="exp(-x * x).",
    cost=2 * ELEMENTARY,
)
normal_pdf: Unary = Unary(
    "normal_pdf", special.normal_pdf, lambda x, y: -x * y, latex=r"\varphi({0})", doc="The standard normal density.",
    cost=2 * ELEMENTARY,
)
normal_cdf: Unary = Unary(
    "normal_cdf", special.normal_cdf, lambda x, y: normal_pdf(x), latex=r"\Phi({0})",
    doc="The standard normal distribution function.", cost=2 * ELEMENTARY,
)

# Activations.

sigmoid: Unary = Unary(
    "sigmoid", special.sigmoid, lambda x, y: y * sigmoid(-x), symbol="σ", latex=r"\sigma({0})",
    doc="The logistic function 1 / (1 + exp(-x)).", example="2.0 -> 0.880797077978", cost=ELEMENTARY + DIVISION + 1,
)
softplus = Unary(
    "softplus", special.softplus, lambda x, y: sigmoid(x), latex=r"\operatorname{{softplus}}({0})",
    doc="log(1 + exp(x)), a smooth relu.", example="0.0 -> 0.69314718056", cost=2 * ELEMENTARY,
)
relu = Unary(
    "relu", lambda x: x if x > 0.0 or x != x else 0.0, lambda x, y: greater(x, 0.0),
    latex=r"\operatorname{{relu}}({0})", doc="max(x, 0); its slope at 0 is 0.", example="-3.0 -> 0.0", cost=1,
)
leaky_relu = WithDefault(
    "leaky_relu", lambda x, k: x if x > 0.0 else k * x,
    (lambda x, k, y: where(greater(x, 0.0), 1.0, k), lambda x, k, y: where(greater(x, 0.0), 0.0, x)), default=0.01,
    latex=r"\operatorname{{leaky}}_{{{1}}}({0})", parameters="x slope",
    doc="x above 0 and slope * x below: leaky_relu(x, slope=0.01).",
    example="-3.0 -> -0.03", cost=2,
)
elu = WithDefault(
    "elu", special.elu,
    (lambda x, k, y: where(greater(x, 0.0), 1.0, k * exp(x)), lambda x, k, y: where(greater(x, 0.0), 0.0, expm1(x))),
    default=1.0, latex=r"\operatorname{{elu}}_{{{1}}}({0})",
    parameters="x alpha",
    doc="x above 0 and alpha * (exp(x) - 1) below: elu(x, alpha=1.0). Source: Clevert et al. 2015.",
    example="-1.0 -> -0.632120558829", cost=ELEMENTARY + 2,
)
gelu = Unary(
    "gelu", special.gelu, lambda x, y: normal_cdf(x) + x * normal_pdf(x), latex=r"\operatorname{{gelu}}({0})",
    doc="x * normal_cdf(x), exact (by erfc, not by tanh). Source: Hendrycks and Gimpel 2016.",
    example="1.0 -> 0.841344746069", cost=2 * ELEMENTARY,
)
silu = Unary(
    "silu", special.silu, lambda x, y: sigmoid(x) + y * sigmoid(-x), latex=r"\operatorname{{silu}}({0})",
    doc="x * sigmoid(x), also known as swish.", example="1.0 -> 0.73105857863", cost=ELEMENTARY + DIVISION + 2,
)

# Kinks and choices. A partial of None means that there is no edge: exactly 0 flows, even from an inf or a nan. The
# partials of a row that selects are shares: 1 for the operand that was chosen, 0 for one that was not, 1/2 at a tie.


def _selected(share: Any, adjoint: Any) -> Any:
    """The adjoint of an operand with that share: a product would turn an inf into a nan where the share is 0."""
    if type(share) is float:
        return 0.0 if share == 0.0 else adjoint if share == 1.0 else share * adjoint
    return share if type(adjoint) is float and adjoint == 1.0 else where(share, share * adjoint, 0.0)


abs = Unary(
    "abs", math.fabs, lambda x, y: sign(x), numpy_name="fabs", latex="|{0}|", doc="|x|; its slope at 0 is 0.",
    example="-3.0 -> 3.0", cost=1,
)
sign: Unary = Unary(
    "sign", lambda x: math.copysign(1.0, x) if x != 0.0 and x == x else x, lambda x, y: 0.0,
    latex=r"\operatorname{{sgn}}({0})", doc="1, 0 or -1; its slope is 0.", example="-3.0 -> -1.0", cost=1,
)
greater: Binary = Binary(
    "greater", lambda a, b: 1.0 if a > b else 0.0, (None, None), symbol=">", latex="[{0} > {1}]",
    doc="1 if a > b, else 0: a comparison that can be recorded.", cost=1,
)
is_zero: Unary = Unary(
    "is_zero", lambda x: 1.0 if x == 0.0 else 0.0, None, symbol="= 0", latex="[{0} = 0]", doc="1 at 0, else 0.", cost=1,
)
maximum = Binary(
    "maximum", ieee.maximum, (lambda a, b, y: _share(a, b), lambda a, b, y: _share(b, a)), pull=_selected, symbol="max",
    latex=r"\max({0}, {1})", doc="The larger of a and b; a tie gives each one half of the gradient.",
    example="2.0, 3.0 -> 3.0", cost=1,
)
minimum = Binary(
    "minimum", ieee.minimum, (lambda a, b, y: _share(b, a), lambda a, b, y: _share(a, b)), pull=_selected, symbol="min",
    latex=r"\min({0}, {1})", doc="The smaller of a and b; a tie gives each one half of the gradient.",
    example="2.0, 3.0 -> 2.0", cost=1,
)
hypot: Binary = Binary(
    "hypot", math.hypot, (lambda a, b, y: _direction(a, y), lambda a, b, y: _direction(b, y)),
    latex=r"\sqrt{{{0}^2 + {1}^2}}", doc="sqrt(a*a + b*b) without overflow; its gradient at (0, 0) is 0.",
    is_method=True, example="3.0, 4.0 -> 5.0", cost=3 + DIVISION,
)
where: Choice = Choice(
    "where", lambda c, a, b: a if c != 0.0 else b,
    (None, lambda c, a, b, y: where(c, 1.0, 0.0), lambda c, a, b, y: is_zero(c)), pull=_selected,
    latex=r"\operatorname{{where}}({0}, {1}, {2})",
    parameters="condition a b",
    doc="a where the condition is not 0, else b. Nothing flows to the side that was not chosen, not even a nan.",
    example="True, 1.0, 2.0 -> 1.0", cost=1,
)
clip = Choice(
    "clip", lambda x, low, high: ieee.minimum(ieee.maximum(x, low), high),
    (
        lambda x, low, high, y: (1.0 - greater(low, x)) * (1.0 - greater(x, high)),
        lambda x, low, high, y: greater(low, x) * (1.0 - greater(low, high)),
        lambda x, low, high, y: where(greater(low, high), 1.0, greater(x, high)),
    ),
    pull=_selected,
    latex=r"\operatorname{{clip}}({0}, {1}, {2})",
    parameters="x low high", doc="x kept within [low, high]; the slope is 1 inside and at the bounds, 0 outside.",
    example="5.0, 0.0, 1.0 -> 1.0", cost=2,
)


def _share(a: Any, b: Any) -> Any:
    """1 where a wins over b, 0 where it loses, 1/2 at a tie."""
    return 0.5 * (1.0 + greater(a, b) - greater(b, a))


def _over_square(x: Any, length: Any) -> Any:
    """x / length**2, where the square itself could overflow."""
    return divide(divide(x, length), length)


def _direction(x: Any, length: Any) -> Any:
    """x / length, and 0 for length 0: the subgradient that PyTorch's norm takes."""
    return where(is_zero(length), 0.0, divide(x, length))


# Sequences.


def _others(xs: Sequence[Any], y: Any) -> list[Any]:
    """For each factor the product of all the others, from both ends, so that a 0 among them does no harm."""
    if not xs:
        return []
    before, after = [1.0], [1.0]
    for x in xs[:-1]:
        before.append(before[-1] * x)
    for x in xs[:0:-1]:
        after.append(after[-1] * x)
    return [left * right for left, right in zip(before, reversed(after), strict=True)]


def softmax(xs: Sequence[Any], y: Any = None) -> list[Any]:
    """exp(x) / sum(exp(x)) for each x, with the largest taken out first: the partials of logsumexp."""
    top = peak(xs)
    powers = [exp(x - top) for x in xs]
    total = sum(powers)
    return [divide(p, total) for p in powers]


def _swapped(xs_then_ys: Sequence[Any], y: Any) -> list[Any]:
    half = len(xs_then_ys) // 2
    return [*xs_then_ys[half:], *xs_then_ys[:half]]


sum: Nary = Nary(
    "sum", ieee.total, lambda xs, y: [1.0] * len(xs), latex=r"\sum({args})",
    doc="The sum of a sequence, correctly rounded; 0 for an empty one.", example="[0.1, 0.2, 0.3] -> 0.6",
    cost=lambda n: n - 1,
)
prod = Nary(
    "prod", special.product, _others, latex=r"\prod({args})",
    doc="The product of a sequence; 1 for an empty one.", example="[2.0, 3.0, 4.0] -> 24.0", cost=lambda n: n - 1,
)
dot = Pairing(
    "dot", special.dot, _swapped, latex=r"\langle {args} \rangle",
    doc="The dot product of two sequences of one length.", example="[1.0, 2.0], [3.0, 4.0] -> 11.0",
    cost=lambda n: n - 1,
)
norm = Nary(
    "norm", lambda xs: math.hypot(*xs), lambda xs, y: [_direction(x, y) for x in xs],
    latex=r"\lVert {args} \rVert", doc="The Euclidean norm without overflow; its gradient at 0 is 0.",
    example="[2.0, 3.0, 6.0] -> 7.0", cost=lambda n: 2 * n + DIVISION - 1,
)
logsumexp = Nary(
    "logsumexp", special.logsumexp, softmax, least=1, latex=r"\operatorname{{logsumexp}}({args})",
    doc="log(sum(exp(x))) without overflow.", example="[1000.0, 1000.0] -> 1000.69314718056",
    cost=lambda n: (ELEMENTARY + 2) * n + ELEMENTARY,
)
peak: Nary = Nary(
    "peak", max, lambda xs, y: [None] * len(xs), least=1, latex=r"\max({args})",
    doc="The largest of a sequence, as a constant: no gradient flows through it.", cost=lambda n: n - 1,
)

# fmt: on

TABLE: dict[str, Primitive] = {row.name: row for row in list(globals().values()) if isinstance(row, Primitive)}

for row in TABLE.values():
    row.__module__ = __name__  # where a pickle finds it

__test__ = {name: row.__doc__ for name, row in TABLE.items()}
"""Where doctest looks for the examples of objects that are no functions."""
