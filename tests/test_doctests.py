"""Every example in a docstring runs, in either build."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import autograd_core
import nn

NAMES = sorted(
    module.name
    for package in (autograd_core, nn)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.endswith(("demo", "__mypyc")) and "_untracked" not in module.name
)


@pytest.mark.parametrize("name", ["autograd_core", "nn", *NAMES])
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    tried = [doctest.testmod(importlib.import_module(name)).attempted for name in ["autograd_core", "nn", *NAMES]]
    assert sum(tried) > 30
