"""Weights to and from an equal model of PyTorch."""

from __future__ import annotations

from types import ModuleType
from typing import Any, TypeVar

from autograd_core.errors import MissingDependencyError, NotAScalarError
from autograd_core.rules.scalars import counted, shortened
from nn.layers.attention import CausalSelfAttention
from nn.module import Module
from nn.state.state_dict import StateError, entries_by_module, full_name, load_state, shape_of

M = TypeVar("M", bound=Module)
T = TypeVar("T")


def to_torch(model: Module, torch_module: T) -> T:
    """Give a model of PyTorch the parameters and running statistics of an equal one of nn, and return it.

    The parts of the two that hold parameters are paired by their paths where these are the same, else in the order
    in which they were put in; in each pair names and shapes must be the same. Linear, Layer, Embedding, BatchNorm,
    LayerNorm, RMSNorm, RNN, LSTM and GRU, their cells, and Sequential, MLP and a user's modules that are made of
    those, have PyTorch's names and shapes. CausalSelfAttention is paired with a MultiheadAttention of as many heads,
    whose `in_proj_weight` holds the weights of `q`, `k` and `v`, and whose `out_proj` is `o`.

    Args:
        model: an nn.Module.
        torch_module: a torch.nn.Module. Call `.double()` on it before: one of single precision rounds what it is
            given.

    Raises:
        NotAScalarError: one of the two is no module.
        StateError: the two are not equal: the message names what stands where the other has something else.
            Nothing is changed.
        MissingDependencyError: PyTorch is not installed.
    """
    torch = _torch("to_torch()")
    pairs = _pairs(model, torch_module, torch, "to_torch()")
    state, tensors = model.state_dict(), _tensors_of(torch_module, torch)
    for our_name, their_name in pairs:
        # They share their memory with the module's own, and round to their own precision.
        tensors[their_name].copy_(torch.tensor(state[our_name], dtype=torch.float64))
    return torch_module


def from_torch(model: M, torch_module: Any) -> M:
    """Give a model of nn the parameters and running statistics of an equal one of PyTorch, and return it.

    Args:
        model: an nn.Module.
        torch_module: a torch.nn.Module; how the two are paired, `to_torch` says.

    Raises:
        As `to_torch`.
    """
    torch = _torch("from_torch()")
    pairs = _pairs(model, torch_module, torch, "from_torch()")
    tensors = _tensors_of(torch_module, torch)
    arrays = {our_name: tensors[their_name].cpu().tolist() for our_name, their_name in pairs}
    load_state(model, {**model.state_dict(), **arrays}, True, "from_torch()")
    return model


def _pairs(model: Any, torch_module: Any, torch: ModuleType, call: str) -> list[tuple[str, str]]:
    """The names, in the one and in the other, of what is the same, or StateError."""
    if not isinstance(model, Module):
        raise NotAScalarError(f"{call} takes an nn.Module and a torch.nn.Module, got {shortened(model)} first")
    if not isinstance(torch_module, torch.nn.Module):
        raise NotAScalarError(f"{call} takes an nn.Module and a torch.nn.Module, got {shortened(torch_module)} second")
    theirs = _shapes_of_theirs(_tensors_of(torch_module, torch))
    ours = _shapes_of_ours(model, {name for shapes in theirs.values() for name in shapes})
    if set(ours) == set(theirs):
        theirs = {path: theirs[path] for path in ours}
    if len(ours) != len(theirs):
        raise StateError(
            f"{call}: the model has {counted(len(ours), 'part')} with state ({_listed(ours)}), and PyTorch's has "
            f"{len(theirs)} ({_listed(theirs)})"
        )
    pairs: list[tuple[str, str]] = []
    wrong: list[str] = []
    for (our_path, our_shapes), (their_path, their_shapes) in zip(ours.items(), theirs.items(), strict=True):
        if our_shapes != their_shapes:
            wrong.append(f"{our_path or 'the model'} has {our_shapes}, and {their_path or 'the other'} {their_shapes}")
        pairs += [(full_name(our_path, name), full_name(their_path, name)) for name in our_shapes]
    heads = [part.num_heads for _, part in model.named_modules() if isinstance(part, CausalSelfAttention)]
    of_theirs = [part.num_heads for part in torch_module.modules() if isinstance(part, torch.nn.MultiheadAttention)]
    if of_theirs and sorted(heads) != sorted(of_theirs):
        wrong.append(f"the model's attentions have {heads} heads, and the other's {of_theirs}")
    if wrong:
        raise StateError(f"{call}: the two models are not equal: {'; '.join(wrong)}")
    return pairs


def _shapes_of_ours(model: Module, known: set[str]) -> dict[str, dict[str, tuple[int, ...]]]:
    """By path and name; without untrained state that PyTorch does not keep, such as how often Dropout has drawn."""
    shapes = {
        path: {
            name: shape_of(entry.read()) for name, entry in entries.items() if entry.values is not None or name in known
        }
        for path, entries in entries_by_module(model)
    }
    return {path: shapes_of_part for path, shapes_of_part in shapes.items() if shapes_of_part}


def _tensors_of(torch_module: Any, torch: ModuleType) -> dict[str, Any]:
    """What a module of PyTorch has learnt, by full name; the parts of an attention by the names they have here."""
    packed = {path for path, part in torch_module.named_modules() if isinstance(part, torch.nn.MultiheadAttention)}
    tensors: dict[str, Any] = {}
    for full, tensor in torch_module.state_dict().items():
        path, _, name = full.rpartition(".")
        stem, _, last = path.rpartition(".")
        if path in packed and name in ("in_proj_weight", "in_proj_bias"):
            parts = zip("qkv", tensor.chunk(3), strict=True)
            tensors |= {full_name(path, f"{part}.{name[8:]}"): rows for part, rows in parts}
        elif last == "out_proj" and stem in packed:
            tensors[full_name(stem, f"o.{name}")] = tensor
        else:
            tensors[full] = tensor
    return tensors


def _shapes_of_theirs(tensors: dict[str, Any]) -> dict[str, dict[str, tuple[int, ...]]]:
    shapes: dict[str, dict[str, tuple[int, ...]]] = {}
    for full, tensor in tensors.items():
        path, _, name = full.rpartition(".")
        shapes.setdefault(path, {})[name] = tuple(tensor.shape)
    return shapes


def _listed(parts: dict[str, Any]) -> str:
    return ", ".join(path or "itself" for path in parts) or "none"


def _torch(call: str) -> ModuleType:
    """Return torch, or say how to get it."""
    try:
        import torch
    except ImportError as error:
        raise MissingDependencyError(f"{call} needs PyTorch, which is not installed: pip install torch") from error
    found: ModuleType = torch
    return found
