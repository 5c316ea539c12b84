"""One of each that a user may add: a primitive, a layer, a loss, an optimiser, a transform; see adding.py."""

from __future__ import annotations

from tests.support.adding import Addition, Edit

PRIMITIVE = Addition(
    names=("exp2",),
    file=Edit(
        "autograd_core/rules/table.py",
        """\
exp2: Unary = Unary(
    "exp2", lambda x: ieee.power(2.0, x), lambda x, y: 0.6931471805599453 * y, latex="2^{{{0}}}",
    doc="2 to the power x.", example="0.5 -> 1.414213562373", cost=2 * ELEMENTARY,
)
""",
        before="log: Unary",
    ),
    test_row=Edit(
        "tests/support/domains.py",
        """\
    "exp2": unary(between(-1070.0, 1020.0), lambda x: mp.mpf(2) ** x, lambda x: mp.log(2) * mp.mpf(2) ** x, 1, 2.5),
""",
        before='    "log": ',
    ),
    declaration=Edit(
        "autograd_core/engine/declared_methods.py", "    exp2: ClassVar[Method]\n", before="    log: ClassVar"
    ),
    tests=("tests/rules/test_table.py", "-m", "not long", "-k", "exp2 or declared or doctest or numpy_has or every"),
    script="""
import math
import numpy as np
import autograd_core as ac
from autograd_core import Value, exp2
from benchmarks.costs import operations
from autograd_core.engine.graph import topological_order

x = Value(3.0)
y = exp2(x)
y.backward()
slope = 8.0 * math.log(2.0)
near = lambda a, b: math.isclose(a, b, rel_tol=1e-12)
assert y.data == exp2(3.0) == x.exp2().data == np.exp2(x).data == 8.0
assert near(x.grad, slope)
assert [v.data for v in np.exp2(ac.array([x, 1.0]))] == [8.0, 2.0]
assert near(ac.grad(ac.grad(exp2))(3.0), 8.0 * math.log(2.0) ** 2)
assert near(ac.jvp(lambda v: v.exp2(), 3.0, 1.0)[1], slope)
assert near(ac.taylor(exp2, 3.0, 2)[2], 4.0 * math.log(2.0) ** 2)
assert near(ac.grad(ac.checkpoint(lambda v: exp2(v) * 1.0))(3.0), slope)  # recorded
ac.check_gradients(exp2, 3.0)
cost = operations(topological_order(y))
assert 5 <= cost.function < cost.gradient <= 5 * cost.function
assert "exp2" in ac.draw(y).source
assert "2^{x}" in ac.explain(y * ac.sin(x), x)._repr_latex_()
assert "exp2" in [step.node.op for step in ac.steps(y)]
""",
)

LAYER = Addition(
    names=("Scale",),
    file=Edit(
        "nn/layers/scale.py",
        '''\
"""Scale: a weight for each number."""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from nn.module import Module


class Scale(Module):
    """Each number times a weight of its own."""

    def __init__(self, features: int) -> None:
        self.weight = [Value(1.0) for _ in range(features)]

    def forward(self, x: Any) -> Any:
        """Return one example, scaled."""
        return [w * number for w, number in zip(self.weight, x, strict=True)]
''',
    ),
    script="""
import pathlib
from autograd_core import draw
from nn import Linear, Scale, Sequential, fit, load, save

model = Sequential(Linear(2, 3, seed=0), Scale(3), Linear(3, 1, seed=1))
assert model.state_dict()["modules.1.weight"] == [1.0, 1.0, 1.0]
X, y = [[0.0, 0.5], [1.0, -0.5], [0.5, 1.0]], [0.5, 0.0, 1.0]
history = fit(model, X, y, loss="mse", lr=0.05, epochs=30, seed=0, progress=False)
assert history.loss[-1] < 0.5 * history.loss[0]
trained = model.state_dict()
assert trained["modules.1.weight"] != [1.0, 1.0, 1.0]
other = Sequential(Linear(2, 3, seed=5), Scale(3), Linear(3, 1, seed=6))
other.load_state_dict(trained)
assert other(X[0]).data == model(X[0]).data
save(model, "model.json")
load(other, "model.json")
assert other.state_dict() == trained
assert "Scale" in repr(model)
assert "modules.1.weight" in draw(model(X[0])).source
""",
)

