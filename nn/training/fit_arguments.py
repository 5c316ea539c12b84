"""The arguments of fit: what each may be, and what is made of it."""

from __future__ import annotations

from inspect import signature
from typing import Any

from autograd_core.engine.modes import modes
from autograd_core.engine.no_grad import no_grad
from autograd_core.errors import DomainError, GraphError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.data.split import count_of_share, drawn
from nn.inputs.dataset import Dataset, dataset_of, steps_of, width_of
from nn.inputs.module_inputs import where
from nn.inputs.seeds import Source
from nn.losses.fit_loss import FitLoss
from nn.module import Module
from nn.optim.optimizer import OPTIMIZERS, Optimizer
from nn.optim.reduce_lr_on_plateau import ReduceLROnPlateau
from nn.optim.schedule import Schedule
from nn.training.trainable_model import Model, check_model, sample_outputs


def check_trainable(model: Model) -> None:
    """Raise unless this is a model, whose parameters are there, and what it computes is recorded."""
    check_model(model, "fit()")
    if any(isinstance(mode, no_grad) for mode in modes()):
        raise GraphError("fit() was called inside no_grad(), where nothing is recorded to train by: call it outside")
    model.parameters()  # a model that keeps a computed Value as a parameter says so before it is called


def datasets_of(
    X: Any,  # noqa: N803
    y: Any,
    validation: Any,
    source: Source,
    aside: list[int] | None,
) -> tuple[Dataset, Dataset | None, list[int]]:
    """Return the data to train on, the data to measure on, and the numbers of the examples set aside for that."""
    examples, targets = dataset_of(X, y, "fit()")
    if validation is None:
        return (examples, targets), None, []
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        held_out = dataset_of(validation[0], validation[1], "fit()", ("the validation X", "the validation y"))
        first, ours = held_out[0][0], examples[0]
        if bool(steps_of(first)) != bool(steps_of(ours)):
            kinds = ["sequences" if steps_of(example) else "rows" for example in (first, ours)]
            raise ShapeError(f"fit(): the validation X has {kinds[0]}, and X has {kinds[1]}; both must be of one kind")
        if width_of(first) != width_of(ours):
            raise ShapeError(
                f"fit(): the rows of the validation X have {width_of(first)} numbers, and those of X {width_of(ours)}"
            )
        return (examples, targets), held_out, []
    count = count_of_share(validation, len(examples), "fit", "validation", "a pair (X, y) or ")
    if not aside or len(aside) != count or max(aside) >= len(examples):
        aside = drawn(count, len(examples), source)
    chosen = set(aside)
    rest = [i for i in range(len(examples)) if i not in chosen]
    kept, held_out = (([examples[i] for i in part], [targets[i] for i in part]) for part in (rest, aside))
    return kept, held_out, aside


def with_fitted_targets(
    model: Model, fit_loss: FitLoss, training: Dataset, held_out: Dataset | None
) -> tuple[Dataset, Dataset | None]:
    """Return the data with targets in the shape of the model's outputs."""
    outputs: dict[int, Any] = {}  # what the model returns, by number of steps

    def fitted(data: Dataset, name: str) -> Dataset:
        examples, targets = data
        return examples, fit_loss.fitted(targets, sample_outputs(model, examples, outputs, "fit()"), name, "fit()")

    return fitted(training, "y"), None if held_out is None else fitted(held_out, "the validation y")


def resolve_optimizer(optimizer: Any, model: Model, lr: float | None) -> Optimizer:
    """Return the optimiser that was given, or one made for the model."""
    if isinstance(optimizer, str) and optimizer in OPTIMIZERS:
        optimizer = OPTIMIZERS[optimizer]
    if isinstance(optimizer, Optimizer):
        if lr is not None:
            raise DomainError(
                f"fit(lr={lr}) goes with an optimiser that fit makes; {optimizer!r} has a learning rate of its own"
            )
        return optimizer
    if isinstance(optimizer, str) or not callable(optimizer):
        raise DomainError(
            f"fit(optimizer) takes a name ({', '.join(OPTIMIZERS)}), an optimiser such as "
            f"nn.SGD(model.parameters(), lr=0.1), or a function that makes one, got {shortened(optimizer)}"
        )
    made = optimizer(model.parameters()) if lr is None else optimizer(model.parameters(), lr=lr)
    if not isinstance(made, Optimizer):
        raise DomainError(f"fit(optimizer): the function must return an nn.Optimizer, got {shortened(made)}")
    return made


def resolve_schedule(schedule: Any, optimizer: Optimizer, by_step: bool) -> Schedule | None:
    """Return the schedule that was given, or one made for the optimiser; None for none."""
    if schedule is None:
        return None
    if isinstance(schedule, type) and issubclass(schedule, Schedule):
        needed = [name for name, option in signature(schedule).parameters.items() if option.default is option.empty]
        if len(needed) > 1:
            raise DomainError(
                f"fit(schedule): {schedule.__name__} needs {', '.join(needed[1:])} too: pass a function, "
                f"lambda optimizer: nn.{schedule.__name__}(optimizer, ...)"
            )
    made = schedule if isinstance(schedule, Schedule) or not callable(schedule) else schedule(optimizer)
    if not isinstance(made, Schedule):
        raise DomainError(
            "fit(schedule) takes a schedule, such as nn.StepLR(optimizer, 10), or a function that makes one from an "
            f"optimiser, got {shortened(made)}"
        )
    if made.optimizer is not optimizer:
        raise DomainError(
            f"fit(schedule): {made!r} moves the rate of another optimiser than the one that trains; pass both, "
            "fit(optimizer=optimizer, schedule=nn.StepLR(optimizer, 10)), or a function that makes the schedule"
        )
    if by_step and isinstance(made, ReduceLROnPlateau):
        raise DomainError("fit(schedule_by='step'): nn.ReduceLROnPlateau watches a loss that is there after an epoch")
    return made


def check_batches(model: Model, count: int, size: int) -> None:
    """Raise if a batch has one example only, of which a module that takes whole batches knows no spread."""
    if not isinstance(model, Module) or not (count == 1 or size == 1 or count % size == 1):
        return
    for _, module in model.named_modules():
        if module.needs_batch:
            raise DomainError(
                f"fit(batch_size={size}) makes a batch of 1 example, of {count} in all, and {where(module)} "
                "needs at least 2 in training: choose another batch_size, or None for all as one batch"
            )
