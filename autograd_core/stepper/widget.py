"""The player in a notebook. Only this module needs anywidget."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from autograd_core.stepper.page import module, page, style_sheet, with_page


class StepsWidget(anywidget.AnyWidget):
    """The player of one computation; make it with `player(y, path=None)`.

    Attributes:
        step: the number of the step that is shown. Assign it to go there.
    """

    _esm = module()
    _css = style_sheet()
    data: Any = traitlets.Dict().tag(sync=True)
    step: Any = traitlets.Int(0).tag(sync=True)

    def save(self, path: str | os.PathLike[str] = "steps.html") -> Path:
        """Write the player as a page of its own, and return its path."""
        file = Path(path)
        file.write_text(page(self.data), encoding="utf-8", newline="\n")
        return file

    @traitlets.validate("step")
    def _within(self, proposal: Any) -> int:
        step: int = proposal["value"]
        return max(0, min(step, len(self.data.get("frames", [0])) - 1))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return with_page(super()._repr_mimebundle_(**options), page(self.data), repr(self))

    def __repr__(self) -> str:
        return f"<player of {self.data['title']}, {self.data['size']}>"
