from __future__ import annotations

import inspect
import math
import os
import subprocess
import sys
import threading

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, detect_anomaly
from autograd_core.engine.modes import ACTIVE
from autograd_core.errors import AnomalyError


def line() -> int:
    """The line that this is called from."""
    return inspect.currentframe().f_back.f_lineno


def message(error: pytest.ExceptionInfo[AnomalyError]) -> str:
    return str(error.value)


def test_forward_the_first_nan_names_its_primitive_inputs_and_line():
    x, scale = Value(-1.0, "x"), Value(2.0)
    here = line() + 2
    with detect_anomaly(), pytest.raises(AnomalyError) as error:
        ac.sqrt(x * scale)
    assert "sqrt gave nan, from the result of multiply = -2.0" in message(error)
    assert f"{__file__}:{here}\n    ac.sqrt(x * scale)" in message(error)
    assert isinstance(error.value, ArithmeticError)


def test_variables_lend_their_names():
    numerator, denominator = Value(1.0), Value(0.0)
    with (
        detect_anomaly(),
        pytest.raises(AnomalyError, match=r"divide gave inf, from numerator = 1.0, denominator = 0.0"),
    ):
        numerator / denominator


def test_inside_a_lambda_and_a_comprehension():
    zero = Value(0.0)
    with detect_anomaly():
        here = line() + 1
        invert = lambda v: 1 / v  # noqa: E731
        with pytest.raises(AnomalyError) as error:
            invert(zero)
        assert f"{__file__}:{here}\n" in message(error)
        here = line() + 2
        with pytest.raises(AnomalyError) as error:
            [v.log() for v in (Value(1.0), zero)]
        assert f"{__file__}:{here}\n" in message(error)


def test_a_cell_of_a_notebook():
    """Cells are compiled under names of their own, and linecache holds their text."""
    import linecache

    source = "x = Value(0.0)\ny = x * 2\nz = y.log()\n"
    name = "/tmp/ipykernel_1/123.py"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    with detect_anomaly(), pytest.raises(AnomalyError) as error:
        exec(compile(source, name, "exec"), {"Value": Value})
    assert f"{name}:3\n    z = y.log()" in message(error)
    assert "from y = 0.0" in message(error)


def test_a_cell_of_ipython_is_named_as_its_tracebacks_name_it(tmp_path):
    script = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from autograd_core import Value, detect_anomaly", store_history=True)
