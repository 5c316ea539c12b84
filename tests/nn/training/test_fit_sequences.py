"""Training on sequences: the numbers of a loop by hand, shapes found once, what counts how often."""

from __future__ import annotations

import pytest
from sklearn import metrics

import nn
from tests.support.sequences import EVEN, PAIRS, QUIET, RAGGED, SUMS, TAGS, Reader, numbers


def plain(output):
    return [plain(part) for part in output] if isinstance(output, list) else output.data


@pytest.mark.parametrize(
    ("X", "y", "make", "loss"),
    [
        (EVEN, [s[0][0] for s in EVEN], Reader, "mse"),
        (RAGGED, SUMS, Reader, "huber"),
        (RAGGED, [int(s > 0) for s in SUMS], lambda: Reader(2), "cross_entropy"),
        (RAGGED, [s[-1] for s in RAGGED], lambda: Reader(2), "mse"),
        (RAGGED, TAGS, lambda: Reader(2, each=True), "cross_entropy"),
        (RAGGED, TAGS, lambda: Reader(1, each=True), "bce_with_logits"),
        (RAGGED, RAGGED, lambda: Reader(2, each=True), "mse"),
    ],
)
def test_it_is_the_loop_that_one_would_write(X, y, make, loss):
    model, twin = make(), make()
    history = nn.fit(model, X, y, loss=loss, lr=0.1, epochs=3, batch_size=4, shuffle=False, **QUIET)
    function = {"mse": nn.mse_loss, "huber": nn.huber_loss, "cross_entropy": nn.cross_entropy}.get(
        loss, nn.binary_cross_entropy_with_logits
    )
    optimizer = nn.Adam(twin, lr=0.1)
    for epoch in range(3):
        losses = []
        for start in range(0, 9, 4):
            part = range(start, min(start + 4, 9))
            each = [function(twin(X[i]), y[i]) for i in part]
            optimizer.zero_grad()
            (sum(each[1:], each[0]) / len(each)).backward()
            optimizer.step()
            losses += [x.data for x in each]
        assert history.loss[epoch] == pytest.approx(sum(losses) / 9, rel=1e-12)
    assert numbers(model) == pytest.approx(numbers(twin), rel=1e-11)
    assert nn.predict(model, X[1:3]) == [plain(model(X[1])), plain(model(X[2]))]


def test_a_tagger_learns():
    model = Reader(2, each=True)
    history = nn.fit(model, RAGGED, TAGS, loss="cross_entropy", lr=0.1, epochs=30, validation=(EVEN[:2], [
        [int(a > b) for a, b in sequence] for sequence in EVEN[:2]
    ]), **QUIET)  # fmt: skip
    assert history.accuracy[-1] == nn.accuracy(model, RAGGED, TAGS) == 1.0
    assert history.validation_accuracy[-1] > 0.7
    assert history.loss[-1] < 0.1 < history.loss[0]


def test_attention_and_tokens():
    attention = nn.Sequential(nn.CausalSelfAttention(2, 1, seed=0), nn.Linear(2, 2, seed=1))
    history = nn.fit(attention, RAGGED, TAGS, loss="cross_entropy", lr=0.1, epochs=40, **QUIET)
    assert history.loss[-1] < 0.3 * history.loss[0]
    gpt = nn.GPT(5, context=4, embed_dim=4, num_heads=2, seed=0)
    tokens = [[1, 2, 3, 4], [2, 3, 4, 0], [3, 4, 0, 1]]
    nexts = [[(t + 1) % 5 for t in row] for row in tokens]
    assert nn.fit(gpt, tokens, nexts, loss="cross_entropy", lr=0.05, epochs=60, **QUIET).accuracy[-1] == 1.0
    assert nn.accuracy(gpt, tokens, nexts) == 1.0


def test_every_sequence_comes_once_an_epoch_and_some_are_set_aside():
    class Seen(nn.Callback):
        def __init__(self):
            self.orders = [[]]

        def on_step(self, run):
            self.orders[-1] += run.targets

        def on_epoch_end(self, run):
            self.orders.append([])

    seen = Seen()
    history = nn.fit(
        Reader(), RAGGED, SUMS, loss="mse", epochs=2, batch_size=2, validation=0.34, callbacks=seen, **QUIET
    )
    first, second, _ = seen.orders
    assert len(set(first)) == 6
    assert sorted(first) == sorted(second)
    assert first != second
    assert set(first) < set(SUMS)
    assert len(history.validation_loss) == 2


def test_the_shape_of_outputs_is_found_with_one_call_for_each_number_of_steps():
    calls = []

    class Spy(Reader):
        def forward(self, sequence):
            calls.append((self.training, len(sequence)))
            return super().forward(sequence)

    nn.fit(Spy(), RAGGED, SUMS, loss="mse", epochs=1, validation=(RAGGED[:2], SUMS[:2]), **QUIET)
    assert [n for training, n in calls[:4] if not training] == [1, 2, 3, 4]
    assert all(training for training, _ in calls[4:13])


