"""The picture of a training run in a notebook. Only this module of nn needs anywidget."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from autograd_core.stepper.page import with_page
from nn.training_view.training_page import training_module, training_page, training_style


class TrainingWidget(anywidget.AnyWidget):
    """A training run, as `live` keeps it.

    Attributes:
        data: what is shown; assign it to show something else.
    """

    _esm = training_module()
    _css = training_style()
    data: Any = traitlets.Dict().tag(sync=True)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return with_page(super()._repr_mimebundle_(**options), training_page(self.data), repr(self))

    def __repr__(self) -> str:
        return f"<picture of {self.data.get('title')}, epoch {self.data.get('epoch')}>"
