"""ByExample: the base of modules that work on one example, and map over a batch."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError, ShapeError
from nn.inputs.module_inputs import check_numbers
from nn.inputs.nesting import is_batch
from nn.module import OBSERVERS, Module, tell_observers


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
            tell_observers(self, output)
        return output
