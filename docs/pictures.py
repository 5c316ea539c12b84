"""Draw the pictures of the README and of docs/: `python docs/pictures.py`. Those of pages need `make browser`."""

from __future__ import annotations

import io
import math
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nn
from autograd_core import Value, draw, player, tanh

HERE = Path(__file__).parent


def neuron() -> None:
    """Draw a neuron of two inputs after backward()."""
    w1, w2, b = Value(-0.6), Value(0.8), Value(0.3)
    x1, x2 = Value(1.5), Value(0.5)
    y = tanh(w1 * x1 + w2 * x2 + b)
    y.backward()
    (HERE / "neuron.svg").write_bytes(draw(y).pipe())


@contextmanager
def opened(file: Path, height: int, width: int = 1200, scale: float = 1.0) -> Iterator[Any]:
    """Open a page in a browser without a window; `scale` is how many pixels of the picture one of the page takes."""
    from playwright.sync_api import sync_playwright

    chromium = subprocess.run([HERE.parent / ".ci" / "browser"], capture_output=True, text=True, check=True).stdout
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.strip(), args=["--no-sandbox"])
        size = {"width": width, "height": height}
        page = browser.new_page(viewport=size, device_scale_factor=scale, reduced_motion="reduce")
        page.goto(file.as_uri())
        yield page
        browser.close()


def player_in_motion() -> None:
    """Photograph the player at each step of the README's first example, and put the photographs together."""
    from PIL import Image

    w, x, b = Value(0.5), Value(2.0), Value(-0.4)
    y = x * tanh(w * x + b)
    frames, lines = [], [""]
    how = {"height": 520, "width": 960, "scale": 1.5}
    with tempfile.TemporaryDirectory() as folder, opened(player(y).save(Path(folder, "steps.html")), **how) as page:
        page.keyboard.press("Home")
        while (line := page.locator("p.line").inner_text()) != lines[-1]:
            lines.append(line)
            frames.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
            page.keyboard.press("ArrowRight")
    palette = frames[-1].quantize(128, dither=Image.Dither.NONE)  # the last step has all colours
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    times = [800] + [1400] * (len(others) - 1) + [3000]
    first.save(HERE / "player.gif", save_all=True, append_images=others, duration=times, loop=0, optimize=True)


def steps_of_a_loss() -> None:
    """Photograph the player where the second product reaches w."""
    w, x, b = Value(-0.6), Value(2.0), Value(0.3)
    p = tanh(w * x + b)
    L = (p - 1.0) ** 2 + 0.1 * w**2  # noqa: N806 (the name in seeing.md)
    with tempfile.TemporaryDirectory() as folder, opened(player(L).save(Path(folder, "steps.html")), 700) as page:
        page.keyboard.press("End")
        while "∂L/∂w" not in page.locator("p.line").inner_text():
            page.keyboard.press("ArrowLeft")
        page.screenshot(path=HERE / "player.png")


def run_of_a_network() -> None:
    """Photograph a run on two moons."""
    noise = random.Random(0)
    X, y = [], []  # noqa: N806
    for k in range(100):
        angle = math.pi * k / 99
        for label, (a, b) in enumerate(
            [(math.cos(angle), math.sin(angle)), (1 - math.cos(angle), 0.5 - math.sin(angle))]
        ):
            X.append([a + noise.gauss(0, 0.12), b + noise.gauss(0, 0.12)])
            y.append(label)
    model = nn.MLP(2, [12, 12, 1], activation="tanh", seed=1)
    view = nn.live(model, X, y)
    how = {"loss": "bce_with_logits", "lr": 0.01, "epochs": 40, "validation": 0.2, "progress": False}
    nn.fit(model, X, y, seed=0, callbacks=[view], **how)
    with tempfile.TemporaryDirectory() as folder, opened(view.save(Path(folder, "run.html")), 420) as page:
        page.screenshot(path=HERE / "live.png")


if __name__ == "__main__":
    neuron()
    player_in_motion()
    steps_of_a_loss()
    run_of_a_network()
