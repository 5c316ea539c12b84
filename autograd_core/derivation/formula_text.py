"""A formula as people read it: as text and as LaTeX, in names or in numbers."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

from autograd_core.derivation.formula import Formula
from autograd_core.derivation.terms import Atom, Factors

_DOT: Final = r" \cdot "
_SIGNS: Final = {"^": r"{\wedge}", "~": r"{\sim}", "\\": r"{\backslash}"}
_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(x: float) -> str:
    """Return a number with the four digits that people read."""
    return f"{x:.4g}" if x else "0"


def text(f: Formula, *, numbers: bool = False, spaced: bool = False) -> str:
    """Return a formula as text.

    Args:
        f: the formula; one that is not too long.
        numbers: whether to write each name's number in its place.
        spaced: whether a product has spaces around its dots.
    """
    if numbers and _is_one_number(f):
        return short(f.number)
    dot = " · " if spaced and len(f.terms or ()) == 1 else "·"
    return _joined([(c, _product(abs(c), factors, numbers, dot)) for c, factors in _in_order(f)])


def _is_one_number(f: Formula) -> bool:
    """Whether it is a constant or one name, which needs no brackets around its number."""
    terms = f.terms or ()
    return len(terms) == 1 and (
        not terms[0][1] or [(abs(terms[0][0]), k, a.is_sum) for a, k in terms[0][1]] == [(1.0, 1, False)]
    )


def _in_order(f: Formula) -> list[tuple[float, Factors]]:
    """The terms, those with a minus last."""
    return sorted(f.terms or (), key=lambda term: term[0] < 0.0)


def _joined(terms: list[tuple[float, str]]) -> str:
    written = "".join(f" {'-' if c < 0.0 else '+'} {product}" for c, product in terms)
    return (written[3:] if written.startswith(" +") else f"-{written[3:]}") if written else "0"


def _product(c: float, factors: Factors, numbers: bool, dot: str) -> str:
    above = [_power(atom, k, numbers) for atom, k in factors if k > 0]
    below = [_power(atom, -k, numbers) for atom, k in factors if k < 0]
    if c != 1.0 or not above:
        above.insert(0, short(c))
    if not below:
        return dot.join(above)
    return f"{dot.join(above)}/{below[0] if len(below) == 1 else f'({dot.join(below)})'}"


def _power(atom: Atom, k: int, numbers: bool) -> str:
    base = _atom(atom, numbers)
    held = atom.is_sum or (numbers and atom.number < 0.0)  # these have brackets already
    if k != 1 and not held and not re.fullmatch(r"\w+(\[\d+\])*|[\d.]+|[σ\w]+\(\w+\)", base):
        base = f"({base})"
    return base if k == 1 else base + str(k).translate(_SUPERSCRIPTS)


def _atom(atom: Atom, numbers: bool) -> str:
    if atom.is_sum:
        return f"({text(atom.operands[0], numbers=numbers)})"
    if numbers:
        return f"({short(atom.number)})" if atom.number < 0.0 else short(atom.number)
    if atom.name:
        return atom.name
    operands = [text(f) for f in atom.operands]
    if atom.entry is not None:
        return f"softmax({', '.join(operands)})[{atom.entry}]"
    symbol = "" if atom.function is None else atom.function.symbol
    if symbol.isalnum() or "_" in symbol:
        return f"{symbol}({', '.join(operands)})"
    if symbol == "**":
        return "**".join(x if re.fullmatch(r"\w+", x) else f"({x})" for x in operands)
    return f"[{f' {symbol} '.join(operands)}]" if len(operands) > 1 else f"[{operands[0]} {symbol}]"


# LaTeX.


def latex(f: Formula, *, numbers: bool = False) -> str:
    """Return a formula as LaTeX, without dollar signs; in names, or in numbers."""
    if numbers and _is_one_number(f):
        return latex_number(f.number)
    return _joined([(c, _latex_product(abs(c), factors, numbers)) for c, factors in _in_order(f)])


def _latex_product(c: float, factors: Factors, numbers: bool) -> str:
    above = [_latex_power(atom, k, numbers) for atom, k in factors if k > 0]
    below = [_latex_power(atom, -k, numbers) for atom, k in factors if k < 0]
    if c != 1.0 or not above:
        above.insert(0, latex_number(c))
    product = _DOT.join(above)
    if len(below) == 1:
        below = [re.sub(r"^\\left\((.*)\\right\)$", r"\1", below[0])]
    return rf"\frac{{{product}}}{{{_DOT.join(below)}}}" if below else product


def _latex_power(atom: Atom, k: int, numbers: bool) -> str:
    base = _latex_atom(atom, numbers)
    if k == 1:
        return base
    plain = atom.is_sum or numbers or re.fullmatch(r"(\w|\\hat\{\w\})(_\{[^{}]*\})?", base)
    return f"{base}^{{{k}}}" if plain else rf"{{\left({base}\right)}}^{{{k}}}"


def _latex_atom(atom: Atom, numbers: bool) -> str:
    if atom.is_sum:
        return rf"\left({latex(atom.operands[0], numbers=numbers)}\right)"
    if numbers:
        number = latex_number(atom.number)
        return rf"\left({number}\right)" if atom.number < 0.0 or "cdot" in number else number
    if atom.name:
        return latex_name(atom.name)
    operands = [latex(f) for f in atom.operands]
    if atom.entry is not None:
        return rf"\operatorname{{softmax}}({', '.join(operands)})_{{{atom.entry}}}"
    if atom.function is None:
        return ""
    return applied(atom.function.latex, [_bracketed(f, x) for f, x in zip(atom.operands, operands, strict=True)])


def _bracketed(f: Formula, written: str) -> tuple[str, str]:
    """An operand as it is, and as it stands where nothing holds it together: more than one factor in brackets."""
    terms = f.terms or ()
    alone = len(terms) <= 1 and all(len(factors) + (abs(c) != 1.0) <= 1 for c, factors in terms)
    return written, written if alone and not written.startswith("-") else rf"\left({written}\right)"


def applied(template: str, operands: list[tuple[str, str]]) -> str:
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
    """Return a number as LaTeX has it: a power of ten, infinity."""
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
    """Return words amid LaTeX formulas; signs stand outside of the text, where renderers agree on escapes."""
    pieces = re.split(r"([#$%&_{}^~\\])", words)
    return "".join(_SIGNS.get(piece, "\\" + piece) if i % 2 else _upright(piece) for i, piece in enumerate(pieces))


def _upright(words: str) -> str:
    return rf"\text{{{words}}}" if words else ""
