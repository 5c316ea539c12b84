"""A formula as LaTeX: in names, or in numbers."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

from autograd_core.derivation.expression import Atom, Expression, Factors
from autograd_core.derivation.formula_text import in_order, is_one_number, joined, short

_DOT: Final = r" \cdot "
_SIGNS: Final = {"^": r"{\wedge}", "~": r"{\sim}", "\\": r"{\backslash}"}


def latex(f: Expression, *, numbers: bool = False) -> str:
    """Return a formula as LaTeX, without dollar signs.

    Args:
        f: the formula; its terms are known.
        numbers: whether to write each name's number in its place.
    """
    if numbers and is_one_number(f):
        return latex_number(f.number)
    return joined([(c, _product(abs(c), factors, numbers)) for c, factors in in_order(f)])


def _product(c: float, factors: Factors, numbers: bool) -> str:
    above = [_power(atom, k, numbers) for atom, k in factors if k > 0]
    below = [_power(atom, -k, numbers) for atom, k in factors if k < 0]
    if c != 1.0 or not above:
        above.insert(0, latex_number(c))
    product = _DOT.join(above)
    if len(below) == 1:
        below = [re.sub(r"^\\left\((.*)\\right\)$", r"\1", below[0])]
    return rf"\frac{{{product}}}{{{_DOT.join(below)}}}" if below else product


def _power(atom: Atom, k: int, numbers: bool) -> str:
    base = _atom(atom, numbers)
    if k == 1:
        return base
    plain = atom.is_sum or numbers or re.fullmatch(r"(\w|\\hat\{\w\})(_\{[^{}]*\})?", base)
    return f"{base}^{{{k}}}" if plain else rf"{{\left({base}\right)}}^{{{k}}}"


def _atom(atom: Atom, numbers: bool) -> str:
    if atom.is_sum:
        return in_brackets(latex(atom.operands[0], numbers=numbers))
    if numbers:
        number = latex_number(atom.number)
        return in_brackets(number, atom.number < 0.0 or "cdot" in number)
    if atom.name:
        return latex_name(atom.name)
    operands = [latex(f) for f in atom.operands]
    if atom.entry is not None:
        return rf"\operatorname{{softmax}}({', '.join(operands)})_{{{atom.entry}}}"
    if atom.function is None:
        return ""
    return filled_in(atom.function.latex, [_two_forms(f, x) for f, x in zip(atom.operands, operands, strict=True)])


def in_brackets(written: str, wanted: bool = True) -> str:
    """Return what is written in brackets that grow with it, if they are wanted."""
    return rf"\left({written}\right)" if wanted else written


def _two_forms(f: Expression, written: str) -> tuple[str, str]:
    """Return an operand for a place that has brackets, and for one that has none: more than one factor takes them."""
    terms = f.terms or ()
    alone = len(terms) <= 1 and all(len(factors) + (abs(c) != 1.0) <= 1 for c, factors in terms)
    return written, in_brackets(written, not alone or written.startswith("-"))


def filled_in(template: str, operands: list[tuple[str, str]]) -> str:
    """Return a row's LaTeX with its operands put in.

    Args:
        template: the row's, such as `e^{{{0}}}` or `[{0} > {1}]`.
        operands: each in two forms: for a place where the row has brackets or braces already, and for any other.
    """
    pieces = list(Formatter().parse(template))
    written = ""
    for i, (literal, field, _, _) in enumerate(pieces):
        written += literal
        if field == "args":
            written += ", ".join(plain for plain, _ in operands)
        elif field is not None:
            after = pieces[i + 1][0] if i + 1 < len(pieces) else ""
            held = written.rstrip().endswith(("(", "{", "[", "|", ",")) and after.startswith((")", "}", "]", "|", ","))
            plain, bracketed = operands[int(field)]
            written += plain if held else bracketed
    return written


def latex_number(x: float) -> str:
    """Return a number as LaTeX has it: with a power of ten, or infinity."""
    mantissa, _, exponent = short(x).partition("e")
    names = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\text{nan}"}
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else names.get(mantissa, mantissa)


def latex_name(name: str) -> str:
    """Return a name as LaTeX has it: W5 and p[0] with an index, y_hat with a hat, all else upright, as written."""
    if match := re.fullmatch(r"([A-Za-z])_?(\d*)((?:\[\d+\])*)", name):
        places = [*([match[2]] if match[2] else []), *re.findall(r"\d+", match[3])]
        return f"{match[1]}_{{{', '.join(places)}}}" if places else match[1]
    if match := re.fullmatch(r"([A-Za-z])_hat", name):
        return rf"\hat{{{match[1]}}}"
    return upright(name)


def upright(words: str) -> str:
    """Return words amid LaTeX formulas. Special characters stand outside of the text, where all renderers agree."""
    pieces = re.split(r"([#$%&_{}^~\\])", words)
    return "".join(_SIGNS.get(piece, "\\" + piece) if i % 2 else _upright(piece) for i, piece in enumerate(pieces))


def _upright(words: str) -> str:
    return rf"\text{{{words}}}" if words else ""
