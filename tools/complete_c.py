"""What mypyc leaves out of the C that it writes, put in: docstrings, and an error where an attribute is deleted.

help() and doctest want the docstrings. `del x.data` calls the setter of `data` with NULL, for which mypyc's setters are
not made: the process would crash. setup.py passes each C file through `complete` before it is compiled.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_SIGNATURE = r"\\n--\\n\\n"  # what ends the signature in a docstring in C; a docstring that mypyc writes ends there too

_FUNCTION = re.compile(rf'(CPyPy_(?P<name>\w+),\s*METH[^"]*PyDoc_STR\("[^"]*{_SIGNATURE})(?="\))')
_CLASS = re.compile(rf'(\.tp_doc = PyDoc_STR\("(?P<name>\w+)\([^"]*{_SIGNATURE})(?="\))')
_ATTRIBUTE = re.compile(
    r'(\{"(?P<name>\w+)",\s*\(getter\)(?P<class>\w+)_get_(?P=name),\s*(?:\(setter\)\w+|NULL),\s*)NULL, NULL\}'
)
_MODULE = re.compile(r'("[\w.]+\.(?P<name>\w+)",\s*)NULL(?=, /\* docstring \*/)')
_SETTER = re.compile(
    r"(?P<head>(?P<name>\w+_set_\w+)\(\w+ \*self, PyObject \*value, void \*closure\)\s*\{)"
    r"(?P<guard>\s*if \(value == NULL)?"
)
_GUARD = 'if (value == NULL) { PyErr_SetString(PyExc_AttributeError, "cannot delete this attribute"); return -1; }'


def docstrings(files: Iterable[Path]) -> dict[str, str]:
    """Return the docstrings in Python files by mypyc's names: `value`, `value___Value`, `value___Value___data`."""
    found: dict[str, str] = {}

    def visit(node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str) -> None:
        text = ast.get_docstring(node)
        if text:
            found.setdefault(name, text)  # of a property, the getter's: it comes first
        if isinstance(node, ast.FunctionDef):
            return
        for child in node.body:
            if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
                visit(child, f"{name}___{child.name}")

    for file in files:
        visit(ast.parse(file.read_text(encoding="utf-8")), file.stem)
    return found


def complete(code: str, texts: Mapping[str, str]) -> str:
    """Return C that mypyc has written with docstrings, and with setters that refuse to delete.

    Args:
        code: the C. What `complete` has put in stays as it is.
        texts: the docstrings, as `docstrings` returns them.

    Raises:
        ValueError: there are setters that are not written as expected, so that they would crash.
    """
    literals = {name: _literal(text) for name, text in texts.items()}
    classes: dict[str, list[str]] = {}  # in C a class has its bare name there, which two modules may share
    for name in literals:
        if name.count("___") == 1:
            classes.setdefault(name.partition("___")[2], []).append(literals[name])

    def function(match: re.Match[str]) -> str:
        return match[1] + literals.get(match["name"], "")

    def attribute(match: re.Match[str]) -> str:
        name = f"{match['class']}___{match['name']}"
        return f'{match[1]}"{literals[name]}", NULL}}' if name in literals else match[0]

    def class_(match: re.Match[str]) -> str:
        found = classes.get(match["name"], [])
        return match[1] + (found[0] if len(found) == 1 else "")

    def module(match: re.Match[str]) -> str:
        return f'{match[1]}"{literals[match["name"]]}"' if match["name"] in literals else match[0]

    code = _FUNCTION.sub(function, code)
    code = _ATTRIBUTE.sub(attribute, code)
    code = _CLASS.sub(class_, code)
    code = _MODULE.sub(module, code)
    code = _SETTER.sub(lambda match: match[0] if match["guard"] else f"{match['head']}\n    {_GUARD}", code)
    guarded = {match["name"] for match in _SETTER.finditer(code) if match["guard"]}
    crashing = sorted(set(re.findall(r"\(setter\)(\w+)", code)) - guarded)
    if crashing:
        raise ValueError(f"the C of {crashing[0]} is not as mypyc used to write it: deleting the attribute would crash")
    return code


def _literal(text: str) -> str:
    """Return text as it stands in a string of C, without the quotes."""
    return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in text.encode())
