"""A whole run of fit, with all that it offers, is PyTorch's training loop written out, in double precision."""

from __future__ import annotations

import random

import pytest

import nn

ROWS = [[random.Random(i).gauss(0, 1), random.Random(-1 - i).gauss(0, 1)] for i in range(22)]
CLASSES = [int(a > b) + int(a > 0.5) for a, b in ROWS]
CLOSE = {"rel": 1e-9, "abs": 1e-10}


# A bias before batch normalisation has no effect: its gradient is what rounding leaves, which Adam and its like
# divide by its own size. So there is none.


def ours():
    first = nn.Linear(2, 6, bias=False, seed=0)
    return nn.Sequential(first, nn.BatchNorm(6), nn.Tanh(), nn.LayerNorm(6), nn.Linear(6, 3, seed=1))


def theirs():
    from torch.nn import BatchNorm1d, LayerNorm, Linear, Sequential, Tanh

    first = Linear(2, 6, bias=False)
    return Sequential(first, BatchNorm1d(6), Tanh(), LayerNorm(6), Linear(6, 3)).double()


@pytest.mark.parametrize("schedule", ["CosineAnnealingLR", "ReduceLROnPlateau"])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"])
def test_a_whole_run(optimizer, schedule):
    import torch

    epochs, size = 13, 6
    model = ours()
    twin = nn.to_torch(model, theirs())
    options = {"lr": 0.05, "weight_decay": 0.01}
    moves = {"CosineAnnealingLR": {"T_max": 10}, "ReduceLROnPlateau": {"patience": 0, "threshold": 0.1}}[schedule]
    history = nn.fit(
        model,
        ROWS,
        CLASSES,
        loss="cross_entropy",
        optimizer=lambda ps: getattr(nn, optimizer)(ps, **options),
        schedule=lambda o: getattr(nn, schedule)(o, **moves),
        clip_norm=0.4,
        clip_value=0.2,
        epochs=epochs,
        batch_size=size,
        validation=(ROWS[:9], CLASSES[:9]),
        shuffle=False,
        progress=False,
    )
    their_optimizer = getattr(torch.optim, optimizer)(twin.parameters(), **options)
    their_schedule = getattr(torch.optim.lr_scheduler, schedule)(their_optimizer, **moves)
    rows, classes = torch.tensor(ROWS, dtype=torch.float64), torch.tensor(CLASSES)
    loss_of = torch.nn.CrossEntropyLoss()
    losses, validation = [], []
    for _ in range(epochs):
        twin.train()
        total = 0.0
        for start in range(0, len(rows), size):
            batch, targets = rows[start : start + size], classes[start : start + size]
            loss = loss_of(twin(batch), targets)
            their_optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_value_(twin.parameters(), 0.2)
            torch.nn.utils.clip_grad_norm_(twin.parameters(), 0.4)
            their_optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(rows))
        twin.eval()
        with torch.no_grad():
            validation.append(loss_of(twin(rows[:9]), classes[:9]).item())
        their_schedule.step(*([validation[-1]] if schedule == "ReduceLROnPlateau" else []))
    assert history.loss == pytest.approx(losses, **CLOSE)
    assert history.validation_loss == pytest.approx(validation, **CLOSE)
    found = nn.from_torch(ours(), twin).state_dict()
    for name, array in model.state_dict().items():
        flat = [[array], array][isinstance(array, list)]
        expected = [[found[name]], found[name]][isinstance(array, list)]
        for a, b in zip(flat, expected, strict=True):
            assert a == pytest.approx(b, **CLOSE), name
    assert history.loss[-1] < history.loss[0]


class Tagger(nn.Module):
    """A recurrent network that names a class at each step."""

    def __init__(self):
        self.net, self.head = nn.LSTM(2, 4, seed=0), nn.Linear(4, 3, seed=1)

    def forward(self, sequence):
        outputs, _ = self.net(sequence)
        return self.head(outputs)


def test_a_run_over_sequences_that_differ_in_length():
    import torch

    sequences = [ROWS[i : i + 1 + i % 4] for i in range(10)]
    tags = [CLASSES[i : i + 1 + i % 4] for i in range(10)]
    model = Tagger()
    net = nn.to_torch(model.net, torch.nn.LSTM(2, 4).double())
    head = nn.to_torch(model.head, torch.nn.Linear(4, 3).double())
    history = nn.fit(
        model, sequences, tags, loss="cross_entropy", lr=0.05, epochs=6, batch_size=4, shuffle=False, progress=False
    )
    optimizer = torch.optim.Adam([*net.parameters(), *head.parameters()], lr=0.05)
    for epoch in range(6):
        total = 0.0
        for start in range(0, 10, 4):
            losses = []
            for sequence, classes in zip(sequences[start : start + 4], tags[start : start + 4], strict=True):
                outputs, _ = net(torch.tensor(sequence, dtype=torch.float64))
                losses.append(torch.nn.functional.cross_entropy(head(outputs), torch.tensor(classes)))
            loss = torch.stack(losses).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(losses)
        assert history.loss[epoch] == pytest.approx(total / 10, **CLOSE)
    theirs_now = [head(net(torch.tensor(s, dtype=torch.float64))[0]).tolist() for s in sequences]
    for ours_now, expected in zip(nn.predict(model, sequences), theirs_now, strict=True):
        for step, logits in zip(ours_now, expected, strict=True):
            assert step == pytest.approx(logits, **CLOSE)
