"""All errors and warnings of this package.

Each error is also the builtin exception that fits it, so `except ValueError` and
`except AutogradError` both catch a wrong value.
"""

from __future__ import annotations


class AutogradError(Exception):
    """The base class of every error that this package raises on purpose."""


class NotAScalarError(AutogradError, TypeError):
    """Something other than one real number was passed where one real number is needed."""


class ArgumentError(AutogradError, TypeError):
    """A call got too few, too many or unknown arguments, or an argument of a type that it does not take."""


class DomainError(AutogradError, ValueError):
    """An argument has the right type and a value that the call cannot use: an empty sequence, nan, a bad option."""


class ShapeError(AutogradError, ValueError):
    """Two lengths or structures that must agree do not."""


class GraphError(AutogradError, RuntimeError):
    """The recorded graph does not allow what was asked, such as assigning the data of a computed node."""


class ProgramError(AutogradError, ValueError):
    """A Program is damaged: its steps, places or guards do not fit together."""


class PathError(AutogradError, ValueError):
    """A Program was run where the function that it was recorded from takes another branch."""


class GradientLostError(AutogradError, TypeError):
    """A conversion such as `float(v)` or `math.sin(v)` would silently drop the gradient."""


class MissingDependencyError(AutogradError, ImportError):
    """An optional package or program that the call needs is not installed."""


class GradientCheckError(AutogradError, AssertionError):
    """`check_gradients()` found a derivative that disagrees with differences of the function's values."""


class AnomalyError(AutogradError, ArithmeticError):
    """Within `detect_anomaly()`, a number became nan or inf; the message says where."""


class GradientWarning(UserWarning):
    """Within `gradient_warnings()`, a gradient is probably misleading. The base class of the three below."""


class UnreachedGradientWarning(GradientWarning):
    """A gradient was read before any backward pass reached its Value, so its 0.0 means nothing."""


class StaleGradientWarning(GradientWarning):
    """A gradient was computed when its leaf had other data than it has now."""


class DeadUnitWarning(GradientWarning):
    """The activation of a unit passes no gradient for any example of a backward pass."""
