"""Module: what every part of a network is, from one neuron to the whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Final

from autograd_core.engine.value import Value
from autograd_core.errors import GraphError
from autograd_core.rules.scalars import counted
from nn.state.state_dict import Array, Keys, load_state, own_values, state_of

_SEARCHED = (Value, list, tuple, dict)

OBSERVERS: Final[dict[int, tuple[Callable[[Any], None], ...]]] = {}
"""By the id of a module, what is called with each of its outputs. It lies beside the modules: copies of them have none.

`nn.monitoring.observing` puts functions in and takes them out.
"""

_BEING_MADE: Final[set[int]] = set()
"""The ids of the modules whose `__init__` is running. A part that is given one of them refers to its own whole."""


class Module:
    """The base of all parts of a network. Give a subclass attributes and a `forward` method.

    Its parameters are the Values made with `Value(...)` that its attributes hold, alone or in lists, tuples and dicts,
    and the parameters of the modules that they hold. Keep a number that is not to be trained as a float. A computed
    Value is not a parameter: GraphError says so where one is assigned over a parameter, or found in an attribute
    before the first call. A module may hold a reference to the module that it is part of.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...
    ...     def forward(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data
    7.0
    >>> [name for name, parameter in line.named_parameters()]
    ['slope', 'offset']

    Attributes:
        training: True while training; some modules work otherwise in evaluation. See `train()` and `eval()`.
        buffers: the names of the attributes that hold untrained state (floats, ints or lists of floats;
            None for none), such as running statistics: they are saved with the parameters.
        needs_batch: whether `forward` takes a whole batch, as that of BatchNorm does.
        path: where the module stands below the root, such as `layers.0.neurons.3`; empty for the root itself.
    """

    training: bool = True
    buffers: ClassVar[tuple[str, ...]] = ()
    needs_batch: ClassVar[bool] = False
    _path: str = ""
    _called: bool = False  # from the first call on, a computed Value in an attribute is a result that is kept
    _whole: ClassVar[bool] = False  # whether repr() shows this module as one, without what it is made of
    _gathers: ClassVar[bool] = False  # whether own_state() speaks for the modules in this one too

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            cls.__init__ = _noting_that_it_runs(cls.__init__)  # type: ignore[method-assign]

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output. Subclasses define this; callers call the module itself."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward(); a Module computes its output there")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return `forward` of the arguments."""
        if not self._called:
            self.__dict__["_called"] = True
        output = self.forward(*args, **kwargs)
        if OBSERVERS:
            tell_observers(self, output)
        return output

    @property
    def path(self) -> str:
        """Where the module stands below the root, such as `layers.0.neurons.3`; empty for the root itself."""
        return self._path

    def parameters(self) -> list[Value]:
        """Return all parameters, each once, in the order in which they were put in."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Return all parameters with their dotted paths, each once.

        >>> from nn import MLP
        >>> [name for name, _ in MLP(2, [1]).named_parameters()]
        ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.w.1', 'layers.0.neurons.0.b']
        """
        return self._walked().values

    def named_modules(self) -> list[tuple[str, Module]]:
        """Return this module (with the path "") and all modules in it with their dotted paths, each once."""
        return self._walked().modules

    def state_dict(self) -> dict[str, Array]:
        """Return what the model has learnt, by dotted path: floats, and nested lists of them as PyTorch shapes them.

        >>> from nn import Linear
        >>> Linear(2, 1, init="zeros").state_dict()
        {'weight': [[0.0, 0.0]], 'bias': [0.0]}
        """
        return state_of(self)

    def load_state_dict(self, state: dict[str, Any], strict: bool = True) -> Keys:
        """Take over the numbers that `state_dict` returned; lists, NumPy arrays and PyTorch tensors will do.

        Args:
            state: the numbers by dotted path.
            strict: False leaves out what one of the two lacks.

        Returns:
            The names that were `missing` in the state, and those that were `unexpected`.

        Raises:
            StateError: names are missing or unexpected, or an array has the wrong shape; the message names all of
                them, and nothing is changed.
        """
        return load_state(self, state, strict, f"{type(self).__name__}.load_state_dict(state)")

    def own_state(self) -> dict[str, Any]:
        """Return the Values that this module holds itself, by name, single or in nested lists of one shape."""
        return own_values(vars(self))

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def train(self, mode: bool = True) -> Module:
        """Switch this module and all in it to training, and return it."""
        for _, module in self.named_modules():
            module.training = bool(mode)
        return self

    def eval(self) -> Module:
        """Switch this module and all in it to evaluation, and return it."""
        return self.train(False)

    def extra_repr(self) -> str:
        """Return what repr() shows in the brackets: sizes and options."""
        return ""

    def __repr__(self) -> str:
        lines: list[str] = []
        shown: list[str] = []
        whole: list[str] = []
        for path, module in self.named_modules():
            if any(_is_below(path, above) for above in whole):
                continue
            if module._whole:
                whole.append(path)
            count = len(module.parameters())
            size = counted(count, "parameter") if count else ""
            notes = "; ".join(note for note in (module.extra_repr(), size) if note)
            indent = "  " * sum(_is_below(path, above) for above in shown)
            name = f"{path}: " if path else ""
            lines.append(f"{indent}{name}{type(module).__name__}({notes})")
            shown.append(path)
        return "\n".join(lines)

    # A part is told its path when it is put into a module, and again at each walk, since a list may have grown.

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, (Module, *_SEARCHED)):
            if isinstance(value, Value) and type(self.__dict__.get(name)) is Value:
                _refuse_computed(value, self, name)
            walk = _Walk(self, value, name)
            object.__setattr__(self, name, value)
            if id(value) not in _BEING_MADE:
                walk.tell_paths()
        else:
            object.__setattr__(self, name, value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._walked()

    def _walked(self) -> _Walk:
        """Find this module and all modules and parameters below it, and tell each its path."""
        walk = _Walk(self, self, "")
        walk.tell_paths()
        return walk


def tell_observers(module: Module, output: Any) -> None:
    """Call whatever observes a module with an output of it."""
    for observer in OBSERVERS.get(id(module), ()):
        observer(output)


def _noting_that_it_runs(init: Callable[..., None]) -> Callable[..., None]:
    """Return the `__init__`, with its module in `_BEING_MADE` for as long as it runs."""

    @wraps(init)
    def noted(self: Module, *args: Any, **kwargs: Any) -> None:
        if id(self) in _BEING_MADE:  # a subclass called it, and goes on afterwards
            init(self, *args, **kwargs)
            return
        _BEING_MADE.add(id(self))
        try:
            init(self, *args, **kwargs)
        finally:
            _BEING_MADE.remove(id(self))

    return noted


def _is_below(path: str, above: str) -> bool:
    return path != above and (not above or path.startswith(f"{above}."))


def _is_within(path: str, tops: list[str]) -> bool:
    return any(path == top or _is_below(path, top) for top in tops)


class _Walk:
    """The modules and parameters in `start`, depth first, each once, with their paths from the module `holder`.

    The type of a parameter is Value itself; that of a computed Value is a subclass.
    """

    def __init__(self, holder: Module, start: Any, name: str) -> None:
        self.holder = holder
        self.modules: list[tuple[str, Module]] = []
        self.values: list[tuple[str, Value]] = []
        self.loops: list[str] = []  # paths that lead back to the holder
        seen: set[int] = set()
        stack: list[tuple[str, Any, Module]] = [(name, start, holder)]
        while stack:
            path, part, owner = stack.pop()
            if part is holder and path:
                self.loops.append(path)
            if id(part) in seen or (part is holder and path):
                continue
            seen.add(id(part))
            if isinstance(part, Module):
                self.modules.append((path, part))
                owner = part
                children: Any = vars(part).items()
            elif isinstance(part, Value):
                if type(part) is Value:
                    self.values.append((path, part))
                elif not owner._called:
                    _refuse_computed(part, holder, path)
                continue
            elif isinstance(part, dict):
                children = part.items()
            elif isinstance(part, (list, tuple)):
                if all(type(child) is Value for child in part):  # a row of parameters, which most of them are in
                    for i, child in enumerate(part):
                        if id(child) not in seen:
                            seen.add(id(child))
                            self.values.append((f"{path}.{i}", child))
                    continue
                children = enumerate(part)
            else:
                continue
            found = [(key, child) for key, child in children if isinstance(child, (Module, *_SEARCHED))]
            stack.extend((f"{path}.{key}" if path else str(key), child, owner) for key, child in reversed(found))

    def tell_paths(self) -> None:
        """Tell each part its path, except the modules above the holder, to which a part may refer."""
        stem = f"{self.holder._path}." if self.holder._path else ""
        modules, values = self.modules, self.values
        if self.loops:
            higher = [path for path, module in modules if _is_below(self.holder._path, module._path)]
            above = [path for path in higher if any(_is_below(loop, path) for loop in self.loops)]
            modules = [(path, module) for path, module in modules if not _is_within(path, above)]
            values = [(path, value) for path, value in values if not _is_within(path, above)]
        for path, module in modules:
            if module is not self.holder:
                module.__dict__["_path"] = stem + path
        for path, value in values:
            value.origin = stem + path


def _refuse_computed(value: Value, module: Module, path: str) -> None:
    if type(value) is not Value:
        raise GraphError(
            f"{type(module).__name__}.{path} would be {value!r}, which was computed, so it is no parameter and would "
            "not be trained: for a parameter use detach() of it, to keep the number use its .data"
        )