LOSS = Addition(
    names=("log_cosh_loss", "LogCoshLoss"),
    file=Edit(
        "nn/losses/log_cosh.py",
        '''\
"""The logarithm of the hyperbolic cosine of the error."""

from __future__ import annotations

from typing import Any

from autograd_core.rules.table import cosh, log
from nn.losses.loss import Loss, loss_function
from nn.losses.reductions import by_output


@loss_function()
def log_cosh_loss(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean of log(cosh(p - y)) over all outputs and examples."""
    return by_output(lambda p, y: log(cosh(p - y)), prediction, target, "log_cosh_loss", reduction)


class LogCoshLoss(Loss):
    """`log_cosh_loss` as a module."""

    function = log_cosh_loss
''',
    ),
    script="""
import math
from nn import Linear, LogCoshLoss, fit, log_cosh_loss

assert math.isclose(log_cosh_loss([1.0, 2.0], [1.0, 4.0]), math.log(math.cosh(2.0)) / 2.0)
assert LogCoshLoss(reduction="sum")([1.0, 2.0], [1.0, 4.0]) == math.log(math.cosh(2.0))
assert LogCoshLoss(reduction="none")([1.0], [1.0]) == [0.0]
X, y = [[0.0], [1.0], [2.0]], [1.0, 2.0, 3.0]
runs = [
    fit(Linear(1, 1, seed=0), X, y, loss=loss, lr=0.1, epochs=60, seed=0, progress=False).loss
    for loss in ("log_cosh_loss", log_cosh_loss, LogCoshLoss())
]
assert runs[0] == runs[1] == runs[2]
assert runs[0][-1] < 0.1 * runs[0][0]
""",
)

OPTIMIZER = Addition(
    names=("SignSGD",),
    file=Edit(
        "nn/optim/signsgd.py",
        '''\
"""SignSGD: steps of one size, in the direction of the sign of the gradient."""

from __future__ import annotations

import math
from typing import ClassVar

from nn.optim.optimizer import Group, Optimizer, Parameters, Reached


class SignSGD(Optimizer, name="signsgd"):
    """Each parameter moves by lr against the sign of its gradient."""

    memory: ClassVar[tuple[str, ...]] = ("_steps",)

    def __init__(self, params: Parameters, lr: float = 0.01) -> None:
        super().__init__(params, lr)
        self._steps = [0] * len(self.parameters)

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        for i, parameter in reached:
            self._steps[i] += 1
            parameter.data -= math.copysign(group["lr"], parameter.grad)
''',
    ),
    script="""
import nn
from nn import Checkpoint, Linear, SignSGD, fit

X, y = [[0.0], [1.0], [2.0]], [1.0, 2.0, 3.0]
def run(optimizer, epochs, model=None, **options):
    model = model or Linear(1, 1, seed=0)
    options = {"lr": 0.01, **options} if optimizer is SignSGD or isinstance(optimizer, str) else options
    history = fit(model, X, y, loss="mse", optimizer=optimizer, epochs=epochs, seed=0, progress=False, **options)
    return history.loss, model.state_dict()

whole = run("signsgd", 6)
assert whole[0][-1] < whole[0][0]
assert whole == run(SignSGD, 6)
run("signsgd", 3, callbacks=[Checkpoint("run.json")])
assert run("signsgd", 6, resume="run.json") == whole
model = Linear(1, 1, seed=0)
optimizer = SignSGD(model.parameters(), lr=0.01)
assert run(optimizer, 6, model) == whole
assert optimizer.state_dict()["memory"] == {"steps": [6, 6]}
schedule = nn.StepLR(optimizer, 2)
schedule.step(); schedule.step()
assert abs(optimizer.param_groups[0]["lr"] - 0.001) < 1e-15
""",
)

TRANSFORM = Addition(
    names=("curvature",),
    file=Edit(
        "autograd_core/calculus/curvature.py",
        '''\
"""curvature: how fast the direction of a graph turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.calculus.grad import grad


def curvature(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function that gives the signed curvature of the graph of f."""
    slope = grad(f)
    bend = grad(slope)
    return lambda x: bend(x) / (1.0 + slope(x) ** 2) ** 1.5
''',
    ),
    script="""
import math
import autograd_core as ac

assert ac.curvature(lambda x: x * x)(0.0) == 2.0
assert math.isclose(ac.curvature(lambda x: ac.sqrt(1.0 - x * x))(0.3), -1.0)
assert math.isclose(ac.grad(ac.curvature(lambda x: x * x))(1.0), -24.0 * 5.0 ** -2.5)
""",
)

ADDITIONS = {
    "primitive": PRIMITIVE,
    "layer": LAYER,
    "loss": LOSS,
    "optimiser": OPTIMIZER,
    "transform": TRANSFORM,
}
