"""save and load: models in safetensors files, which hold numbers and names and no code."""

from __future__ import annotations

from typing import TypeVar

from autograd_core.errors import NotAScalarError
from autograd_core.rules.scalars import shortened
from nn.state.files import PathLike, encode_arrays, read_file, replace_file
from nn.state.state_dict import HoldsState, load_state

M = TypeVar("M", bound=HoldsState)


def save(model: HoldsState, path: PathLike) -> None:
    """Write what a model has learnt into a file: its `state_dict`, in safetensors, 64 bits a number.

    The file is written under another name and then renamed, so that there is never half a file.

    Args:
        model: an nn.Module.
        path: the file, such as "model.safetensors"; one that is there is replaced.

    Raises:
        NotAScalarError: this is no nn.Module.
        DomainError: the path is a directory, or in one that does not exist.
        MissingDependencyError: NumPy or safetensors is not installed.
        OSError: the file cannot be written.

    >>> import tempfile, pathlib
    >>> from nn import MLP
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> model = MLP(2, [4, 1], seed=0)
    >>> save(model, path)
    >>> load(MLP(2, [4, 1], seed=1), path).state_dict() == model.state_dict()
    True
    """
    _check(model, "nn.save(model, path)")
    replace_file(path, encode_arrays(model.state_dict(), "model", "nn.save()"), "nn.save()")


def load(model: M, path: PathLike, strict: bool = True) -> M:
    """Read what `save` wrote into a model of the same build, and return it.

    Args:
        model: an nn.Module, made as the one that was saved was made.
        path: a file of `save` or of `nn.Checkpoint`, or any safetensors file whose names and shapes fit.
        strict: False leaves out what the file or the model lacks.

    Raises:
        StateError: the file is truncated, or no safetensors file, or does not fit the model: the message names all
            that is missing, unexpected or of the wrong shape. Nothing is changed.
        NotAScalarError: this is no nn.Module.
        MissingDependencyError: NumPy or safetensors is not installed.
        OSError: the file cannot be read.
    """
    _check(model, "nn.load(model, path)")
    kind, content = read_file(path, "nn.load()")
    load_state(model, content["model"] if kind == "checkpoint" else content, strict, f"nn.load({str(path)!r})")
    return model


def _check(model: object, call: str) -> None:
    if isinstance(model, type) or not isinstance(model, HoldsState):
        raise NotAScalarError(f"{call} takes an nn.Module, such as nn.MLP(2, [16, 1]), got {shortened(model)}")
