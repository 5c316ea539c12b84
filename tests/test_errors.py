"""Whatever is passed to a public function: what comes back is an answer, or an error that names the call.

No wrong argument may raise anything else, such as an AttributeError from deep inside.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_core as ac
import nn
from autograd_core import Value
from autograd_core.errors import AutogradError
from autograd_core.rules.kinds import Unary
from autograd_core.rules.table import TABLE
from tests.support.wrong_arguments import NO_DIMENSIONS, wrong


class UsersError(AutogradError):
    """An error that the user's own function raised."""


def users(f):
    """A function that is called with what it does not take, too: what it raises is not the package's doing."""

    @functools.wraps(f)
    def guarded(*given):
        try:
            return f(*given)
        except Exception as error:
            raise UsersError(str(error)) from error

    return guarded


@users
def square(x):
    return x * x


@users
def area(p):
    return p[0] * p[1]


@users
def both(p):
    return [p[0] * p[1], p[0]]


class Call(NamedTuple):
    """A call that is right: a function of the arguments, each of which is replaced in turn."""

    names: tuple[str, ...]
    """What its errors may call it."""
    run: Callable[..., Any]
    arguments: Callable[[], list[Any]]


X, ONE, AT, ALONG = Value(2.0, "x"), 1.0, [1.0, 2.0], [1.0, 0.0]


def call(name: str, run: Callable[..., Any], *arguments: Any) -> Any:
    names = tuple(name.split(" or "))
    return pytest.param(Call(names, run, lambda: list(arguments)), id=names[0])


def own(a):
    return ac.primitive(partials=(lambda a, y: 2.0 * a,))(square)(a)


def partials(given):
    return ac.grad(ac.primitive(partials=given)(lambda a: a * a))(2.0)


UNARY = [name for name, row in TABLE.items() if isinstance(row, Unary) and name in ac.__all__]
OF_SEQUENCES = ["log_softmax", "logsumexp", "mean", "norm", "prod", "softmax", "sum"]

CALLS = [
    call("Value", Value, 1.0, "x"),
    call("data", lambda x: setattr(Value(1.0), "data", x), 1.0),
    call("grad", lambda x: setattr(Value(1.0), "grad", x), 1.0),
    call("label", lambda x: setattr(Value(1.0), "label", x), "x"),
    call("detach", ac.detach, X),
    *[call(name, getattr(ac, name), Value(0.5)) for name in (*UNARY, "elu", "leaky_relu")],
    *[call(name, getattr(ac, name), [1.0, Value(2.0)]) for name in OF_SEQUENCES],
    *[call(name, getattr(ac, name), Value(1.5), 2.0) for name in ("atan2", "hypot", "maximum", "minimum")],
    call("polygamma", ac.polygamma, 1, Value(1.5)),
    call("clip", ac.clip, Value(1.5), 0.0, 1.0),
    call("where", ac.where, True, Value(1.5), 2.0),
    call("dot", ac.dot, [1.0, X], [X, 2.0]),
    call("grad", lambda f, argnums, x: ac.grad(f, argnums)(x), area, 0, AT),
    call("value_and_grad", lambda f, argnums, x: ac.value_and_grad(f, argnums)(x), area, 0, AT),
    call("jacobian", lambda f, n, m, s, x: ac.jacobian(f, n, mode=m, sparse=s)(x), both, 0, "auto", False, AT),
    call("hessian", lambda f, argnums, sparse, x: ac.hessian(f, argnums, sparse=sparse)(x), area, 0, True, AT),
    call("jvp", ac.jvp, both, AT, ALONG),
    call("jvp", lambda f, x, v, n: ac.jvp(f, x, v, argnums=n), both, (AT,), ALONG, 0),
    call("vjp", lambda f, x, w: ac.vjp(f, x)[1](w), both, AT, ALONG),
    call("vjp", lambda f, x, w, n: ac.vjp(f, x, argnums=n)[1](w), both, (AT,), ALONG, 0),
    call("hvp", ac.hvp, area, AT, ALONG),
    call("hvp", lambda f, x, v, n: ac.hvp(f, x, v, argnums=n), area, (AT,), ALONG, 0),
    call("gradients", ac.gradients, X * X, [X]),
    call("derivative", lambda f, n, x: ac.derivative(f, n)(x), square, 2, 1.0),
    call("taylor", ac.taylor, square, 1.0, 2),
    call("divergence", lambda f, argnums, x: ac.divergence(f, argnums)(x), both, 0, AT),
    call("laplacian", lambda f, argnums, x: ac.laplacian(f, argnums)(x), area, 0, AT),
    call(
        "check_gradients",
        lambda f, x, m, o, r: ac.check_gradients(f, x, modes=m, order=o, rtol=r),
        area,
        AT,
        ("reverse",),
        1,
        1e-4,
    ),
    call("primitive or partial", partials, (lambda a, y: 2.0 * a,)),
    call("primitive", lambda f: ac.primitive(partials=(lambda a, y: 2.0 * a,))(f)(X), square),
    call("square", own, X),
    call("implicit", ac.implicit, users(lambda s: s * s - X), 2.0**0.5),
    call("checkpoint", lambda f, x: ac.checkpoint(f)(x), area, [X, X]),
    call("checkpoint", lambda f, x: ac.checkpoint_loop(f, x, 3), square, X),
    call("no_grad", lambda f: ac.no_grad()(f), square),
    call("detect_anomaly", lambda f: ac.detect_anomaly()(f), square),
    call("gradient_warnings", lambda f: ac.gradient_warnings()(f), square),
    call("array", ac.array, AT),
    call(
        "scipy_objective",
        lambda f, x0, n, s: ac.scipy_objective(f, x0, argnums=n, sparse=s).jac(AT),
        area,
        AT,
        0,
        False,
    ),
    call("scipy_objective", lambda x: ac.scipy_objective(area).fun(x), AT),
    call("scipy_objective", lambda x, p: ac.scipy_objective(area).hessp(x, p), AT, ALONG),
    call("scipy_objective", lambda x: ac.scipy_objective(area, AT).unpack(x), AT),
    call("steps", lambda y: list(ac.steps(y)), X * X),
    call("explain", ac.explain, X * X, X),
    call("explain", lambda n: ac.explain(X * X, X, max_paths=n), 3),
    call(
        "draw",
        lambda y, side, form, most, boxes: ac.draw(y, rankdir=side, format=form, max_nodes=most, collapse=boxes),
        X * X,
        "LR",
        "svg",
        30,
        False,
    ),
    call("player", lambda y, most, boxes: ac.player(y, max_nodes=most, collapse=boxes), X * X, 30, False),
]


