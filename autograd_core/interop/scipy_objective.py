"""scipy_objective(): a function and its exact derivatives, as SciPy's solvers ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.argnums import checked_argnums
from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.grad import grad
from autograd_core.calculus.hessian import hessian
from autograd_core.calculus.jacobian import jacobian
from autograd_core.calculus.jvp import jvp
from autograd_core.calculus.outputs import outputs_of
from autograd_core.errors import ArgumentError, MissingDependencyError, NotAScalarError, ShapeError
from autograd_core.nesting.structures import Structure, array_of, flatten, is_object_array
from autograd_core.rules.scalars import as_flag, as_float, counted, shortened


class ScipyObjective:
    """What `scipy_objective(f)` returns: `fun`, `jac`, `hess` and `hessp`, named as SciPy names them.

    Calling it calls `fun`. Nothing is cached between calls, so whatever `f` refers to may change in between.

    Attributes:
        x0: the numbers of the start as an array, if a start was given; else None.
    """

    def __init__(self, f: Callable[..., Any], x0: Any, argnum: int, sparse: bool) -> None:
        self._name = f"scipy_objective({name_of(f)})"
        self._at = argnum
        self._numpy = _numpy()
        self._structure: Structure | None = None
        self.x0: Any = None
        if x0 is not None:
            self._structure, numbers = flatten(x0, f"{self._name}: x0")
            self.x0 = array_of([as_float(x, f"{self._name}: x0") for x in numbers], (len(numbers),))
        self._f = self._on_array(f)
        self._sparse = sparse
        self._jacobian = jacobian(self._f, argnum, sparse=sparse)
        self._hessian = hessian(self._f, argnum, sparse=sparse)
        self._gradient = grad(self._f, argnum)

    def fun(self, *args: Any) -> Any:
        """Return f as a float, or as an array of shape (m,) if it returns several numbers."""
        return self._f(*self._checked(args))

    __call__ = fun

    def jac(self, *args: Any) -> Any:
        """Return the gradient, of shape (n,), or if f returns several numbers the Jacobian, of shape (m, n)."""
        checked = self._checked(args)
        if self._sparse and self._numpy.ndim(self._f(*checked)) == 0:
            return self._gradient(*checked)  # SciPy takes no sparse gradient
        return self._jacobian(*checked)

    def hess(self, *args: Any) -> Any:
        """Return the Hessian, of shape (n, n), of a function that returns one number."""
        return self._hessian(*self._checked(args))

    def hessp(self, *args: Any) -> Any:
        """Return the Hessian at x times p, for x and p of shape (n,), which stand one after the other in `args`.

        It costs a few gradients, whatever n is.
        """
        at = self._at
        if len(args) < at + 2:
            raise ArgumentError(
                f"{self._name}.hessp takes x and the direction p, at positions {at} and {at + 1}, got "
                f"{counted(len(args), 'argument')}"
            )
        checked = self._checked((*args[: at + 1], *args[at + 2 :]))
        x, p = checked[at], self._floats(args[at + 1], f"{self._name}.hessp: p")
        if p.size != x.size:
            raise ShapeError(f"{self._name}.hessp: p has {counted(p.size, 'number')}, x has {x.size}")

        def gradient(x: Any) -> Any:
            return self._gradient(*checked[:at], x, *checked[at + 1 :])

        return jvp(gradient, x, p)[1]

    def unpack(self, x: Any) -> Any:
        """Return the numbers of an array such as `result.x` in the structure of the start `x0`.

        Raises:
            NotAScalarError: `x` is no array of numbers.
            ShapeError: `x` has more or fewer numbers than the start.
        """
        if self._structure is None:
            return x
        numbers = x if is_object_array(x) else self._floats(x, f"{self._name}.unpack: x")
        if len(numbers) != self._structure.count:
            raise ShapeError(
                f"{self._name}: x has {counted(len(numbers), 'number')}, the start x0 has {self._structure.count}"
            )
        return self._structure.build(numbers.tolist())

    def _checked(self, args: tuple[Any, ...]) -> list[Any]:
        """Return the arguments with x as an array of floats."""
        if len(args) <= self._at:
            raise ArgumentError(
                f"{self._name} takes the array x at position {shortened(self._at)}, got "
                f"{counted(len(args), 'argument')}"
            )
        checked = list(args)
        checked[self._at] = self._floats(args[self._at], f"{self._name}: x")
        return checked

    def _floats(self, x: Any, name: str) -> Any:
        """Return `x` as an array of floats with at least one dimension."""
        try:
            array = self._numpy.asarray(x)
        except (TypeError, ValueError):  # lists that differ in length, Values
            array = None
        if array is None or array.dtype.kind not in "fiub":
            raise NotAScalarError(f"{name} must be an array of numbers, got {type(x).__name__} {shortened(x)}")
        return self._numpy.atleast_1d(array.astype(float))

    def _on_array(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Return f as a function of an array that returns one number or an array of shape (m,)."""

        def on_array(*args: Any) -> Any:
            arguments = list(args)
            arguments[self._at] = self.unpack(args[self._at])
            result = f(*arguments)
            outputs, ys = outputs_of(result, self._name)
            if not ys:
                raise NotAScalarError(
                    f"{self._name} takes a function that returns numbers; it returned {shortened(result)}, "
                    "which holds none"
                )
            is_number = outputs.rebuild is None and outputs.shape is None
            return ys[0] if is_number else array_of(ys, (len(ys),))

        on_array.__name__ = name_of(f)
        return on_array

    def __repr__(self) -> str:
        return f"<{self._name}>"


