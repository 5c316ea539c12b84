"""draw(): a computation graph as a picture, with the gradients in colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from autograd_core.drawing import palette
from autograd_core.drawing.collapsing import collapsed
from autograd_core.drawing.excerpt import nearest, ordered
from autograd_core.drawing.picture import SIDES, Picture
from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, MissingDependencyError, NotAScalarError
from autograd_core.naming import names_of
from autograd_core.rules.scalars import as_count, as_flag, complaint, shortened
from autograd_core.users_code import caller

if TYPE_CHECKING:
    import graphviz

_FONT: Final = "Helvetica"  # the one family that Graphviz can measure without font files


def draw(
    y: Value | Iterable[Value],
    *,
    rankdir: str = "LR",
    labels: bool = True,
    gradients: bool = True,
    max_nodes: int = 200,
    format: str = "svg",
    collapse: bool = False,
) -> graphviz.Digraph:
    """Return a picture of the graph that `y` was computed by. A notebook shows it; `.render()` writes a file.

    A box is a Value, with its operation, name, data and gradient. An edge shows the local derivative. The colour of a
    box shows its gradient: orange for positive, blue for negative, stronger for larger. That of an edge shows what it
    passes back: its local derivative times the gradient of the node above. No gradient flows along a dashed edge.
    Before a backward pass no gradients are shown. Drawing changes nothing.

    Args:
        y: a Value, or several.
        rankdir: the direction of the graph: "LR" from left to right, "TB" from top to bottom, "RL" or "BT".
        labels: whether to show names: a Value's label, else the parameter's name in its model, else the name of
            the caller's variable, such as `w` or `w[0]`.
        gradients: False shows the forward pass alone: no gradients, local derivatives and colours.
        max_nodes: the largest number of nodes to draw, the nearest to `y` first; a note says how many are left out.
        format: what `.render()` and `.pipe()` make by default: "svg", "png", "pdf", ...
        collapse: one box for each neuron of a model, or for each layer where the neurons are many, with the norm of
            its parameters' gradients.

    Returns:
        A `graphviz.Digraph`. It renders with Graphviz's `dot`, or without one by the wheel graphviz-pure.

    Raises:
        NotAScalarError: `y` is not a Value and not a sequence of Values.
        DomainError: an option is not among its choices, or `max_nodes` is no int of at least 1.
        MissingDependencyError: the Python package graphviz is not installed; on rendering, there is no program
            that lays graphs out.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> y = a * b + a
    >>> y.backward()
    >>> picture = draw(y)
    >>> picture.source.count("<B>a</B>")
    1
    """
    roots = _roots(y)
    if not isinstance(rankdir, str) or rankdir not in SIDES:
        raise DomainError(f"draw(rankdir=...) takes 'LR', 'TB', 'RL' or 'BT', got {shortened(rankdir)}")
    max_nodes = as_count(max_nodes, "draw(max_nodes=...)", 1)
    boxes = as_flag(collapse, "draw(collapse=...)")
    named, graded = as_flag(labels, "draw(labels=...)"), as_flag(gradients, "draw(gradients=...)")
    graph = empty_graph(format, rankdir)
    excerpt = None if boxes else nearest(roots, max_nodes)
    values = ordered(roots) if excerpt is None else excerpt.values
    picture = Picture(graph, rankdir, names_of(values, caller()) if named else {}, graded)
    if excerpt is None:
        picture.collapsed(roots, collapsed(roots, values, max_nodes), max_nodes)
    else:
        picture.plain(roots, excerpt, max_nodes)
    return graph


def _roots(y: Any) -> list[Value]:
    if isinstance(y, Value):
        return [y]
    call = "draw(y) takes a Value or a list of Values"
    if isinstance(y, (str, bytes, dict)) or not hasattr(y, "__iter__") or getattr(y, "ndim", 1) == 0:
        raise NotAScalarError(f"{call}, {complaint(y) if not isinstance(y, str) else f'got the string {shortened(y)}'}")
    roots = list(y)
    for i, root in enumerate(roots):
        if not isinstance(root, Value):
            raise NotAScalarError(f"{call}, got {type(root).__name__} {shortened(root)} as element {i}")
    if not roots:
        raise DomainError(f"{call}, got an empty list: there is nothing to draw")
    return list({id(root): root for root in roots}.values())


def empty_graph(format: str, rankdir: str, call: str = "draw()") -> Any:
    """Return a graph without nodes, with the looks of a drawing; errors name the `call`."""
    try:
        from autograd_core.drawing.rendering import FORMATS, Drawing
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"{call} needs the Python package graphviz: pip install 'autograd-core[all]'"
        ) from error
    if not isinstance(format, str) or format.lower() not in FORMATS:
        raise DomainError(
            "draw(format=...) takes a format that Graphviz writes, such as 'svg', 'png' or 'pdf', "
            f"got {shortened(format)}"
        )
    level = rankdir in ("LR", "RL")
    return Drawing(
        name="graph",
        format=format.lower(),
        graph_attr={
            "rankdir": rankdir,
            "bgcolor": "transparent",
            "fontname": _FONT,
            "pad": "0.1",
            "nodesep": "0.16" if level else "0.25",
            "ranksep": "0.5",
            "labeljust": "l",
            "labelloc": "b",
        },
        node_attr={"shape": "plain", "fontname": _FONT, "fontsize": "10"},
        edge_attr={"fontname": _FONT, "fontsize": "9", "arrowsize": "0.6", "weight": "8", "color": palette.LINE},
    )
