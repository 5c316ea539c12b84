"""Names for Values in drawings, explanations and errors, found without asking the user for any.

A Value's own label comes first, then the name that a parameter has in its model, then the variable of the caller that
holds it. A model is any object that has a method `named_parameters()`, which returns pairs of a name and a Value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import CodeType, FrameType, ModuleType
from typing import Any, Final

from autograd_core.engine.value import Value

_NOT_THE_CALLERS: Final = frozenset({"In", "Out", "exit", "quit", "get_ipython"})
_COMPREHENSIONS: Final = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>", "<lambda>"})
_MODULE_PATH: Final = re.compile(r"\w+(\.\w+)*")

_DEEP: Final = 2  # w[0], layers['a'][3]
_LOOKED_AT: Final = 8  # a list whose first elements are plain numbers holds plain numbers
_MOST_IN_A_VARIABLE: Final = 20_000
_MOST_IN_ALL: Final = 500_000


def module_path(v: Value) -> str | None:
    """Return where in a model a Value belongs: the path of a parameter, or of the part that made it; else None.

    >>> w = Value(1.0)
    >>> w.origin = "layers.0.neurons.3.w.0"
    >>> module_path(w)
    'layers.0.neurons.3.w.0'
    """
    origin = v.origin
    return origin if origin is not None and _MODULE_PATH.fullmatch(origin) else None


def names_of(values: Iterable[Value], frame: FrameType | None) -> dict[int, str]:
    """Return a name for each Value that has one, by id.

    Args:
        values: what to name.
        frame: the frame whose variables are searched: locals first, then globals.

    >>> from autograd_core.users_code import caller
    >>> a = Value(1.0)
    >>> w = [Value(2.0), Value(3.0)]
    >>> sorted(names_of([a, *w], caller()).values())
    ['a', 'w[0]', 'w[1]']
    """
    values = list(values)
    names = {id(v): v.label for v in values if v.label}
    unnamed = {id(v): v for v in values if not v.label}
    if not unnamed:
        return names
    search = _Search(lambda v: id(v) in unnamed)
    for variables in _scopes(frame):
        search.through(variables)
    parameters = {id(v): path for v in unnamed.values() if v.is_leaf and (path := module_path(v))}
    for found in (search.parameters(), parameters, search.names):
        for key, name in found.items():
            names.setdefault(key, name)
    return names


def named_values(frame: FrameType | None, most: int = 256) -> list[tuple[str, Value]]:
    """Return up to `most` computed Values in the caller's variables, with their names.

    >>> from autograd_core.users_code import caller
    >>> a = Value(2.0)
    >>> b = a * a
    >>> [(name, v.data) for name, v in named_values(caller()) if name == "b"]
    [('b', 4.0)]
    """
    found: dict[int, Value] = {}

    def wanted(v: Value) -> bool:
        if not v.is_leaf and (id(v) in found or len(found) < most):
            found[id(v)] = v
            return True
        return False

    search = _Search(wanted)
    for variables in _scopes(frame):
        search.through(variables)
    return [(v.label or search.names[key], v) for key, v in found.items()]


def _scopes(frame: FrameType | None) -> Iterator[Mapping[str, Any]]:
    """Yield the caller's local variables and then the global ones that they do not hide.

    Up to Python 3.11 a comprehension is a function of its own: what is around it counts as local too.
    """
    if frame is None:
        return
    scope = frame
    hidden: set[str] = set()
    while True:
        bound = scope.f_locals
        variables = {name: bound[name] for name in _in_order(bound, scope.f_code)}
        yield {name: x for name, x in variables.items() if name not in hidden and not _is_no_name(name)}
        hidden |= variables.keys()
        if scope.f_code.co_name not in _COMPREHENSIONS or scope.f_back is None:
            break
        scope = scope.f_back
    yield {name: x for name, x in dict(frame.f_globals).items() if name not in hidden and not _is_no_name(name)}


def _in_order(bound: Mapping[str, Any], code: CodeType) -> list[str]:
    """Return the names of local variables in the order in which they are bound.

    A module's are in that order already. A function lists apart from the others those that inner functions use.
    """
    names = list(bound)
    if not code.co_cellvars:
        return names
    import dis  # rarely needed, and slow to import

    stores = [step.argval for step in dis.get_instructions(code) if step.opname.startswith("STORE_")]
    place = {name: i for i, name in reversed(list(enumerate(stores)))}
    return sorted(names, key=lambda name: place.get(name, -1))  # arguments come first: nothing stores them


def _is_no_name(name: str) -> bool:
    # Some tools add variables with names that are no identifiers, such as pytest's "@py_assert1".
    return name.startswith("_") or not name.isidentifier() or name in _NOT_THE_CALLERS


class _Search:
    """Looks for Values in variables, and in the lists, tuples and dicts that they hold."""

    def __init__(self, wanted: Callable[[Value], bool]) -> None:
        self.wanted = wanted
        self.names: dict[int, str] = {}
        self.models: list[tuple[str, Any]] = []
        self.places = _MOST_IN_ALL
        self.budget = 0  # how many more elements of the variable at hand to look at

    def through(self, variables: Mapping[str, Any]) -> None:
        """Name what is wanted among the variables and their elements.

        A leaf takes the name that was bound first, so that after a loop over `w` its last element is still called
        `w[2]` and not by the loop's variable. A computed node prefers a variable to an element, so that a loss that
        was also put into a list is still called loss.
        """
        elements: dict[int, str] = {}
        for name, x in variables.items():
            for path, v in self._values(name, x):
                if path == name or v.is_leaf:
                    self.names.setdefault(id(v), path)
                else:
                    elements.setdefault(id(v), path)
        for key, path in elements.items():
            self.names.setdefault(key, path)

    def parameters(self) -> dict[int, str]:
        """Return the parameters' names in the models that were found, each with its model's if there are several."""
        found: dict[int, tuple[str, str]] = {}
        for path, model in self.models:
            for name, parameter in _named_parameters(model):
                if isinstance(parameter, Value) and self.wanted(parameter):
                    found.setdefault(id(parameter), (path, str(name)))
        several = len({path for path, _ in found.values()}) > 1
        return {key: f"{path}.{name}" if several else name for key, (path, name) in found.items()}

    def _values(self, name: str, variable: Any) -> Iterator[tuple[str, Value]]:
        """Yield the wanted Values in a variable with the expressions that lead to them."""
        self.budget = min(_MOST_IN_A_VARIABLE, self.places)
        self.places -= self.budget
        level = [(name, variable)]
        for depth in range(_DEEP + 1):
            below: list[tuple[str, Any]] = []
            for path, x in level:
                if isinstance(x, Value):
                    if self.wanted(x):
                        yield path, x
                elif _is_model(x):
                    self.models.append((path, x))
                elif depth < _DEEP and self.budget > 0:
                    below.extend(self._elements(path, x))
            level = below
        self.places += self.budget  # what is left

    def _elements(self, path: str, x: Any) -> Iterator[tuple[str, Any]]:
        kind = type(x)
        if path == "self" and hasattr(x, "__dict__"):
            pairs: Iterable[tuple[str, Any]] = ((f"self.{key}", part) for key, part in vars(x).items())
        elif isinstance(x, dict):
            items = list(islice(x.items(), self.budget))  # at once: another thread may change it
            pairs = ((f"{path}[{key!r}]", part) for key, part in items if isinstance(key, (str, int)))
        elif isinstance(x, tuple) and hasattr(kind, "_fields"):
            pairs = ((f"{path}.{key}", part) for key, part in zip(kind._fields, x, strict=False))
        elif isinstance(x, (list, tuple)):
            pairs = ((f"{path}[{i}]", part) for i, part in enumerate(x))
        elif kind.__name__ == "ndarray" and getattr(getattr(x, "dtype", None), "kind", "") == "O":
            pairs = ((f"{path}[{i}]", part) for i, part in enumerate(x.tolist() if x.ndim else ()))
        else:
            return
        promising = False
        for i, (inner, part) in enumerate(islice(pairs, self.budget)):
            self.budget -= 1
            if isinstance(part, (Value, list, tuple, dict)) or _is_model(part) or type(part).__name__ == "ndarray":
                promising = True
                yield inner, part
            if i >= _LOOKED_AT and not promising:
                return


def _is_model(x: Any) -> bool:
    """Whether this is a model: an object with `named_parameters()`. A class and a Python module are none."""
    return not isinstance(x, (type, ModuleType)) and callable(getattr(type(x), "named_parameters", None))


def _named_parameters(model: Any) -> list[tuple[str, Any]]:
    try:
        return list(model.named_parameters())
    except Exception:  # an object of another kind, which has a method of that name
        return []
