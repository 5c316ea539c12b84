"""The colours of numbers in the player."""

from __future__ import annotations

import math
import re

from autograd_core.drawing import palette
from autograd_core.stepper import colours
from autograd_core.stepper.player_page import player_style


def test_text_reads_on_every_colour():
    for level, inks, fills in re.findall(r"\.l-(\w+)\{--fill:([^;]*);.*?--ink:([^;]*);", player_style()):
        for dark in (False, True):
            a, b = (re.findall(r"#\w{6}", text)[-1 if dark else 0] for text in (inks, fills))
            assert palette.contrast(a, b) >= 4.5, (level, dark)


def test_every_level_has_a_colour():
    scale = colours.Scale([1.0], [1.0], [1.0])
    numbers = [math.nan, math.inf, *(k / 1000.0 - 1.0 for k in range(2001))]
    levels = {scale.of_gradient(x) for x in numbers} | {scale.of_norm(abs(x)) for x in numbers}
    assert levels == set(re.findall(r"\.l-(\w+)\{", player_style()))
    assert scale.of_gradient(-1e-12) == scale.of_gradient(0.0)
