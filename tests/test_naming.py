"""Names from the caller's variables, without being asked for any."""

from __future__ import annotations

import subprocess
import sys
from collections import namedtuple
from types import SimpleNamespace

import pytest

import autograd_core as ac
from autograd_core import Value, draw, users_code
from autograd_core.naming import module_path, names_of
from autograd_core.users_code import caller
from tests.support.picture import read
from tests.support.work import Calls

a_global = Value(7.0)
_hidden_global = Value(8.0)


def names(*values):
    """The names as they are seen from the test that calls this."""
    found = names_of(values, sys._getframe(1))
    return [found.get(id(v)) for v in values]


class Model:
    """Anything with named_parameters()."""

    def __init__(self, **parameters):
        self.found = parameters

    def named_parameters(self):
        return self.found.items()


def test_local_and_global_variables():
    a = Value(1.0)
    assert names(a, a_global) == ["a", "a_global"]


def test_a_label_comes_before_all():
    a = Value(1.0, "the label")
    model = Model(w=a)
    assert names(a) == ["the label"]
    assert model.found


def test_a_parameter_has_the_name_it_has_in_its_model():
    weight = Value(1.0)
    model = Model(**{"layers.0.w": weight})
    assert names(weight) == ["layers.0.w"]
    assert names(*model.found.values()) == ["layers.0.w"]


def test_with_several_models_the_name_begins_with_the_models():
    teacher, student = Model(w=Value(1.0)), Model(w=Value(2.0))
    assert names(teacher.found["w"], student.found["w"]) == ["teacher.w", "student.w"]
    assert names(student.found["w"]) == ["w"]  # only one of them is in the picture
    models = [Model(w=Value(3.0)), Model(w=Value(4.0))]
    assert names(*(model.found["w"] for model in models)) == ["models[0].w", "models[1].w"]


def test_what_is_no_name_is_passed_over():
    _ = _private = Value(1.0)
    __ = Out = Value(2.0)
    assert names(_private, Out, _hidden_global) == [None, None, None]


def test_elements_of_lists_tuples_and_dicts():
    w = [Value(1.0), Value(2.0)]
    params = {"a": Value(3.0), 4: Value(4.0), (1, 2): Value(5.0)}
    pair = (Value(5.0), 6.0)
    assert names(*w) == ["w[0]", "w[1]"]
    assert names(params["a"], params[4], params[1, 2], pair[0]) == ["params['a']", "params[4]", None, "pair[0]"]


def test_two_levels_and_no_more():
    layers = [[Value(1.0)], {"b": [Value(2.0)]}]
    deep = [[[Value(3.0)]]]
    assert names(layers[0][0], layers[1]["b"][0], deep[0][0][0]) == ["layers[0][0]", None, None]


def test_fields_of_named_tuples_attributes_of_self_and_object_arrays():
    np = pytest.importorskip("numpy")
    Point = namedtuple("Point", "x y")
    p = Point(Value(1.0), Value(2.0))
    grid = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], dtype=object)
    numbers = np.zeros(3)
    assert names(p.x, p.y) == ["p.x", "p.y"]
    assert names(grid[1, 0]) == ["grid[1][0]"]
    assert len(numbers) == 3

    def method(self):
        return names(self.w, self.parts[1])

    assert method(SimpleNamespace(w=Value(1.0), parts=[1.0, Value(2.0)])) == ["self.w", "self.parts[1]"]


def test_of_several_names_a_leaf_has_the_first_that_was_bound():
    first = second = Value(1.0)
    w = [Value(2.0), Value(3.0)]
    for x in w:
        last = x
    assert names(first, second) == ["first", "first"]
    assert names(last) == ["w[1]"]


def test_of_several_names_a_result_has_a_variables_own():
    history = []
    loss = Value(2.0) * 3.0
    history.append(loss)
    assert names(loss) == ["loss"]
    unnamed = [Value(1.0) + 1.0]
    assert names(unnamed[0]) == ["unnamed[0]"]


def test_a_local_variable_hides_a_global_one():
    v = a_global

    def inner():
        a_global = Value(0.0)
        return names(v, a_global)

    assert inner() == ["v", "a_global"]

    def other():
        a_global = 0.0
        return names(v), a_global

    assert other()[0] == ["v"]