def test_targets_of_one_step_have_the_shape_of_the_outputs():
    one = [sequence[:1] for sequence in EVEN]
    for model, y, loss in (
        (Reader(2, each=True), [[1]] * 9, "cross_entropy"),
        (Reader(1, each=True), [[1]] * 9, "bce_with_logits"),
        (Reader(), [[1.0]] * 9, "mse"),
        (Reader(), [1.0] * 9, "mse"),
        (Reader(2, each=True), [[[1.0, 2.0]]] * 9, "mse"),
    ):
        history = nn.fit(model, one, y, loss=loss, lr=0.1, epochs=60, validation=(one[:1], y[:1]), **QUIET)
        assert history.loss[-1] < 0.2 * history.loss[0]
    assert nn.accuracy(Reader(2, each=True), one, [[1]] * 9) == nn.accuracy(Reader(2), one, [1] * 9)


def test_the_metrics_count_steps_as_scikit_learn_counts_examples():
    model = Reader(2, each=True)
    said = [max(range(2), key=step.__getitem__) for out in nn.predict(model, RAGGED) for step in out]
    tags = [tag for row in TAGS for tag in row]
    assert nn.accuracy(model, RAGGED, TAGS) == metrics.accuracy_score(tags, said)
    assert (nn.confusion_matrix(model, RAGGED, TAGS) == metrics.confusion_matrix(tags, said)).all()
    outputs = [step for out in nn.predict(model, RAGGED) for step in out]
    rows = [row for sequence in RAGGED for row in sequence]
    assert nn.r2(model, RAGGED, RAGGED) == metrics.r2_score(rows, outputs)
    single = Reader(1, each=True)
    said = [int(out > 0.0) for outputs in nn.predict(single, RAGGED) for out in outputs]
    assert nn.accuracy(single, RAGGED, TAGS, threshold=0.0) == metrics.accuracy_score(tags, said)
    assert nn.accuracy(single, RAGGED, TAGS, loss="bce_with_logits") == metrics.accuracy_score(tags, said)
    assert nn.accuracy(Reader(), RAGGED, [0, 1, 1] * 3) == nn.accuracy(Reader(), RAGGED, [0, 1, 1] * 3, threshold=0.0)


@pytest.mark.parametrize(
    ("outputs", "loss", "y"),
    [
        (2, "cross_entropy", TAGS),
        (1, "bce_with_logits", TAGS),
        (2, "bce_with_logits", PAIRS),
    ],
)
def test_in_the_history_an_example_counts_by_the_share_of_its_steps(outputs, loss, y):
    model = Reader(outputs, each=True)
    history = nn.fit(model, RAGGED, y, loss=loss, optimizer="sgd", lr=0.0, epochs=1, validation=(RAGGED, y), **QUIET)
    shares = [nn.accuracy(model, [x], [labels], loss=loss) for x, labels in zip(RAGGED, y, strict=True)]
    assert 0.0 < sum(shares) < 9.0
    assert history.accuracy == history.validation_accuracy == [pytest.approx(sum(shares) / 9)]


def test_batch_normalisation_beside_a_sequence_takes_the_whole_batch():
    class Normed(Reader):
        needs_batch = True

        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm(3)

        def forward(self, sequences):
            return self.head(self.norm([self.net(sequence)[0][-1] for sequence in sequences]))

    history = nn.fit(Normed(), RAGGED, SUMS, loss="mse", lr=0.1, epochs=15, batch_size=None, **QUIET)
    assert history.loss[-1] < 0.5 * history.loss[0]


def test_a_run_is_resumed_bit_for_bit(tmp_path):
    path = tmp_path / "run.safetensors"
    options = {"loss": "cross_entropy", "batch_size": 4, "validation": 0.3, **QUIET}
    whole, half, resumed = (Reader(2, each=True) for _ in range(3))
    nn.fit(whole, RAGGED, TAGS, epochs=4, **options)
    nn.fit(half, RAGGED, TAGS, epochs=2, callbacks=[nn.Checkpoint(path)], **options)
    nn.fit(resumed, RAGGED, TAGS, epochs=4, resume=path, **options)
    assert numbers(resumed) == numbers(whole)
    other = [*RAGGED[:-1], [[0.0, 0.0]]]
    with pytest.raises(nn.StateError, match="the data are different"):
        nn.fit(resumed, other, [*TAGS[:-1], [0]], epochs=5, resume=path, **options)


def test_split_and_batches_keep_sequences_and_their_targets_together():
    X_train, X_test, y_train, y_test = nn.split(RAGGED, TAGS, 0.34, seed=0)
    assert len(X_test) == 3
    for X, y in ((X_train, y_train), (X_test, y_test)):
        assert all(TAGS[RAGGED.index(sequence)] == tags for sequence, tags in zip(X, y, strict=True))
    seen = [pair for batch in nn.batches(RAGGED, SUMS, 4, seed=0) for pair in zip(*batch, strict=True)]
    assert sorted(seen) == sorted(zip(RAGGED, SUMS, strict=True))
