"""One HTML file that shows something: it holds all that it needs, and its policy forbids every request."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib.resources import files
from typing import Any

_FRAME = 760  # pixels: enough for either page in a notebook's column
_OVER_ALL = "position: absolute; inset: 0; width: 100%; height: 100%; border: 0"


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
    code = f"{module}\n{source(__package__, 'page.js')}"
    policy = (
        f"default-src 'none'; script-src '{_digest(code)}'; style-src '{_digest(sheet)}'; img-src data:; "
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
<script type="module">{code}</script>
</body>
</html>
"""


def framed(page: str, text: str) -> str:
    """Return HTML that shows a page within another one.

    The text stands below the frame, which covers it. It is seen where frames are left out, as on GitHub.
    """
    frame = f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" style="{_OVER_ALL}"></iframe>'
    return f'<div style="position: relative; height: {_FRAME}px">{escape(text)}{frame}</div>'


def with_page(bundle: Any, page: str, text: str) -> Any:
    """Return a widget's MIME bundle with the page added as HTML; see `framed` for the text.

    A notebook with a kernel shows the widget. The page is shown where there is none, as in what nbconvert writes.
    """
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    data["text/html"] = framed(page, text)
    return bundle


def embedded(data: Any) -> str:
    r"""Return JSON that may stand in a page: nothing in it can end the element that holds it.

    >>> embedded("</script><!--")
    '"\\u003c/script\\u003e\\u003c!--"'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def script(package: str, *parts: str) -> str:
    """Return the module that runs in the browser, for a page and for a notebook alike.

    It is written in parts, which are joined here: a page that may load nothing cannot import. `dom.js` is the first.
    """
    return "\n".join([source(__package__, "dom.js"), *(source(package, part) for part in parts)])


def source(package: str, name: str) -> str:
    """Return the text of a file that lies beside the modules of a package."""
    return (files(package) / name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    """Return the hash by which a policy names a script or a style sheet.

    It is that of these exact characters, so the page must be written with its line breaks as they are.
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
