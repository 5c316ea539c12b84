"""How the plots of nn look: colours that the colour-blind can tell apart, plain axes, clear type."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from autograd_core.errors import MissingDependencyError

BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREY: Final = "#5F6368"

STYLE: Final[dict[str, Any]] = {
    "axes.edgecolor": "#9AA0A6",
    "axes.grid": True,
    "axes.labelcolor": "#202124",
    "axes.labelsize": 11,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "figure.dpi": 100,
    "font.size": 11,
    "grid.color": "#E8EAED",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "savefig.dpi": 160,
    "xtick.color": GREY,
    "ytick.color": GREY,
}
"""Settings of matplotlib, for `with matplotlib.rc_context(STYLE)`. The colours are of Okabe and Ito's palette."""


def pyplot(call: str) -> ModuleType:
    """Return matplotlib.pyplot, or say how to get it."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise MissingDependencyError(
            f"{call} needs matplotlib, which is not installed: pip install 'autograd-core[all]'"
        ) from error
    return plt


def finished(plt: ModuleType, figure: Any) -> Any:
    """Return a figure that is complete. A notebook shows what is returned; an open figure it would show twice."""
    if "inline" in plt.get_backend():
        plt.close(figure)
    return figure


def whole_numbers() -> Any:
    """Return what puts the ticks of an axis that counts."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10])
