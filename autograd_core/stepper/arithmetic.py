"""The arithmetic of a step as a line of text: first with names, then with numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from autograd_core.derivation.formula_text import written
from autograd_core.engine.value import Value

_SHORT: Final = 6
"""A sum or product of more terms than this is shortened."""

_JOINED: Final = {"sum": " + ", "prod": " · "}


def number(x: float) -> str:
    """Return a number as lines of arithmetic show it: six significant digits, and a point in a whole number.

    >>> number(2.0), number(0.35519999999999996), number(-1e-9), number(float("inf"))
    ('2.0', '0.3552', '-1e-09', 'inf')
    """
    text = f"{x:.6g}" if x else "0"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def factor(x: float) -> str:
    """Return a number as it stands in a product, a negative one in brackets.

    >>> factor(-3.0)
    '(-3.0)'
    """
    text = number(x)
    return f"({text})" if text.startswith("-") else text


def product(local_derivative: float, upstream: float, contribution: float) -> str:
    """Return one product of the chain rule.

    >>> product(-3.0, 0.5, -1.5)
    '(-3.0) · 0.5 = -1.5'
    """
    return f"{factor(local_derivative)} · {factor(upstream)} = {number(contribution)}"


def computed(node: Value, name: Callable[[Value], str]) -> str:
    """Return how a node was computed, with names and with numbers.

    Args:
        node: the node.
        name: returns a Value's name, or "" for a Value without one, which is then shown by its number.

    >>> x, w = Value(2.0, "x"), Value(-3.0, "w")
    >>> computed(x * w, lambda v: v.label or "z")
    'z = x · w = 2.0 · (-3.0) = -6.0'
    >>> computed(x, lambda v: v.label)
    'x = 2.0'
    """
    parts = [name(node)] if name(node) else []
    if not node.is_leaf:
        numbers = _formula(node, [_operand(x) for x in node.operands])
        names = _formula(node, [name(x) or _operand(x) if isinstance(x, Value) else _operand(x) for x in node.operands])
        parts += [names, numbers]
    return " = ".join(part for part, _ in groupby([*parts, number(node.data)]))


def _operand(x: Any) -> str:
    return number(x.data if isinstance(x, Value) else x)


def _formula(node: Value, operands: Sequence[str]) -> str:
    """Return the operation written out: a sum with plus signs, a dot product with dots and plus signs."""
    operation = "" if node.primitive is None else node.primitive.name
    if operation in _JOINED:
        return _joined(_JOINED[operation], [_bracketed(x) for x in operands])
    if operation == "dot":
        half = len(operands) // 2
        pairs = zip(operands[:half], operands[half:], strict=True)
        return _joined(" + ", [f"{_bracketed(a)} · {_bracketed(b)}" for a, b in pairs])
    if node.primitive is not None and node.primitive.arity == 2 and not node.op.isalnum():
        first = _bracketed(operands[0]) if node.op == "**" else operands[0]
        return written(node.primitive, [first, _bracketed(operands[1])], times="·")
    return written(node.primitive, [_bracketed(x) for x in operands] if node.op == "neg" else list(operands))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _joined(sign: str, terms: Sequence[str]) -> str:
    if len(terms) <= _SHORT:
        return sign.join(terms)
    return sign.join([*terms[: _SHORT - 2], "…", terms[-1]]) + f" ({len(terms)} terms)"
