"""Examples and batches: what modules do with what they are called with, and how they refuse it."""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError, ShapeError
from autograd_core.rules.scalars import complaint, number
from nn.data.rows import ORDER, UNORDERED
from nn.module import Module
from nn.monitoring.observing import OBSERVERS, tell


class ByExample(Module):
    """A module whose `forward` takes one example: called with a batch (a list of examples), it maps."""

    def __call__(self, x: Any) -> Any:
        """Return `forward(x)`, or for a batch the list of it for each example."""
        if is_batch(x):
            outputs: list[Any] = []
            try:
                for example in x:
                    outputs.append(self(example))
            except (ShapeError, NotAScalarError) as error:
                error.add_note(f"It was example {len(outputs)} of a batch of {len(x)}.")
                raise
            return outputs
        if not self._called:
            self.__dict__["_called"] = True
        try:
            output = self.forward(x)
        except NotAScalarError:
            check_numbers(self, x)
            raise
        if OBSERVERS:
            tell(self, output)
        return output


def is_batch(x: Any) -> bool:
    """Return whether `x` is a list of examples rather than one example, judged by its first element.

    >>> is_batch([1.0, 2.0]), is_batch([[1.0, 2.0], [3.0, 4.0]])
    (False, True)
    """
    if type(x) is list or isinstance(x, (list, tuple)):
        return bool(x) and (isinstance(x[0], (list, tuple)) or getattr(x[0], "ndim", 0) > 0)
    return getattr(x, "ndim", 0) > 1


def inputs_of(module: Module, x: Any, expected: int, place: str = "") -> list[Any]:
    """Return one example as a list of `expected` numbers and Values; a bare one counts as a list of one.

    `place` says in errors where it stands, such as " at position 3".

    Raises:
        ShapeError: there are more or fewer, in words that name the module.
    """
    if type(x) is list:
        inputs = x
    elif isinstance(x, UNORDERED):
        raise NotAScalarError(
            f"{where(module)} takes a list of {expected} numbers{place}, got a {type(x).__name__}: {ORDER}"
        )
    elif hasattr(x, "tolist"):
        found = x.tolist()
        inputs = found if isinstance(found, list) else [found]
    elif isinstance(x, Value) or number(x) is not None:
        inputs = [x]
    else:
        try:
            inputs = list(x)
        except TypeError:
            raise NotAScalarError(
                f"{where(module)} takes a list of {expected} numbers{place}, {complaint(x)}"
            ) from None
    if len(inputs) != expected:
        wanted = f"a list of {expected} number{'s or Values' if expected != 1 else ' or Value'}"
        remedy = f"each must be {wanted}" if place else f"pass one example as {wanted}, or a list of such examples"
        raise ShapeError(
            f"{where(module)} takes {expected} input{'s' if expected != 1 else ''}{place}, got {len(inputs)}: {remedy}"
        )
    return inputs


def where(module: Module) -> str:
    """Return how errors name a module: its class and sizes, and its path if it has one."""
    name = f"{type(module).__name__}({module.extra_repr()})"
    return f"{module.path}: {name}" if module.path else name


def check_numbers(module: Module, x: Any, place: str = "") -> None:
    """Raise NotAScalarError if an element of an example is no number, in words that name the module and the place."""
    if isinstance(x, UNORDERED):
        return
    for i, element in enumerate(x if hasattr(x, "__iter__") else [x]):
        if not isinstance(element, Value) and number(element) is None:
            raise NotAScalarError(
                f"{where(module)} takes numbers and Values; for input {i}{place} it {complaint(element)}"
            )
