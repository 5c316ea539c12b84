"""Reductions: from the losses of single outputs or examples to one number, by PyTorch's names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from autograd_core.errors import DomainError
from autograd_core.rules.composites import mean
from autograd_core.rules.scalars import shortened
from autograd_core.rules.table import sum as total
from nn.inputs.nesting import as_list
from nn.losses.pairs import check_lengths, empty, pairs_of

REDUCTIONS: Final = ("mean", "sum", "none")


def by_output(
    term: Callable[[Any, Any], Any], prediction: Any, target: Any, call: str, reduction: str, batchmean: bool = False
) -> Any:
    """Return term(p, y) for each output p with its target y, reduced.

    Args:
        term: the loss of one output.
        prediction: a number or nested lists of numbers.
        target: the same shape.
        call: the loss that errors name.
        reduction: "mean" over all outputs, their "sum", or "none" for the shape of the prediction.
        batchmean: whether "batchmean" is allowed too, the sum over the outputs and the mean over the examples.
    """
    if type(target) is float and reduction == "mean" and hasattr(type(prediction), "__apply_primitive__"):
        return term(prediction, target)  # one output of one example, the commonest case; a call of is_operand costs 5%
    check_reduction(reduction, call, (*REDUCTIONS, "batchmean") if batchmean else REDUCTIONS)
    prediction, target = as_list(prediction), as_list(target)
    terms = [term(p, y) for p, y in pairs_of(prediction, target, call)]
    if reduction == "none":
        return _shaped(prediction, iter(terms))
    if reduction == "batchmean":
        batch = isinstance(prediction, list) and isinstance(as_list(prediction[0]), list)
        return _reduced(terms, "sum") / (float(len(prediction)) if batch else 1.0)
    return _reduced(terms, reduction)


def by_example(loss: Callable[[Any, Any], Any], prediction: Any, target: Any, call: str, reduction: str) -> Any:
    """Return loss(outputs, target) for each example, reduced.

    Args:
        loss: the loss of one example, whose outputs are a list or a number.
        prediction: the outputs of one example, or nested lists of those of several.
        target: what belongs to them.
        call: the loss that errors name.
        reduction: "mean" over the examples, their "sum", or "none" for one loss an example.
    """
    check_reduction(reduction, call, REDUCTIONS)
    losses = _each(loss, prediction, target, call)
    return losses if reduction == "none" else _reduced(list(_flat(losses)), reduction)


def check_reduction(reduction: Any, call: str, known: tuple[str, ...]) -> None:
    """Raise DomainError unless this names one of the known reductions."""
    if not isinstance(reduction, str) or reduction not in known:
        names = ", ".join(f'"{name}"' for name in known)
        raise DomainError(f"{call}(reduction) takes {names}, got {shortened(reduction)}")


def _each(loss: Callable[[Any, Any], Any], prediction: Any, target: Any, call: str) -> Any:
    outputs, wanted = as_list(prediction), as_list(target)
    if isinstance(outputs, list):
        if outputs and isinstance(as_list(outputs[0]), list):
            check_lengths(outputs, wanted, call)
            return [_each(loss, row, y, call) for row, y in zip(outputs, wanted, strict=True)]
        if not outputs and isinstance(wanted, list):
            raise empty(call)
    return loss(outputs, wanted)


def _reduced(terms: list[Any], reduction: str) -> Any:
    if len(terms) == 1:
        return terms[0]
    return total(terms) if reduction == "sum" else mean(terms)


def _shaped(shape: Any, terms: Iterator[Any]) -> Any:
    shape = as_list(shape)
    return [_shaped(part, terms) for part in shape] if isinstance(shape, list) else next(terms)


def _flat(losses: Any) -> Iterator[Any]:
    if isinstance(losses, list):
        for part in losses:
            yield from _flat(part)
    else:
        yield losses