def linear():
    return nn.Linear(2, 2, seed=0)


def trained(**options):
    return nn.fit(linear(), [[1.0, 2.0]], [[0.0, 1.0]], epochs=1, progress=False, **{"loss": "mse", **options})


def optimised(make):
    return lambda lr: make(linear(), lr=lr)


PAIRS = [0.5, Value(0.25)], [1.0, 0.0]

NN_CALLS = [
    call("MLP", lambda nin, nouts: nn.MLP(nin, nouts, seed=0), 2, [2, 1]),
    call("Linear", lambda a, b: nn.Linear(a, b, seed=0), 2, 2),
    call("Linear", lambda x: linear()(x), AT),
    call("Embedding", lambda a, b: nn.Embedding(a, b, seed=0), 3, 2),
    call("Embedding", lambda x: nn.Embedding(3, 2, seed=0)(x), 1),
    call("LayerNorm", lambda n, eps: nn.LayerNorm(n, eps=eps), 2, 1e-5),
    call("LayerNorm", lambda x: nn.LayerNorm(2)(x), AT),
    call("Dropout", lambda p: nn.Dropout(p, seed=0), 0.5),
    call("Dropout", lambda x: nn.Dropout(0.5, seed=0)(x), AT),
    call("ReLU", lambda x: nn.ReLU()(x), AT),
    call("Softmax or softmax", lambda x: nn.Softmax()(x), AT),
    call("RNN", lambda a, b: nn.RNN(a, b, seed=0), 2, 2),
    call("RNN", lambda x: nn.RNN(2, 2, seed=0)(x), [AT, AT]),
    *[
        call(name, getattr(nn, name), *PAIRS)
        for name in ("mse_loss", "half_squared_error_loss", "huber_loss", "binary_cross_entropy")
    ],
    call("binary_cross_entropy_with_logits", nn.binary_cross_entropy_with_logits, *PAIRS),
    call("cross_entropy", nn.cross_entropy, PAIRS[0], 1),
    call("nll_loss", nn.nll_loss, [-0.5, Value(-0.9)], 1),
    call("hinge_loss", nn.hinge_loss, PAIRS[0], [1.0, -1.0]),
    call("kl_div", nn.kl_div, [-0.5, Value(-0.9)], [0.5, 0.5]),
    *[call(name, optimised(getattr(nn, name)), 0.1) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")],
    call("SGD", nn.SGD, linear(), 0.1),
    call("StepLR", lambda a, n: nn.StepLR(a, n), nn.SGD(linear(), 0.1), 2),
    call("clip_grad_norm_", nn.clip_grad_norm_, linear(), 1.0),
    call("clip_grad_value_", nn.clip_grad_value_, linear(), 1.0),
    call(
        "fit or Linear",
        lambda X, y: nn.fit(linear(), X, y, loss="mse", epochs=1, progress=False),
        [[1.0, 2.0]],
        [[0.0, 1.0]],
    ),
    call("fit(loss) or fit", lambda loss: trained(loss=loss), "mse"),
    call("fit", lambda optimizer: trained(optimizer=optimizer), "adam"),
    call("fit", lambda size: trained(batch_size=size), 1),
    call("predict or Linear", nn.predict, linear(), [AT]),
    call("accuracy or Linear", nn.accuracy, linear(), [AT], [1]),
    call("confusion_matrix or Linear", nn.confusion_matrix, linear(), [AT], [1]),
    call("r2 or Linear", nn.r2, linear(), [AT, ALONG], [AT, ALONG]),
    call("batches", lambda X, y, n: list(nn.batches(X, y, n, seed=0)), [AT], [1.0], 1),
    call("split", lambda X, y, share: nn.split(X, y, share, seed=0), [AT, AT], [1.0, 2.0], 0.5),
    call("Standardizer", lambda X: nn.Standardizer().fit(X), [AT, ALONG]),
    call("live", lambda size, every: nn.live(resolution=size, every=every), 4, 0.1),
]

NO_DIMENSION_BREAKS = {
    *("dot", "log_softmax", "logsumexp", "mean", "norm", "prod", "softmax", "sum"),
    *("Dropout", "MLP", "ReLU", "SGD", "Softmax", "clip_grad_norm_", "clip_grad_value_"),
}
"""What still raises NumPy's own error for an array without dimensions. The list only shrinks: a test asks for that."""

NAMES_NO_CALL = {"fit(loss)"}
"""What still raises errors that do not name the call. The list only shrinks, too."""


def is_known(right: Call, given: Any) -> bool:
    name = right.names[0]
    return (name in NO_DIMENSION_BREAKS and given is NO_DIMENSIONS) or name in NAMES_NO_CALL


SIZED = {"MLP", "Linear", "Embedding", "LayerNorm", "RNN"}


def is_large(x):
    """A network of 10**400 neurons is not refused: it is what was asked for."""
    return any(is_large(y) for y in x) if isinstance(x, (list, tuple)) else isinstance(x, int) and x > 100


def failure(right: Call, place: int, given: Any) -> str | None:
    """Return what is wrong with how a call refuses an argument, or None."""
    arguments = right.arguments()
    arguments[place] = given
    try:
        right.run(*arguments)
    except UsersError:
        return None
    except AutogradError as error:
        return None if any(name in str(error) for name in right.names) else f"names no call: {error}"
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("right", CALLS + NN_CALLS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_wrong_argument_is_refused_by_the_call_that_got_it(right, data):
    place = data.draw(st.integers(0, len(right.arguments()) - 1), label="which argument")
    given = data.draw(wrong, label="what it is")
    assume(right.names[0] not in SIZED or not is_large(given))
    assert is_known(right, given) or failure(right, place, given) is None


def test_what_is_known_to_be_wrong_still_is():
    """What is put right is taken off the lists."""
    calls = [parameter.values[0] for parameter in CALLS + NN_CALLS]
    for name in NO_DIMENSION_BREAKS:
        found = [failure(right, i, NO_DIMENSIONS) for right in calls if right.names[0] == name for i in (0, -1)]
        assert any("0-d array" in (wrong or "") for wrong in found), name
    for name in NAMES_NO_CALL:
        found = [failure(right, 0, "unknown") for right in calls if right.names[0] == name]
        assert any("names no call" in (wrong or "") for wrong in found), name


@pytest.mark.parametrize("right", CALLS + NN_CALLS)
def test_the_calls_are_right(right):
    right.run(*right.arguments())


def test_every_public_callable_is_asked():
    asked = {parameter.id for parameter in CALLS} | {"checkpoint_loop"}
    assert set(ac.__all__) - asked == {"AutogradError", "build_info"}
