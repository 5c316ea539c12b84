"""The threshold above which an output names the positive class."""

from __future__ import annotations

import math
from contextvars import Context
from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import TABLE
from nn.evaluation import evaluation
from nn.inputs.dataset import Example
from nn.inputs.nesting import as_list
from nn.losses.fit_loss import resolve_loss
from nn.training.trainable_model import Model, forward_of


def given_threshold(threshold: Any, loss: object, call: str) -> float | None:
    """Return the threshold that the arguments name, or None if they name none.

    Raises:
        DomainError: there are both; the threshold is nan; or the loss has none.
    """
    if threshold is not None and loss is not None:
        raise DomainError(f"{call} takes a threshold or a loss, and got both: a loss has a threshold of its own")
    if threshold is not None:
        limit = as_float(threshold, f"{call[:-2]}(threshold)")
        if math.isnan(limit):
            raise DomainError(f"{call[:-2]}(threshold) takes a number to compare outputs with, got nan")
        return limit
    if loss is None:
        return None
    found = resolve_loss(loss)
    if not found.tells_classes:
        raise DomainError(
            f"{call[:-2]}(loss={shortened(loss)}): this loss does not tell classes apart; pass the threshold above "
            "which an output names the positive class, such as threshold=0.5 for targets 0 and 1"
        )
    return found.threshold


def threshold_of(model: Model, example: Example, outputs: list[float], call: str) -> float:
    """Return the threshold that fits a model of one output, judged by its last operation.

    Args:
        model: the model.
        example: one that it can be called with.
        outputs: what it gave for all.
        call: the call that errors name.

    Raises:
        DomainError: all outputs lie between 0 and 1, and the last operation does not tell what they are.
    """
    if not all(0.0 <= output <= 1.0 for output in outputs):
        return 0.0
    with evaluation(model):
        # A new context has no modes: this is recorded, no_grad() or not.
        output = Context().run(forward_of(model, call), [example])[0]
    while isinstance(output := as_list(output), list):
        output = output[0]
    row_of_table = output.primitive if isinstance(output, Value) else None
    if row_of_table is TABLE["sigmoid"]:
        return 0.5
    if row_of_table is TABLE["tanh"]:
        return 0.0
    # A weighted sum that nn computed. A sum in the user's code may be a probability, such as tanh(x) * 0.5 + 0.5.
    if row_of_table is TABLE["dot"] or (row_of_table is TABLE["add"] and output.origin and len(output.parents) == 2):
        return 0.0
    raise DomainError(
        f"{call}: all outputs lie between 0 and 1, and the model's last operation does not tell whether they are "
        "probabilities: pass threshold=0.5 for probabilities, threshold=0 for logits"
    )
