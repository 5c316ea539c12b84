"""Draw the pictures of the README: `python docs/pictures.py`."""

from __future__ import annotations

from pathlib import Path

from autograd_core import Value, draw, tanh

HERE = Path(__file__).parent


def neuron() -> None:
    """Draw a neuron of two inputs after backward()."""
    w1, w2, b = Value(-0.6), Value(0.8), Value(0.3)
    x1, x2 = Value(1.5), Value(0.5)
    y = tanh(w1 * x1 + w2 * x2 + b)
    y.backward()
    (HERE / "neuron.svg").write_bytes(draw(y).pipe())


if __name__ == "__main__":
    neuron()
