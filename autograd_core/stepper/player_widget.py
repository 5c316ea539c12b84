"""The player in a notebook. Only this module of the engine needs anywidget."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from autograd_core.stepper.page import with_page
from autograd_core.stepper.player_page import player_module, player_page, player_style


class PlayerWidget(anywidget.AnyWidget):
    """The player of one computation: `player(y).widget`.

    Attributes:
        step: the number of the step that is shown. Assign it to go to another.
    """

    _esm = player_module()
    _css = player_style()
    data: Any = traitlets.Dict().tag(sync=True)
    step: Any = traitlets.Int(0).tag(sync=True)

    @traitlets.validate("step")
    def _within(self, proposal: Any) -> int:
        step: int = proposal["value"]
        return max(0, min(step, len(self.data.get("frames", [0])) - 1))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return with_page(super()._repr_mimebundle_(**options), player_page(self.data), repr(self))

    def __repr__(self) -> str:
        return f"<player of {self.data['title']}, {self.data['size']}>"
