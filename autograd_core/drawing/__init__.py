"""Pictures of computation graphs, with the gradients in colour.

`call` is the function and its checks; `picture` puts a picture together from `cards` (the boxes), `markup` (text as
Graphviz takes it) and `palette` (colours); `excerpt` decides what is drawn, `collapsing` makes one box of many nodes;
`rendering` finds a program that lays graphs out.
"""

from autograd_core.drawing.draw import draw

__all__ = ["draw"]
