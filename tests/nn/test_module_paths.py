"""Modules that refer to one above them keep their paths."""

from __future__ import annotations

import pickle

import pytest

import nn
from autograd_core import Value


class Part(nn.Module):
    def __init__(self, parent=None):
        self.v = Value(1.0)
        self.parent = parent


class Whole(nn.Module):
    def __init__(self):
        self.w = Value(1.0)
        self.child = Part(self)


class Tree(nn.Module):
    def __init__(self, children):
        self.w = Value(1.0)
        self.children = children
        for child in children:
            child.parent = self


def test_a_reference_to_the_parent_renames_nothing():
    model = Whole()
    for _ in range(2):
        assert (model.path, model.w.origin) == ("", "w")
        assert (model.child.path, model.child.v.origin) == ("child", "child.v")
        assert [name for name, _ in model.named_parameters()] == ["w", "child.v"]
        assert [name for name, _ in model.child.named_parameters()] == ["v", "parent.w"]
    outer = nn.Sequential(model)
    for _ in range(2):
        assert (model.path, model.w.origin) == ("modules.0", "modules.0.w")
        assert (model.child.path, model.child.v.origin) == ("modules.0.child", "modules.0.child.v")
        model.child.parameters()
        outer.eval()
    assert pickle.loads(pickle.dumps(outer))[0].child.path == "modules.0.child"


def test_parts_that_are_told_their_parent_later_rename_nothing():
    model = Tree([Part(), Part()])
    for _ in range(2):
        assert (model.path, model.w.origin) == ("", "w")
        assert [child.path for child in model.children] == ["children.0", "children.1"]
        model.children[1].named_parameters()
    assert [name for name, _ in model.named_parameters()] == ["w", "children.0.v", "children.1.v"]


def test_a_part_may_be_given_its_whole_below_another_init():
    class Above(Whole):
        def __init__(self):
            super().__init__()
            self.second = Part(self)

    model = Above()
    assert (model.path, model.w.origin) == ("", "w")
    assert [part.path for part in (model.child, model.second)] == ["child", "second"]


def test_a_module_whose_init_raised_is_not_taken_for_one_that_is_being_made():
    class Broken(nn.Module):
        def __init__(self, keep):
            keep.append(self)
            raise ValueError("no")

    made: list[nn.Module] = []
    with pytest.raises(ValueError, match="no"):
        Broken(made)
    outer = nn.Sequential(made)
    assert outer[0].path == "modules.0"
