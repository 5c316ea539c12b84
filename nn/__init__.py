"""Neural networks of scalars: neurons, layers, losses, optimisers and training.

>>> from nn import MLP, fit
>>> model = MLP(1, [4, 1], activation="tanh", seed=0)
>>> history = fit(model, [0.0, 0.5, 1.0], [0.0, 0.25, 1.0], loss="mse", lr=0.05, epochs=40, seed=0, progress=False)
>>> history.loss[-1] < 0.1 * history.loss[0]
True
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from autograd_core.users_code import add_library as _add_library
from nn.data.batches import batches
from nn.data.split import split
from nn.data.standardizer import Standardizer
from nn.layers.activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nn.layers.attention import CausalSelfAttention, scaled_dot_product_attention
from nn.layers.batch_norm import BatchNorm
from nn.layers.characters import Characters
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.gpt import GPT
from nn.layers.gru import GRU, GRUCell
from nn.layers.layer import Layer
from nn.layers.layer_norm import LayerNorm
from nn.layers.linear import Linear
from nn.layers.lstm import LSTM, LSTMCell
from nn.layers.mlp import MLP
from nn.layers.neuron import Neuron
from nn.layers.residual import Residual
from nn.layers.rms_norm import RMSNorm
from nn.layers.rnn import RNN, RNNCell
from nn.layers.sequential import Sequential
from nn.losses.binary_cross_entropy import BCELoss, binary_cross_entropy
from nn.losses.binary_cross_entropy_with_logits import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from nn.losses.cross_entropy import CrossEntropyLoss, cross_entropy
from nn.losses.half_squared_error import HalfSquaredErrorLoss, half_squared_error_loss
from nn.losses.hinge import HingeLoss, hinge_loss
from nn.losses.huber import HuberLoss, huber_loss
from nn.losses.kl_div import KLDivLoss, kl_div
from nn.losses.loss import Loss
from nn.losses.mse import MSELoss, mse_loss
from nn.losses.nll import NLLLoss, nll_loss
from nn.metrics.accuracy import accuracy
from nn.metrics.confusion_matrix import confusion_matrix
from nn.metrics.r2 import r2
from nn.module import Module
from nn.monitoring.monitor import Monitor
from nn.optim.adagrad import Adagrad
from nn.optim.adam import Adam
from nn.optim.adamw import AdamW
from nn.optim.clip import clip_grad_norm_, clip_grad_value_
from nn.optim.cosine_annealing_lr import CosineAnnealingLR
from nn.optim.lambda_lr import LambdaLR
from nn.optim.linear_lr import LinearLR
from nn.optim.linear_warmup_lr import LinearWarmupLR
from nn.optim.optimizer import Optimizer
from nn.optim.reduce_lr_on_plateau import ReduceLROnPlateau
from nn.optim.rmsprop import RMSprop
from nn.optim.schedule import Schedule
from nn.optim.sgd import SGD
from nn.optim.step_lr import StepLR
from nn.state.save_load import load, save
from nn.state.state_dict import StateError
from nn.torch_exchange import from_torch, to_torch
from nn.training.callbacks import Callback
from nn.training.checkpoints import Checkpoint
from nn.training.early_stopping import EarlyStopping
from nn.training.fit import fit
from nn.training.gradient_norms import gradient_norms
from nn.training.history import History
from nn.training.predict import predict
from nn.training.run import DivergedError

_add_library(__path__[0])

if _TYPE_CHECKING:
    from nn.estimators.multilayer import MLPClassifier as MLPClassifier
    from nn.estimators.multilayer import MLPRegressor as MLPRegressor
    from nn.training_view.live import live

__all__ = [
    "Module",
    "Neuron",
    "Layer",
    "MLP",
    "Linear",
    "Sequential",
    "Residual",
    "BatchNorm",
    "LayerNorm",
    "RMSNorm",
    "Dropout",
    "Embedding",
    "RNN",
    "LSTM",
    "GRU",
    "RNNCell",
    "LSTMCell",
    "GRUCell",
    "CausalSelfAttention",
    "scaled_dot_product_attention",
    "GPT",
    "Characters",
    "Identity",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "GELU",
    "SiLU",
    "Sigmoid",
    "Tanh",
    "Softplus",
    "Softmax",
    "LogSoftmax",
    "mse_loss",
    "half_squared_error_loss",
    "huber_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "nll_loss",
    "kl_div",
    "hinge_loss",
    "Loss",
    "MSELoss",
    "HalfSquaredErrorLoss",
    "HuberLoss",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "NLLLoss",
    "KLDivLoss",
    "HingeLoss",
    "Optimizer",
    "SGD",
    "Adam",
    "AdamW",
    "RMSprop",
    "Adagrad",
    "Schedule",
    "StepLR",
    "CosineAnnealingLR",
    "LinearLR",
    "LinearWarmupLR",
    "LambdaLR",
    "ReduceLROnPlateau",
    "clip_grad_norm_",
    "clip_grad_value_",
    "fit",
    "predict",
    "accuracy",
    "confusion_matrix",
    "r2",
    "batches",
    "split",
    "Standardizer",
    "gradient_norms",
    "Monitor",
    "live",
    "History",
    "DivergedError",
    "StateError",
    "Callback",
    "EarlyStopping",
    "Checkpoint",
    "save",
    "load",
    "to_torch",
    "from_torch",
]

_ON_FIRST_USE = {
    "MLPClassifier": "nn.estimators.multilayer",
    "MLPRegressor": "nn.estimators.multilayer",
    "live": "nn.training_view.live",
}
"""What is loaded when it is first used. The estimators need scikit-learn, so `from nn import *` leaves them out."""


def __getattr__(name: str) -> _Any:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(_import_module(_ON_FIRST_USE[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ON_FIRST_USE})
