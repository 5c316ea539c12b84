"""Sequences and targets that do not fit: errors name the example and the step."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from tests.support.sequences import EVEN, QUIET, RAGGED, SUMS, TAGS, Reader, numbers


@pytest.mark.parametrize(
    ("X", "y", "make", "options", "error", "message"),
    [
        ([[[1, 2], [3]]], [1], Reader, {}, ShapeError, "example 0, step 1 of X has 1 number, and example 0, step 0"),
        (EVEN, SUMS[:2], Reader, {}, ShapeError, "X has 9 sequences and y has 2; .* one target for each sequence"),
        ([[[1, 2, 3]]], [1], Reader, {}, ShapeError, r"net: GRU\(2 -> 3\) takes 2 inputs at position 0, got 3"),
        (
            RAGGED,
            [*TAGS[:3], [0], *TAGS[4:]],
            lambda: Reader(2, each=True),
            {"loss": "cross_entropy"},
            ShapeError,
            "for example 3 the model returns outputs at 4 steps, and y has 1 target; cross_entropy",
        ),
        (
            RAGGED,
            [*TAGS[:2], [0, 1, 7], *TAGS[3:]],
            lambda: Reader(2, each=True),
            {"loss": "cross_entropy"},
            DomainError,
            "for example 2, step 2 of y, cross_entropy takes .* from 0 to 1, .* got 7.0",
        ),
        (
            EVEN,
            [0] * 9,
            lambda: Reader(2, each=True),
            {"loss": "cross_entropy"},
            ShapeError,
            r"outputs at 4 steps, and y has one target; .* return the last output, such as outputs\[-1\]",
        ),
        (
            RAGGED,
            [[0.5] * 5, *TAGS[1:]],
            lambda: Reader(1, each=True),
            {"loss": "mse"},
            ShapeError,
            "the model has 1 output, and row 0 of y has 5 targets",
        ),
        (
            RAGGED,
            TAGS,
            Reader,
            {"validation": (EVEN, TAGS[:2])},
            ShapeError,
            "the validation X has 9 sequences and the validation y has 2",
        ),
        (
            RAGGED,
            SUMS,
            Reader,
            {"validation": ([[1.0, 2.0]], [0.0])},
            ShapeError,
            "the validation X has rows, and X has sequences; both must be of one kind",
        ),
        (
            RAGGED,
            SUMS,
            Reader,
            {"validation": ([[[1.0]]], [0.0])},
            ShapeError,
            "the rows of the validation X have 1 numbers, and those of X 2",
        ),
        (
            RAGGED,
            RAGGED,
            lambda: Reader(1, each=True),
            {},
            ShapeError,
            r"the model returns 1 number, and row 0 of y has \[\[.*in the shape of the outputs",
        ),
    ],
)
def test_errors_name_the_example_and_the_step_and_change_nothing(X, y, make, options, error, message):
    model = make()
    before = numbers(model)
    with pytest.raises(error, match=message):
        nn.fit(model, X, y, **{"loss": "mse", "epochs": 1, **QUIET, **options})
    assert numbers(model) == before


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.accuracy(Reader(2, each=True), EVEN, [0] * 9), ShapeError, "gives 4 answers, and y has one label"),
        (lambda: nn.accuracy(Reader(2, each=True), EVEN, TAGS), ShapeError, "row 0 .* 4 answers, and y has 1 lab"),
        (
            lambda: nn.accuracy(Reader(2, each=True), RAGGED, [*TAGS[:1], [0, 2], *TAGS[2:]]),
            DomainError,
            "labels 0 to 1, one for each output; row 1, answer 1 of y has 2.0",
        ),
        (
            lambda: nn.accuracy(Reader(2), RAGGED, [[0, 1]] * 9),
            DomainError,
            r"row 0 of y has \[0.0, 1.0\]: pass a threshold to judge each output by itself",
        ),
        (lambda: nn.r2(Reader(2, each=True), EVEN, SUMS), ShapeError, "gives 36 rows of outputs .* y has 9 rows of"),
        (lambda: nn.r2(Reader(each=True), RAGGED, TAGS), ShapeError, "the model has 1 or 2 or 3 or 4 outputs"),
        (lambda: nn.predict(Reader(), [[[1.0, 2.0]], [1.0, 2.0]]), NotAScalarError, "example 1, step 0 of X must be a"),
        (
            lambda: nn.Standardizer().fit(EVEN),
            ShapeError,
            r"takes a table, and X has sequences: .* \[scaler.transform\(sequence\) for sequence in X\]",
        ),
    ],
)
def test_what_the_rest_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_error_of_the_model_names_the_example():
    class Short(Reader):
        def forward(self, sequence):
            if len(sequence) > 2:
                raise ShapeError("too long")
            return super().forward(sequence)

    with pytest.raises(ShapeError) as e:
        nn.fit(Short(), RAGGED, SUMS, loss="mse", **QUIET)
    assert e.value.__notes__ == ["It was example 2, the first of 3 steps."]
    with pytest.raises(ShapeError) as e:
        nn.predict(Short(), RAGGED)
    assert e.value.__notes__ == ["It was example 2 of 9."]


def test_the_standardizer_does_as_its_error_says():
    scaler = nn.Standardizer().fit([step for sequence in RAGGED for step in sequence])
    steps = np.array([step for sequence in RAGGED for step in scaler.transform(sequence)])
    assert steps.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert steps.std(axis=0) == pytest.approx([1.0, 1.0])
