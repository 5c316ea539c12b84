"""In which order the tests run, and which of them coverage watches."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import hypothesis
import pytest

from autograd_core import build_info
from autograd_core.build import COMPILED
from tests.support import ROOT

LONGEST = ROOT / "tests" / "test_notebooks.py"
COMPILED_ROOMS = {ROOT / "tests" / name.partition(".")[0] for name in COMPILED}
"""The tests of the modules that are compiled, and of what lies beside them."""

WATCHED_CASES = 6

# A busy machine takes longer, which says nothing of the code.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that train for long come first, so that no worker is left alone with them at the end.

    Coverage makes Python, mpmath included, two to four times as slow. So it watches the tests of the compiled modules
    in pure Python and the others in the compiled run; of a test with many cases, the first few; and none that only
    runs the same lines again and again.
    """
    trains = {item.path for item in items if item.get_closest_marker("training")} | {LONGEST}
    items.sort(key=lambda item: item.path not in trains)
    items.sort(key=lambda item: item.path != LONGEST)
    pure = build_info().forced_pure
    cases: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        cases[test] += 1
        compiled_elsewhere = any(item.path.is_relative_to(room) for room in COMPILED_ROOMS)
        if compiled_elsewhere != pure or cases[test] > WATCHED_CASES or item.get_closest_marker("training"):
            item.add_marker(pytest.mark.untraced)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Take coverage's hands off a test, its fixtures included. (pytest-cov's own marker does not, in a worker.)"""
    tracer = sys.gettrace()
    if item.get_closest_marker("untraced"):
        sys.settrace(None)
    yield
    if sys.gettrace() is not tracer:
        sys.settrace(tracer)
