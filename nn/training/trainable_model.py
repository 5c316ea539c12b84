"""What can be trained: how it is called, one example after the other or a batch at once, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from autograd_core.engine.value import Value
from autograd_core.errors import AutogradError, NotAScalarError, ShapeError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float, counted, shortened
from nn.evaluation import evaluation
from nn.inputs.dataset import Example, steps_of
from nn.inputs.nesting import as_list
from nn.module import Module


class Model(Protocol):
    """What can be trained: an nn.Module, or anything that is called with an example and has parameters."""

    def parameters(self) -> list[Value]:
        """Return the parameters."""

    def __call__(self, x: Any) -> Any:
        """Return the output for one example."""


def check_model(model: object, call: str) -> None:
    """Raise unless this can be called and has parameters."""
    if isinstance(model, type) or not callable(model) or not hasattr(model, "parameters"):
        raise NotAScalarError(
            f"{call} takes a model, such as nn.MLP(2, [16, 1]), got {shortened(model)}: make one first"
        )


def forward_of(model: Model, call: str) -> Callable[[list[Example]], list[Any]]:
    """Return what computes the model's output for each example: one by one, or at once if a module takes whole batches.

    Raises:
        ShapeError: (what is returned does) the model returned more or fewer outputs than it was given examples.
    """
    if not isinstance(model, Module) or not any(module.needs_batch for _, module in model.named_modules()):
        return lambda examples: _one_by_one(model, examples)

    def forward(examples: list[Example]) -> list[Any]:
        outputs = as_list(model(examples))
        if not isinstance(outputs, list) or len(outputs) != len(examples):
            size = counted(len(outputs), "output") if isinstance(outputs, list) else shortened(outputs)
            raise ShapeError(
                f"{call}: the model was called with a batch of {counted(len(examples), 'example')} and returned "
                f"{size}; it must return a list of one output for each"
            )
        return outputs

    return forward


def _one_by_one(model: Model, examples: list[Example]) -> list[Any]:
    outputs: list[Any] = []
    try:
        for example in examples:
            outputs.append(model(example))
    except AutogradError as error:
        if len(examples) > 1:
            error.add_note(f"It was example {len(outputs)} of {len(examples)}.")
        raise
    return outputs


def sample_outputs(model: Model, examples: list[Example], known: dict[int, Any], call: str) -> list[Any]:
    """Return for each example what the model returns for one with as many steps, as floats.

    Args:
        model: the model; it is switched to evaluation for the call.
        examples: the examples.
        known: what it returned by number of steps, 0 for a row; what is found out is added.
        call: the call that errors name.
    """
    forward = forward_of(model, call)
    with evaluation(model):
        for i, example in enumerate(examples):
            steps = steps_of(example)
            if steps in known:
                continue
            try:
                known[steps] = plain_output(forward([example])[0], call)
            except AutogradError as error:
                if steps:
                    error.add_note(f"It was example {i}, the first of {steps} step{'s' if steps > 1 else ''}.")
                raise
    return [known[steps_of(example)] for example in examples]


def plain_output(output: Any, call: str) -> Any:
    """Return a model's output as a float or nested lists of floats."""
    output = as_list(output)
    if isinstance(output, list):
        return [plain_output(element, call) for element in output]
    return output.data if is_operand(output) else as_float(output, f"{call}: the model's output")
