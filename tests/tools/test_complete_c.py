"""What setup.py puts into mypyc's C: on lines such as mypyc writes, and in the engine that was built from them."""

from __future__ import annotations

import ast
import sys

import pytest

import autograd_core
from autograd_core import Value, build_info
from autograd_core.engine import chain_rule, graph
from autograd_core.engine.no_grad import no_grad
from tests.support import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from complete_c import complete, docstrings

PYTHON = '''
"""A module."""

class Box:
    """Holds a "number"."""

    @property
    def data(self):
        """The number."""

    @data.setter
    def data(self, data):
        """Unseen: help() shows the getter's."""

def half(x):
    """Half of x: ½x."""
    def inner():
        """Not a function of the module."""

def bare(x):
    return x
'''

C = r"""
static PyGetSetDef boxes___Box_getseters[] = {
    {"data",
     (getter)boxes___Box_get_data, (setter)boxes___Box_set_data,
     NULL, NULL},
    {"size",
     (getter)boxes___Box_get_size, NULL,
     NULL, NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
};
    .tp_doc = PyDoc_STR("Box(data)\n--\n\n"),
static PyMethodDef boxesmodule_methods[] = {
    {"half", (PyCFunction)CPyPy_boxes___half,
     METH_FASTCALL | METH_KEYWORDS, PyDoc_STR("half(x)\n--\n\n") /* docstring */},
    {"bare", (PyCFunction)CPyPy_boxes___bare,
     METH_FASTCALL | METH_KEYWORDS, PyDoc_STR("bare(x)\n--\n\n") /* docstring */},
    "package.boxes",
    NULL, /* docstring */
static int
boxes___Box_set_data(package___boxes___BoxObject *self, PyObject *value, void *closure);
static int
boxes___Box_set_data(package___boxes___BoxObject *self, PyObject *value, void *closure)
{
    char retval = 2;
"""


@pytest.fixture
def texts(tmp_path):
    file = tmp_path / "boxes.py"
    file.write_text(PYTHON, encoding="utf-8")
    return docstrings([file])


def test_docstrings_by_mypycs_names(texts):
    assert texts == {
        "boxes": "A module.",
        "boxes___Box": 'Holds a "number".',
        "boxes___Box___data": "The number.",
        "boxes___half": "Half of x: ½x.",
    }


def test_docstrings_are_put_in(texts):
    code = complete(C, texts)
    assert r'PyDoc_STR("half(x)\n--\n\nHalf of x: \302\275x.") /* docstring */' in code
    assert r'PyDoc_STR("bare(x)\n--\n\n") /* docstring */' in code
    assert r'.tp_doc = PyDoc_STR("Box(data)\n--\n\nHolds a \042number\042."),' in code
    assert '(setter)boxes___Box_set_data,\n     "The number.", NULL},' in code
    assert "(getter)boxes___Box_get_size, NULL,\n     NULL, NULL}," in code
    assert '"package.boxes",\n    "A module.", /* docstring */' in code


def test_a_setter_refuses_to_delete(texts):
    head = "BoxObject *self, PyObject *value, void *closure)"
    body = complete(C, texts).partition(f"{head}\n{{\n")[2]
    assert body.startswith("    if (value == NULL) { PyErr_SetString(PyExc_AttributeError, ")
    assert "return -1; }\n    char retval = 2;" in body


def test_nothing_is_put_in_twice(texts):
    code = complete(C, texts)
    assert complete(code, texts) == code


def test_of_two_classes_with_one_name_neither_has_a_docstring(texts):
    assert r'PyDoc_STR("Box(data)\n--\n\n"),' in complete(C, {**texts, "crates___Box": "Another."})


def test_a_setter_that_would_crash_is_an_error(texts):
    with pytest.raises(ValueError, match="boxes___Box_set_data is not as mypyc used to write it"):
        complete(C.replace("void *closure)\n{", "void *unused)\n{"), texts)


def test_a_text_is_a_string_of_c():
    text = 'tab\t, quote ", \\n, ??/ and é'
    code = complete(C, {"boxes": text})
    (literal,) = [line for line in code.splitlines() if "/* docstring */" in line and "METH" not in line]
    assert ast.literal_eval("b" + literal.partition(", /*")[0].strip()).decode() == text
    assert "?" not in literal  # three characters that begin with ?? may be one to a compiler


@pytest.mark.skipif(not build_info().compiled, reason="nothing is compiled")
class TestTheBuild:
    def test_docstrings(self):
        texts = docstrings([ROOT / "autograd_core" / "engine" / f"{name}.py" for name in ("value", "vertex", "graph")])
        assert Value.__doc__.endswith(texts["value___Value"])
        assert Value.backward.__doc__.endswith(texts["value___Value___backward"])
        assert Value.data.__doc__ == texts["vertex___Vertex___data"]
        assert graph.__doc__ == texts["graph"]
        assert graph.topological_order.__doc__.endswith(texts["graph___topological_order"])
        assert "The reverse sweep" in chain_rule.__doc__
        assert no_grad.__doc__.count(">>>") == 4

    @pytest.mark.parametrize("name", ["data", "grad", "label", "origin"])
    def test_an_attribute_cannot_be_deleted(self, name):
        x = autograd_core.Value(2.0)
        with pytest.raises(AttributeError):
            delattr(x, name)
        assert x.data == 2.0