def test_around_a_comprehension():
    a, b = Value(1.0), Value(2.0)
    within_3_11, inlined_since_3_12 = ["v", "b"], ["a", "b"]
    (found,) = [names(v, b) for v in [a]]
    assert found in (within_3_11, inlined_since_3_12)
    assert a.data == 1.0


def test_the_frame_is_the_callers():
    a = Value(1.0)
    assert caller() is sys._getframe()
    assert names_of([a], caller())[id(a)] == "a"
    assert names_of([a], None) == {}


def test_a_frame_of_a_library_is_not_the_callers(tmp_path, monkeypatch):
    """nn is one: it says so when it is imported."""
    monkeypatch.setattr(users_code, "_libraries", users_code._libraries)
    library = {"caller": caller, "apply": lambda f: f()}
    exec(compile("def asks(): return apply(lambda: caller())", tmp_path / "inner" / "module.py", "exec"), library)
    assert library["asks"]().f_code.co_filename == str(tmp_path / "inner" / "module.py")
    library["apply"] = eval(compile("lambda f: f()", tmp_path / "module.py", "eval"))
    users_code.add_library(str(tmp_path))
    assert library["asks"]() is sys._getframe()
    import nn

    layer = eval(compile("lambda x: caller()", ac.__file__, "eval"), {"caller": caller})
    assert nn.Sequential(layer)(1.0) is sys._getframe()


def test_a_module_path_is_told_from_a_line_of_code():
    v = Value(1.0)
    assert module_path(v) is None
    for origin, expected in [("layers.0.w", "layers.0.w"), ("script.py:12", None), ("<cell>", None), ("", None)]:
        v.origin = origin
        assert module_path(v) == expected


def test_a_parameter_knows_its_name_where_no_model_is_in_sight():
    w = Value(1.0)
    w.origin = "layers.0.neurons.1.b"
    assert names(w) == ["layers.0.neurons.1.b"]


def test_an_awkward_namespace_does_no_harm():
    class Raises:
        def named_parameters(self):
            raise RuntimeError

        def __getattr__(self, name):
            raise RuntimeError

        def __eq__(self, other):
            raise RuntimeError

    class Odd:
        def named_parameters(self, prefix):
            return None

    objects = [Raises(), Odd(), Raises, Odd, sys, names, float("nan"), "text", b"bytes", {1, 2}, range(3), iter([])]
    raises, odd, itself = Raises(), Odd(), [objects]
    itself.append(itself)
    a = Value(1.0)
    assert names(a) == ["a"]
    assert [raises, odd, itself]


def test_large_variables_cost_little():
    numbers = [0.5] * 1_000_000
    rows = [[0.5] * 100 for _ in range(10_000)]
    table = {i: float(i) for i in range(200_000)}
    many = [Value(0.0) for _ in range(50_000)]
    a = Value(1.0)
    with Calls() as calls:
        assert names(a, many[3]) == ["a", "many[3]"]
    assert calls.count < 500_000
    assert len(numbers) + len(rows) + len(table) > 0


def test_names_in_a_drawing():
    w, x = [Value(0.5), Value(-1.0)], [Value(2.0), Value(3.0)]
    b = Value(0.1)
    y = ac.tanh(ac.dot(w, x) + b)
    texts = {node.texts[0] if node.texts[0] != "tanh" else node.texts[1] for node in read(draw(y)).values}
    assert texts == {"w[0]", "w[1]", "x[0]", "x[1]", "b", "dot", "+", "y"}


def test_names_in_a_notebook():
    pytest.importorskip("IPython")
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.run_cell("from autograd_core import Value, draw; from autograd_core.naming import *")
shell.run_cell("from autograd_core.users_code import caller")
shell.run_cell("a = Value(1.0); Value(2.0)", store_history=True)
shell.run_cell("_, a * 3", store_history=True)
result = shell.run_cell("y = a * _1; c = y; found = names_of([a, y, _1], caller()); list(found.values())")
print(result.result)
"""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "['a', 'y']"
