"""Checkpoints: a run in a file, from which it goes on as if it had never been interrupted."""

from __future__ import annotations

import dataclasses
import os
from typing import Any, ClassVar, Final

from autograd_core.engine.value import Value
from autograd_core.rules.scalars import counted, shortened
from nn.inputs.options import size_of
from nn.module import Module
from nn.state.files import PathLike, check_place, encode_tree, read_file, replace_file
from nn.state.state_dict import StateError, check_names, load_state
from nn.training.callbacks import Callback
from nn.training.randomness import random_states, restore_random
from nn.training.run import Run

_KIND: Final = "checkpoint"
_PARTS: Final[dict[str, type | tuple[type, ...]]] = {
    "settings": dict, "epoch": int, "steps": int, "stopped": bool, "model": dict, "others": list, "before": list,
    "optimizer": dict, "schedule": (dict, type(None)), "history": dict, "callbacks": list, "random": dict,
    "aside": list,
}  # fmt: skip


class Checkpoint(Callback):
    """Writes a run into a file after each epoch, from which `fit(..., resume=path)` goes on.

    The file has the model, the optimiser, the schedule, the history, the states of the other callbacks and of the
    random numbers: a run that is resumed gives bit for bit the numbers of one that was not interrupted. It is in
    safetensors with JSON, so that reading it runs no code, and it is replaced in one step, so that an interrupt
    leaves the one before. `nn.load(model, path)` reads the model alone.

    Args:
        path: the file, such as "run.safetensors"; one that is there is replaced.
        every: after how many epochs it is written again. It is written after the last one in any case.

    Raises:
        DomainError: `every` is no int of at least 1; or the directory does not exist when the run begins.
        StateError: when the run begins, the state of a callback cannot be written.
        MissingDependencyError: when the run begins, NumPy or safetensors is not installed.

    >>> import pathlib, tempfile
    >>> from nn import MLP, fit
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "run.safetensors"
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> options = {"loss": "mse", "batch_size": 3, "seed": 0, "progress": False}
    >>> whole, parts = MLP(2, [4, 1], seed=0), MLP(2, [4, 1], seed=0)
    >>> history = fit(whole, X, y, epochs=4, **options)
    >>> history = fit(parts, X, y, epochs=2, callbacks=[Checkpoint(path)], **options)
    >>> history = fit(MLP(2, [4, 1]), X, y, epochs=4, resume=path, **options)
    >>> history.epochs
    4
    """

    last: ClassVar[bool] = True

    def __init__(self, path: PathLike, every: int = 1) -> None:
        self.path, self.every = path, size_of(every, "Checkpoint(every)")

    def on_start(self, run: Run) -> None:
        """See `Callback`."""
        check_place(self.path, "Checkpoint(path)")
        encode_tree(capture(run), _KIND, "nn.Checkpoint")

    def on_epoch_end(self, run: Run) -> None:
        """See `Callback`."""
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.stopped:
            replace_file(self.path, encode_tree(capture(run), _KIND, "nn.Checkpoint"), "Checkpoint(path)")


def capture(run: Run) -> dict[str, Any]:
    """Return everything that the rest of a run depends on, at the end of an epoch."""
    return {
        "settings": run.plan.settings(),
        "epoch": run.epoch,
        "steps": run.steps,
        "stopped": run.stopped,
        "model": _model_state(run),
        "others": [parameter.data for parameter in _others(run)],
        "before": run.before,
        "optimizer": run.optimizer.state_dict(),
        "schedule": None if run.schedule is None else run.schedule.state_dict(),
        "history": dataclasses.asdict(run.history),
        "callbacks": [
            {"callback": type(callback).__name__, "state": state}
            for callback in run.callbacks
            if (state := callback.state_dict())
        ],
        "random": random_states(run),
        "aside": run.plan.aside,
    }


