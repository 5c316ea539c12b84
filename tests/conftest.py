"""In which order the tests run, and which of them coverage watches."""

from __future__ import annotations

import pytest

from autograd_core import build_info
from tests.support import ROOT

LONGEST = ROOT / "tests" / "test_notebooks.py"
COMPILED_ROOMS = (ROOT / "tests" / "engine", ROOT / "tests" / "rules")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that train for long come first, so that no worker is left alone with them at the end.

    Coverage makes Python twice as slow or more. So it is switched off where the same lines run again and again: while
    something trains, and in pure Python for all but the tests of the modules that are compiled otherwise.
    """
    trains = {item.path for item in items if item.get_closest_marker("training")} | {LONGEST}
    items.sort(key=lambda item: item.path not in trains)
    items.sort(key=lambda item: item.path != LONGEST)
    pure = build_info().forced_pure
    for item in items:
        elsewhere = pure and not any(item.path.is_relative_to(room) for room in COMPILED_ROOMS)
        if elsewhere or item.get_closest_marker("training"):
            item.add_marker(pytest.mark.no_cover)
