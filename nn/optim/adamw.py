"""AdamW, Adam whose weight decay stays out of the means, as torch.optim has it."""

from __future__ import annotations

from nn.optim.adam import Adam
from nn.optim.optimizer import Group, Parameters, Reached, slope_of


class AdamW(Adam, name="adamw"):
    """Adam with decoupled weight decay: it shrinks the parameter and stays out of the gradient's means.

    In each step p = p * (1 - lr * weight_decay), then Adam's step with the bare gradient.

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr, betas, eps, amsgrad, maximize: as for `Adam`.
        weight_decay: the share of p that is taken off in a step of lr 1.

    Raises:
        DomainError: a number is negative or not finite, or a beta is not below 1.

    Source: Loshchilov and Hutter 2019, algorithm 2, as torch.optim.AdamW writes it.

    >>> from autograd_core import Value
    >>> p = Value(1.0)
    >>> optimizer = AdamW([p], lr=0.1, weight_decay=0.5)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.85

    Weights that decay, and biases that do not:

    >>> from nn import MLP
    >>> named = MLP(2, [4, 1]).named_parameters()
    >>> weights = [p for name, p in named if not name.endswith(".b")]
    >>> biases = [p for name, p in named if name.endswith(".b")]
    >>> optimizer = AdamW([{"params": weights}, {"params": biases, "weight_decay": 0.0}], lr=0.1)
    >>> [(len(group["params"]), group["weight_decay"]) for group in optimizer.param_groups]
    [(12, 0.01), (5, 0.0)]
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        slopes = [(i, parameter, slope_of(parameter, 0.0, group["maximize"])) for i, parameter in reached]
        kept = 1.0 - group["lr"] * group["weight_decay"]
        for _, parameter in reached:
            parameter.data = parameter.data * kept
        self.move(slopes, group)