def scipy_objective(f: Callable[..., Any], x0: Any = None, *, argnums: int = 0, sparse: bool = False) -> ScipyObjective:
    """Return what SciPy's solvers ask for: `fun`, `jac`, `hess` and `hessp`, with exact derivatives of `f`.

    Pass them as SciPy's keywords of these names. They take the same `args` as `f`:

        objective = scipy_objective(f)
        minimize(objective, x0, jac=objective.jac, hessp=objective.hessp, method="trust-ncg")
        least_squares(objective, x0, jac=objective.jac)    # f returns the residuals
        root(objective, x0, jac=objective.jac)             # f returns as many numbers as it takes

        field = scipy_objective(f, argnums=1)              # f(t, y)
        solve_ivp(field, (0, 1), y0, jac=field.jac, method="Radau")

    Args:
        f: takes an array of shape (n,), and returns one number, or several in a list or an array. Write it with
            operators and functions of this package or NumPy's. `fun` calls it with floats, the others with Values.
        x0: where to start, if `f` takes something else than an array with one dimension: a dict, a dataclass, a
            matrix. Then `objective.x0` is the array to start from, and `objective.unpack(result.x)` returns the
            solution in the structure of `x0`.
        argnums: the position of the array among the arguments of `f`.
        sparse: True makes `hess`, and `jac` if `f` returns several numbers, return SciPy's `csr_array`, which
            `least_squares` and the method "trust-constr" take.

    Raises:
        ArgumentError: `f` is no function, or `argnums` is not one position of 0 or more.
        NotAScalarError: on a call, x or the result holds something that is no number, or the result holds none; for
            `hess` and `hessp`, the result is not one number.
        ShapeError: on a call of `hessp`, p and x differ in size.
        MissingDependencyError: NumPy is not installed.

    >>> from scipy.optimize import minimize
    >>> objective = scipy_objective(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)
    >>> result = minimize(objective, [-1.2, 1.0], jac=objective.jac, hess=objective.hess, method="trust-exact")
    >>> bool(abs(result.x - 1.0).max() < 1e-8)
    True
    >>> objective = scipy_objective(lambda p: (p["a"] - 3) ** 2 + p["b"][1] ** 2, {"a": 0.0, "b": [1.0, 2.0]})
    >>> found = objective.unpack(minimize(objective, objective.x0, jac=objective.jac).x)
    >>> round(found["a"], 6), found["b"][0]
    (3.0, 1.0)
    """
    function = checked_function("scipy_objective", f)
    position = checked_argnums("scipy_objective(f, argnums)", argnums)
    if not isinstance(position, int) or position < 0:
        raise ArgumentError(f"scipy_objective(f, argnums) takes one position, 0 or more, got {shortened(argnums)}")
    return ScipyObjective(function, x0, position, as_flag(sparse, "scipy_objective(f, sparse)"))


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise MissingDependencyError(
            "scipy_objective() works on NumPy arrays, as SciPy does: pip install 'autograd-core[all]'"
        ) from None
    return numpy
