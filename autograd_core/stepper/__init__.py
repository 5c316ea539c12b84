"""The steps of a computation, shown: a page that plays them, and the same as a notebook widget.

`call` is the function and its checks. `record` runs the steps; `units` decides what is drawn as one; `frames` says
what is seen at each step, in the words of `arithmetic`; `stage` and `svg` lay the graph out; `colours` and `page` put
it into one file, and `widget` into a notebook. What runs in the browser is one module, `player.js` after the parts
that it is written in.
"""

from autograd_core.stepper.player import player

__all__ = ["player"]
