"""Files in safetensors: written completely or not at all, and safe to read even from an unknown source."""

from __future__ import annotations

import importlib
import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from autograd_core.errors import DomainError, MissingDependencyError
from autograd_core.rules.scalars import shortened
from nn.state.state_dict import StateError, shape_of

VERSION: Final = "1"
_REFERENCE: Final = "__tensor__"  # what stands in the JSON for a tensor of the same file

PathLike = str | os.PathLike[str]


def encode_tree(tree: dict[str, Any], kind: str, call: str) -> bytes:
    """Return the content of a file of nested dicts and lists of numbers, strings and None.

    Args:
        tree: what the file is to hold. Lists of floats, or of ints, become tensors of 64 bits a number.
        kind: what the file holds; the reader checks it.
        call: the call that errors name.

    Raises:
        StateError: the tree holds something else.
        MissingDependencyError: NumPy or safetensors is not installed.
    """
    tensors: dict[str, Any] = {}
    text = json.dumps(_pack(tree, kind, tensors, _library("numpy", call), call))
    return _encode(tensors, {"format": f"autograd-core {kind}", "version": VERSION, "tree": text}, call)


def encode_arrays(arrays: Mapping[str, Any], kind: str, call: str) -> bytes:
    """Return the content of a file of numbers and nested lists of them, each a tensor under its own name.

    Raises:
        MissingDependencyError: NumPy or safetensors is not installed.
    """
    numpy = _library("numpy", call)
    tensors = {name: numpy.array(array) for name, array in arrays.items()}
    return _encode(tensors, {"format": f"autograd-core {kind}", "version": VERSION}, call)


def replace_file(path: PathLike, content: bytes, call: str) -> None:
    """Replace a file in one step: at every moment either the old or the new one is there, complete.

    Raises:
        DomainError: the path is that of a directory or a device, or in a directory that does not exist.
        OSError: the file cannot be written.
    """
    place = check_place(path, call)
    beside = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
    try:
        with open(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere a directory cannot be opened
        directory = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def check_place(path: PathLike, call: str) -> Path:
    """Return where a file is to stand, links followed, or raise DomainError if no file can stand there."""
    if not isinstance(path, (str, os.PathLike)):
        raise DomainError(f"{call} takes the path of a file, got {shortened(path)}")
    place = Path(os.path.realpath(path))
    if place.exists() and not place.is_file():
        raise DomainError(f"{call} takes the path of a file, and {str(place)!r} is a directory or a device")
    if not place.parent.is_dir():
        raise DomainError(f"{call}: there is no directory {str(place.parent)!r} to write the file in: make it first")
    return place


def read_file(path: PathLike, call: str) -> tuple[str, dict[str, Any]]:
    """Return what kind of file this is, empty for one that others wrote, and its tree, or its tensors as lists.

    Raises:
        DomainError: this is no path.
        StateError: it is no safetensors file, or a truncated one, or of a later version, or has numbers of a kind
            that NumPy does not know.
        MissingDependencyError: NumPy or safetensors is not installed.
        OSError: the file cannot be read.
    """
    safetensors = _library("safetensors", call)
    _library("numpy", call)
    if not isinstance(path, (str, os.PathLike)):
        raise DomainError(f"{call} takes the path of a file, got {shortened(path)}")
    name = os.fspath(path)
    with open(path, "rb"):  # an absent file is an OSError that names it
        pass
    try:
        with safetensors.safe_open(name, framework="numpy") as file:
            notes = file.metadata() or {}
            tensors = {key: file.get_tensor(key).tolist() for key in file.keys()}  # noqa: SIM118 - it is no dict
    except (safetensors.SafetensorError, TypeError, AttributeError, KeyError) as error:
        raise StateError(
            f"{call}: {name!r} is no complete safetensors file of numbers that NumPy knows ({error}); was it "
            "truncated, or written by something else?"
        ) from error
    kind = notes.get("format", "")
    if not kind.startswith("autograd-core "):
        return "", tensors
    if notes.get("version") != VERSION:
        raise StateError(
            f"{call}: {name!r} has version {shortened(notes.get('version'))} of the format, and this release reads "
            f"version {VERSION}: install the release that wrote it, or a later one"
        )
    if "tree" not in notes:
        return kind.removeprefix("autograd-core "), tensors
    try:
        tree = _unpack(json.loads(notes["tree"]), tensors)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StateError(f"{call}: {name!r} is damaged: its tree cannot be read ({shortened(error)})") from error
    return kind.removeprefix("autograd-core "), tree


def _encode(tensors: dict[str, Any], notes: dict[str, str], call: str) -> bytes:
    _library("safetensors", call)
    from safetensors.numpy import save

    return bytes(save(tensors, metadata=notes))


def _pack(tree: Any, name: str, tensors: dict[str, Any], numpy: ModuleType, call: str) -> Any:
    """The tree as JSON takes it, with its lists of numbers moved to `tensors`."""
    if isinstance(tree, Mapping):
        for key in tree:
            if not isinstance(key, str):
                raise StateError(f"{call}: {name} has the key {shortened(key)}; all keys must be strings")
        return {key: _pack(child, f"{name}.{key}", tensors, numpy, call) for key, child in tree.items()}
    if isinstance(tree, (list, tuple)):
        array = _as_array(tree, numpy)
        if array is not None:
            tensors[name] = array
            return {_REFERENCE: name}
        return [_pack(child, f"{name}.{i}", tensors, numpy, call) for i, child in enumerate(tree)]
    if tree is None or isinstance(tree, (bool, int, float, str)):
        return tree
    raise StateError(
        f"{call}: {name} is {shortened(tree)}; a file holds numbers, strings, None, and lists and dicts of those"
    )


def _unpack(tree: Any, tensors: Mapping[str, Any]) -> Any:
    if isinstance(tree, dict):
        if _REFERENCE in tree:
            return tensors[tree[_REFERENCE]]
        return {key: _unpack(child, tensors) for key, child in tree.items()}
    return [_unpack(child, tensors) for child in tree] if isinstance(tree, list) else tree


def _as_array(rows: Any, numpy: ModuleType) -> Any:
    """An array of the same numbers, all floats or all ints; None if no array holds them as they are."""
    shape, flat = shape_of(rows), [rows]
    for size in shape:
        if any(not isinstance(row, (list, tuple)) or len(row) != size for row in flat):
            return None
        flat = [child for row in flat for child in row]
    kinds = {type(x) for x in flat}
    if kinds == {float}:
        return numpy.array(rows, dtype=numpy.float64)
    if kinds == {int} and all(-(2**63) <= x < 2**63 for x in flat):
        return numpy.array(rows, dtype=numpy.int64)
    return None


def _library(name: str, call: str) -> ModuleType:
    """Return an optional package, or say how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependencyError(
            f"{call} needs {name}, which is not installed: pip install 'autograd-core[all]'"
        ) from error
