"""Classified examples: the class of each, and the class that a model gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import counted, shortened
from nn.inputs.dataset import dataset_of
from nn.losses.hits import is_nested
from nn.metrics.threshold import given_threshold, threshold_of
from nn.training.predict import predict
from nn.training.trainable_model import Model, check_model


class Classified(NamedTuple):
    """What a model says to examples whose classes are known. An example may have several answers.

    Attributes:
        labels: the class of each answer.
        found: the class that the model gives instead.
        classes: all classes.
    """

    labels: list[int]
    found: list[int]
    classes: list[int]


class Answer(NamedTuple):
    """One answer of a model: where its label stands, in words, the output, and the label."""

    place: str
    output: Any
    label: Any


def classified(
    model: Model,
    X: Any,  # noqa: N803
    y: Any,
    threshold: Any,
    loss: object,
    call: str,
) -> Classified:
    """Return what the model makes of all examples; for arguments and errors see `accuracy`."""
    check_model(model, call)
    limit = given_threshold(threshold, loss, call)
    examples, given = dataset_of(X, y, call)
    answers = [
        answer
        for i, (output, label) in enumerate(zip(predict(model, examples), given, strict=True))
        for answer in _answers(output, label, limit is not None, call, f"row {i}")
    ]
    first = answers[0].output
    if isinstance(first, list):
        classes = list(range(len(first)))
        labels = _labels(answers, classes, f"0 to {len(first) - 1}, one for each output", call)
        return Classified(labels, [answer.output.index(max(answer.output)) for answer in answers], classes)
    labels = _labels(answers, [-1, 0, 1], "0 and 1, or -1 and 1", call)
    if {-1, 0} <= set(labels):
        raise DomainError(f"{call} takes labels 0 and 1, or -1 and 1, and y has both 0 and -1")
    if limit is None:
        limit = threshold_of(model, examples[0], [answer.output for answer in answers], call)
    negative = -1 if -1 in labels else 0
    return Classified(labels, [1 if answer.output > limit else negative for answer in answers], [negative, 1])


def _labels(answers: list[Answer], classes: list[int], names: str, call: str) -> list[int]:
    """The label of each answer, which must be one of the classes."""
    for answer in answers:
        several = isinstance(answer.label, list)
        if several or answer.label not in classes:
            remedy = ": pass a threshold to judge each output by itself" if several else ""
            raise DomainError(f"{call} takes labels {names}; {answer.place} of y has {shortened(answer.label)}{remedy}")
    return [int(answer.label) for answer in answers]


def _answers(output: Any, label: Any, apart: bool, call: str, place: str) -> Iterator[Answer]:
    """Give each answer of the model to an example.

    An example has one answer, a number or a list with one number for each class; or it has one at each step. If
    outputs are to be judged `apart`, each number in a list is an answer to one of a row of labels.

    Raises:
        ShapeError: there are not as many labels as answers.
    """
    listed = isinstance(output, list)
    if not is_nested(output) and not (listed and (len(output) == 1 or (apart and isinstance(label, list)))):
        yield Answer(place, output, label)
        return
    labels = label if isinstance(label, list) else [label]
    if len(labels) != len(output):
        got = counted(len(labels), "label") if isinstance(label, list) else "one label"
        raise ShapeError(f"{call}: for {place} the model gives {counted(len(output), 'answer')}, and y has {got}")
    for i, pair in enumerate(zip(output, labels, strict=True)):
        yield from _answers(*pair, apart, call, f"{place}, answer {i}")
