"""Arguments that hardly any call takes: of every type that a mistake may pass, and of every size."""

from __future__ import annotations

import sys

import numpy as np
from hypothesis import strategies as st

from autograd_core import Value


class Odd:
    """An object that is nothing in particular, and takes any arguments."""

    def __init__(self, *given):
        pass


def returns(x):
    return lambda *given: x


NO_DIMENSIONS = np.array(3)
texts, junk = st.text(max_size=3), st.sampled_from([None, ..., Odd(), Odd, sys, ValueError("x")])
numbers = st.sampled_from([0.0, -3, 2.5, float("nan"), float("inf"), True, 10**400, -(10**400), 10**5000, 1j])
single = texts | junk | numbers | st.binary(max_size=3)
containers = st.one_of(
    st.lists(single, max_size=3),
    st.lists(st.lists(numbers, max_size=3), max_size=3),
    st.lists(single, max_size=2).map(tuple),
    st.dictionaries(texts, single, max_size=2),
    st.sampled_from([{1.0, 2.0}, frozenset([1]), range(3), bytearray(b"x")]),
)
arrays = st.sampled_from(
    [
        np.ones((2, 3)),
        np.ones((1, 1, 1)),
        np.zeros(0),
        NO_DIMENSIONS,
        np.array(["a", "b"]),
        np.array([None, 1], dtype=object),
        np.array([1j]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ]
)
functions = st.sampled_from([returns("a"), returns(None), returns(1j), returns([1.0, 2.0, 3.0]), returns({})])
values = st.builds(Value, st.just(2.0)) | st.lists(st.builds(Value, st.just(1.0)), max_size=2)
wrong = st.one_of(single, containers, arrays, functions, values)
