"""The page of a player needs nothing but itself, and lets nothing out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from fnmatch import fnmatch
from pathlib import Path

import autograd_core as ac
from autograd_core import Value, player
from autograd_core.stepper.page import embedded
from autograd_core.stepper.player_page import player_module, player_page
from autograd_core.stepper.story import story

PACKAGE = Path(ac.__file__).parent / "stepper"


def test_the_page_needs_nothing_and_may_ask_for_nothing(tmp_path):
    x = Value(2.0)
    text = player(x * x).save(tmp_path / "steps.html").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"'<>)\\]+", text)) == {"http://www.w3.org/2000/svg"}
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind, source in (("script", r'<script type="module">(.*?)</script>'), ("style", r"<style>(.*?)</style>")):
        (found,) = re.findall(source, text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]* (on\w+|style)=", text.split("<script")[0])


def test_a_label_cannot_leave_its_place(tmp_path):
    label = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"
    x = Value(2.0, label)
    text = player(x * 3.0).save(tmp_path / "steps.html").read_text(encoding="utf-8")
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img" not in text
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert "alert(1)" in json.loads(data)["nodes"][0]["name"]
    assert "<title>Every step of &lt;/script&gt;" in player_page(story(Value(1.0, "</script>"), None, 500, False))
    assert embedded("<&>") == '"\\u003c\\u0026\\u003e"'
    strange = player(Value(1.0, "\ud800\u2028\x00 \u202e")).save(tmp_path / "strange.html").read_text(encoding="utf-8")
    assert "every step of" in strange.lower()


def test_one_module_holds_all_parts():
    for part in ("dom.js", "camera.js", "stage.js", "panel.js", "player.js"):
        assert (PACKAGE / part).read_text(encoding="utf-8") in player_module()
    assert player_module().count("export default") == 1
    assert "innerHTML" not in player_module()
    assert "eval(" not in player_module()


def test_what_the_browser_needs_is_installed():
    """The wheel holds every file beside the Python modules."""
    pyproject = (PACKAGE.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    (patterns,) = re.findall(r"^autograd_core = (\[.*\])$", pyproject, flags=re.MULTILINE)
    others = [file.name for file in PACKAGE.iterdir() if file.is_file() and file.suffix != ".py"]
    assert len(others) >= 6
    for name in others:
        assert any(fnmatch(f"stepper/{name}", pattern) for pattern in json.loads(patterns)), name
