"""The random numbers of a run: the state of each of its generators, saved and restored."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from nn.module import Module
from nn.state.state_dict import StateError
from nn.training.run import Run

State = dict[str, Any]


def random_states(run: Run) -> dict[str, Any]:
    """Return the states of the generator that shuffles, of `random.Random` objects in modules, and of `random`.

    The state of Python's `random` module is None unless something drew from it since the run began: only then may the
    run depend on it.
    """
    python = random.getstate()
    return {
        "order": _named(run.plan.source.getstate()),
        "modules": {name: _named(source.getstate()) for name, source in _in_modules(run)},
        "python": None if python == run.python_random else _named(python),
    }


def restore_random(run: Run, states: dict[str, Any]) -> None:
    """Put all generators back into the states that `random_states` returned."""
    if states["python"] is not None:
        _set(random.setstate, states["python"])
    for name, source in _in_modules(run):
        _set(source.setstate, states["modules"][name])
    _set(run.plan.source.setstate, states["order"])


def _in_modules(run: Run) -> Iterator[tuple[str, random.Random]]:
    for path, module in run.model.named_modules() if isinstance(run.model, Module) else []:
        for name, attribute in vars(module).items():
            if isinstance(attribute, random.Random):
                yield f"{path}.{name}" if path else name, attribute


def _named(state: tuple[Any, ...]) -> State:
    version, words, gauss = state
    return {"version": version, "words": list(words), "gauss": gauss}


def _set(setstate: Callable[[Any], None], state: State) -> None:
    try:
        setstate((state["version"], tuple(state["words"]), state["gauss"]))
    except (KeyError, TypeError, ValueError) as error:
        raise StateError(f"fit(resume): the checkpoint's random numbers cannot be taken up again: {error}") from error