def read_checkpoint(path: PathLike) -> dict[str, Any]:
    """Return what `capture` returned, from a file.

    Raises:
        StateError: the file is truncated, foreign or damaged, or has a model only.
        OSError: it cannot be read.
    """
    kind, state = read_file(path, "fit(resume)")
    if kind != _KIND:
        found = "a model without the run that trained it: use nn.load" if kind == "model" else "written by others"
        raise StateError(f"fit(resume): {os.fspath(path)!r} is no checkpoint of a run; it is {found}")
    check_names(state, tuple(_PARTS), f"fit(resume): the checkpoint {os.fspath(path)!r}")
    for name, kind_of_part in _PARTS.items():
        if not isinstance(state[name], kind_of_part):
            raise StateError(
                f"fit(resume): the checkpoint {os.fspath(path)!r} is damaged: {name} is {shortened(state[name])}"
            )
    return state


def restore(run: Run, state: dict[str, Any]) -> None:
    """Bring a run that has just begun to where another one was when its state was captured.

    Raises:
        StateError: the other run had another model, optimiser, schedule, data or settings. Nothing is changed.
    """
    present = capture(run)
    _compare_settings(state["settings"], present["settings"])
    if len(state["others"]) != len(present["others"]):
        raise StateError(
            f"fit(resume): the optimiser of the checkpoint has {counted(len(state['others']), 'parameter')} that the "
            f"model does not have, and this one {len(present['others'])}"
        )
    if (state["schedule"] is None) != (run.schedule is None):
        raise StateError(
            f"fit(resume): the run of the checkpoint had {'no' if run.schedule else 'a'} schedule, and this one has "
            f"{'one' if run.schedule else 'none'}; resume with the same arguments"
        )
    check_names(
        state["random"]["modules"], tuple(present["random"]["modules"]), "fit(resume): random numbers of modules"
    )
    try:
        _put(run, state)
    except Exception:
        _put(run, present)
        raise


def _put(run: Run, state: dict[str, Any]) -> None:
    if isinstance(run.model, Module):
        load_state(run.model, state["model"], True, "fit(resume)")
    else:
        _assign(run.parameters, state["model"]["parameters"], "parameters of the model")
    _assign(_others(run), state["others"], "parameters of the optimiser alone")
    run.optimizer.load_state_dict(state["optimizer"])
    if run.schedule is not None:
        run.schedule.load_state_dict(state["schedule"])
    _put_callbacks(run, state["callbacks"])
    check_names(state["history"], tuple(field.name for field in dataclasses.fields(run.history)), "fit(resume)")
    for name, column in state["history"].items():
        setattr(run.history, name, column)
    run.history.interrupted = False
    run.epoch, run.steps, run.stopped = state["epoch"], state["steps"], state["stopped"]
    run.before, run.now = state["before"], run.snapshot()
    restore_random(run, state["random"])


def _put_callbacks(run: Run, states: list[dict[str, Any]]) -> None:
    """Give each callback the saved state of one of the same class; a callback without one starts afresh."""
    waiting = list(states)
    for callback in run.callbacks:
        for i, saved in enumerate(waiting):
            if saved["callback"] == type(callback).__name__:
                callback.load_state_dict(saved["state"])
                del waiting[i]
                break


def _model_state(run: Run) -> dict[str, Any]:
    if isinstance(run.model, Module):
        return run.model.state_dict()
    return {"parameters": [parameter.data for parameter in run.parameters]}


def _others(run: Run) -> list[Value]:
    """The parameters that the optimiser moves and the model does not have."""
    own = {id(parameter) for parameter in run.parameters}
    return [parameter for parameter in run.optimizer.parameters if id(parameter) not in own]


def _assign(parameters: list[Value], numbers: list[float], name: str) -> None:
    if len(parameters) != len(numbers):
        raise StateError(f"fit(resume): the checkpoint has {len(numbers)} {name}, and this run {len(parameters)}")
    for parameter, x in zip(parameters, numbers, strict=True):
        parameter.data = x


def _compare_settings(then: dict[str, Any], now: dict[str, Any]) -> None:
    check_names(then, tuple(now), "fit(resume): the settings of the checkpoint")
    other = [name for name in now if then[name] != now[name]]
    if not other:
        return
    parts = [
        "the data are different" if name == "data" else f"{name} was {then[name]!r} and is {now[name]!r}"
        for name in other
    ]
    raise StateError(
        f"fit(resume) goes on with the run of the checkpoint, but {'; '.join(parts)}. Resume with the same data and "
        "arguments; to train on in another way, nn.load(model, path) the checkpoint and begin a run without resume"
    )