shell.run_cell("f = lambda v: (\\n    v.log()\\n)", store_history=True)
found = shell.run_cell("with detect_anomaly():\\n    [f(Value(k)) for k in (1.0, 0.0)]", store_history=True)
print("said:", found.error_in_exec)
"""
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=60)
    assert "said: log gave -inf, from v = 0.0\n  at Cell In[2], line 2\n    v.log()\n" in run.stdout, run.stderr


def test_backward_an_infinite_slope_names_the_line_that_made_the_node():
    x = Value(0.0, "x")
    with detect_anomaly():
        here = line() + 1
        root = x.sqrt()
        y = root * 3 + 1
        with pytest.raises(AnomalyError) as error:
            y.backward()
    assert "backward: the local derivative of sqrt with respect to x is inf" in message(error)
    assert f"{__file__}:{here}\n    root = x.sqrt()" in message(error)
    assert (x.grad, x.has_grad) == (0.0, False)


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (lambda: ac.jvp(ac.log, 0.0, 1.0), r"log gave -inf, from Dual\(0.0, tangent=1.0\)\n  at .*\n"),
        (lambda: ac.jvp(ac.sqrt, 0.0, 1.0), r"the derivative of order 1 of sqrt is inf, from Dual"),
        (lambda: ac.derivative(ac.sqrt)(0.0), r"the derivative of order 1 of sqrt is inf, from Dual"),
        (lambda: ac.derivative(lambda x: x**1.5, 2)(0.0), r"the derivative of order 2 of power is inf, from Series"),
        (lambda: ac.taylor(lambda x: x * 1e200 * 1e200, 1.0, 3), r"multiply gave inf, from Series"),
        (lambda: ac.laplacian(ac.sqrt)(0.0), r"the derivative of order 1 of sqrt is inf, from Dual"),
        (lambda: ac.jvp(ac.square, math.nan, 1.0), r"square gave nan, .*\n  at .*\n.*\n  an input was not finite"),
    ],
)
def test_forward_mode_names_the_first_derivative_that_is_not_finite(run, told):
    with detect_anomaly(), pytest.raises(AnomalyError, match=rf"^forward mode: {told}"):
        run()


def test_forward_mode_passes_what_is_finite():
    with detect_anomaly():
        assert ac.taylor(lambda x: ac.sin(x) / x, 1.0, 2) == pytest.approx(
            [math.sin(1), math.cos(1) - math.sin(1), 0.5 * (math.sin(1) - 2 * math.cos(1))]
        )
        assert ac.grad(ac.derivative(ac.sin))(0.0) == 0.0


def test_backward_names_the_line_inside_a_lambda_and_a_comprehension():
    zero = Value(0.0)
    with detect_anomaly():
        here = line() + 1
        root = lambda v: v.sqrt()  # noqa: E731
        y = root(zero) * 2
        with pytest.raises(AnomalyError) as error:
            y.backward()
        assert f"{__file__}:{here}\n    root = lambda v: v.sqrt()" in message(error)
        here = line() + 2
        roots = [
            v.sqrt()
            for v in (Value(1.0), zero)
        ]  # fmt: skip
        with pytest.raises(AnomalyError) as error:
            ac.sum(roots).backward()
        assert f"{__file__}:{here}\n    v.sqrt()" in message(error)
        here = line() + 1
        y = ac.sum(v**0.5 for v in (Value(1.0), zero))
        with pytest.raises(AnomalyError) as error:
            y.backward()
        assert f"{__file__}:{here}\n" in message(error)


def test_backward_names_the_line_of_a_cell_of_a_notebook():
    """The nodes are made in one cell, and backward() is called in another."""
    import linecache

    def run(cell, source):
        name = f"/tmp/ipykernel_1/{cell}.py"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(compile(source, name, "exec"), variables)

    variables = {"Value": Value}
    with detect_anomaly():
        run(1, "x = Value(0.0)\ny = x * 2\nz = [v.sqrt() for v in [y]][0]\n")
        with pytest.raises(AnomalyError) as error:
            run(2, "w = z + 1\nw.backward()\n")
    assert "the local derivative of sqrt with respect to y is inf" in message(error)
    assert "/tmp/ipykernel_1/1.py:3\n    z = [v.sqrt() for v in [y]][0]" in message(error)


def test_steps_are_watched_too():
    x = Value(0.0)
    with detect_anomaly():
        root = x.sqrt()
        with pytest.raises(AnomalyError):
            list(ac.steps(root))


def test_backward_a_product_that_overflows():
    x = Value(1e-300, "x")
    with detect_anomaly():
        y = x * 1e200 * 1e200
        with pytest.raises(AnomalyError, match=r"multiply passes 1e\+200 \* 1e\+200 = inf back to x"):
            y.backward()


def test_backward_a_sum_that_overflows():
    x = Value(1e-10, "x")
    with detect_anomaly():
        y = x * 1.5e308 + x * 1.5e308
        with pytest.raises(AnomalyError, match=r"the gradient of x left the range of floats: 1\.5e\+308 \+ 1\.5e\+308"):
            y.backward()


def test_gradients_held_before_survive_a_stopped_pass():
    x = Value(0.0, "x")
    (x * 2).backward()
    with detect_anomaly():
        y = x.sqrt()
        with pytest.raises(AnomalyError):
            y.backward()
    assert x.grad == 2.0


def test_a_node_made_before_is_found_without_its_line():
    x = Value(0.0)
    y = x.sqrt()
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"before detect_anomaly\(\) was on"):
        y.backward()


def test_the_module_of_a_network_is_named():
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    model.layers[0].neurons[1].w[0].data = math.inf
    here = line() + 2
    with detect_anomaly(), pytest.raises(AnomalyError) as error:
        model([1.0, 2.0])
    assert "inf" in message(error)
    assert f"{__file__}:{here}\n" in message(error)
    assert "an input was not finite already" in message(error)


def test_off_it_does_nothing_and_it_ends_with_its_block():
    with pytest.raises(ZeroDivisionError), detect_anomaly():
        raise ZeroDivisionError
    assert ACTIVE.count == 0
    x = Value(0.0)
    x.log().backward()
    assert x.grad == math.inf


def test_it_decorates_and_belongs_to_its_thread():
    @detect_anomaly()
    def work():
        other = []
        thread = threading.Thread(target=lambda: other.append(Value(0.0).log().data))
        thread.start()
        thread.join()
        return other

    assert work() == [-math.inf]
