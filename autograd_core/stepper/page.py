"""A page that needs nothing beside itself, and is not allowed to ask for anything."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from autograd_core.stepper.colours import style

_PARTS = ("dom.js", "stage.js", "panel.js", "player.js")
_FRAME = 760  # pixels: enough for either page in a notebook's column
_OVER_ALL = "position: absolute; inset: 0; width: 100%; height: 100%; border: 0"


@cache
def module() -> str:
    """Return the module that runs in the browser, for a page and for a notebook alike.

    It is written in parts, which are joined, since a page that loads nothing cannot import.
    """
    return "\n".join(source(part) for part in _PARTS)


@cache
def style_sheet() -> str:
    """Return its style sheet, with the colours of all levels."""
    return f"{source('player.css')}\n{style()}\n"


def page(story: dict[str, Any]) -> str:
    """Return the HTML of a story."""
    hint = "This page plays the steps of a computation. It needs JavaScript, but no network."
    return document(f"Every step of {story['title']}", module(), style_sheet(), story, hint)


def document(title: str, module: str, sheet: str, data: dict[str, Any], hint: str) -> str:
    """Return the HTML of a page that shows what a widget would show.

    Its policy allows one script and one style sheet, those with the given digests, and no request.

    Args:
        title: of the page.
        module: what runs in the browser: it defines `render({ model, el })`.
        sheet: its style sheet.
        data: what it is to show.
        hint: what is said where no script runs.
    """
    script = f"{module}\n{source('page.js')}"
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(sheet)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{sheet}</style>
</head>
<body>
<div id="shown" class="page"></div>
<noscript>{escape(hint)}</noscript>
<script type="application/json" id="data">{embedded(data)}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def with_page(bundle: Any, page: str, said: str) -> Any:
    """Return what a widget gives a notebook to show, with a page as HTML beside it.

    A notebook shows the widget. What turns a saved one into HTML, as nbconvert does, shows the page; where frames are
    left out, as on GitHub, the words that it would cover.
    """
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    frame = f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" style="{_OVER_ALL}"></iframe>'
    data["text/html"] = f'<div style="position: relative; height: {_FRAME}px">{escape(said)}{frame}</div>'
    return bundle


def embedded(data: Any) -> str:
    r"""Return JSON that may stand in a page: nothing in it can end the element that holds it.

    >>> embedded("</script><!--")
    '"\\u003c/script\\u003e\\u003c!--"'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def source(name: str) -> str:
    """Return the text of a file that lies here."""
    return (files("autograd_core.stepper") / name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    """Return what a policy calls this source by. The page is written with the line breaks that are counted here."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
