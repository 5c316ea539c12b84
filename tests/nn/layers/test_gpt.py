"""A GPT by its formulas in NumPy, its gradient by complex steps there, and ten words that it learns by heart."""

from __future__ import annotations

import copy
import math
import pickle
import random
from collections import Counter, defaultdict

import numpy as np
import pytest

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

TEN_WORDS = ["emma", "olivia", "ava", "isabella", "sophia", "charlotte", "mia", "amelia", "harper", "evelyn"]
"""The names most often given to girls in the USA in 2018. Source: US Social Security Administration."""


def small(seed=0, **options):
    return nn.GPT(
        **{"vocabulary": 5, "context": 6, "embed_dim": 4, "num_heads": 2, "num_layers": 2, **options}, seed=seed
    )


def numpy_loss(state, tokens, heads):
    """The mean cross-entropy of the next token; works on complex numbers, so that it can be differentiated by them."""

    def norm(x, weight):
        return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + np.finfo(float).eps) * weight

    x = state["token.weight"][tokens[:-1]] + state["position.weight"][: len(tokens) - 1]
    n, width = x.shape
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("blocks."))
    for layer in range(layers):
        attention, perceptron = (f"blocks.{layer}.{part}.block.modules" for part in ("attention", "perceptron"))
        y = norm(x, state[f"{attention}.0.weight"])
        q, k, v = (y @ state[f"{attention}.1.{part}.weight"].T for part in "qkv")
        found = np.zeros(x.shape, dtype=complex)
        for start in range(0, width, width // heads):
            share = slice(start, start + width // heads)
            powers = np.exp(q[:, share] @ k[:, share].T / math.sqrt(width // heads)) * np.tri(n)
            found[:, share] = powers / powers.sum(axis=1, keepdims=True) @ v[:, share]
        x = x + found @ state[f"{attention}.1.o.weight"].T
        y = norm(x, state[f"{perceptron}.0.weight"]) @ state[f"{perceptron}.1.weight"].T
        x = x + (y * (y.real > 0)) @ state[f"{perceptron}.3.weight"].T
    logits = norm(x, state["norm.weight"]) @ state["head.weight"].T
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(n), tokens[1:]])


def test_loss_and_gradients_by_complex_steps():
    model, tokens = small(), [0, 3, 1, 4, 4, 0]
    loss = model.loss(tokens)
    loss.backward()
    state = {name: np.array(part) for name, part in model.state_dict().items()}
    assert loss.data == pytest.approx(numpy_loss(state, tokens, 2).real, rel=1e-13)
    gradients = dict(model.named_parameters())
    source, h = random.Random(0), 1e-30
    for name, array in state.items():
        for _ in range(4):
            place = tuple(source.randrange(n) for n in array.shape)
            moved = array.astype(complex)
            moved[place] += 1j * h
            slope = numpy_loss({**state, name: moved}, tokens, 2).imag / h
            path = ".".join([name, *map(str, place)])
            assert gradients[path].grad == pytest.approx(slope, rel=1e-10, abs=1e-14), path


def test_nothing_looks_ahead():
    model = small()
    assert model([0, 3, 1])[:2] == model([0, 3])
    assert model([0, 3, 1])[:2] == model([0, 3, 4])[:2]


def test_batches_and_losses():
    model = small()
    batch = [[0, 1, 2], [0, 3]]
    assert model(batch) == [model(tokens) for tokens in batch]
    assert model(np.array([[0, 1], [2, 3]])) == model([[0, 1], [2, 3]])
    positions = 2 * model.loss(batch[0]).data + model.loss(batch[1]).data
    assert model.loss(batch).data == pytest.approx(positions / 3, rel=1e-14)
    by_hand = nn.cross_entropy(model([0, 1]), [1, 2])
    assert model.loss([0, 1, 2]).data == by_hand.data


def test_seeds_copies_and_pickles():
    first, second, other = small(), small(), small(1)
    assert first.state_dict() == second.state_dict() != other.state_dict()
    for twin in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert twin([0, 1]) == first([0, 1])
    assert nn.GPT(5, embed_dim=1, num_heads=1)([0, 1])


def test_before_training_it_knows_nothing():
    """All tokens are about equally likely, so the loss is about the logarithm of their number."""
    characters = nn.Characters(TEN_WORDS)
    loss = nn.GPT(len(characters), seed=0).loss([characters.encode(word) for word in TEN_WORDS])
    assert loss.data == pytest.approx(math.log(len(characters)), rel=0.1)
    assert len(nn.GPT(27, 16).parameters()) == 4192 + 3 * 16  # the benchmark's, with weights in its three norms


def entropy_of_the_next(examples):
    """The least loss that anyone can reach who knows the words by heart: their beginnings stay a matter of chance."""
    following = defaultdict(Counter)
    for tokens in examples:
        for i in range(1, len(tokens)):
            following[tuple(tokens[:i])][tokens[i]] += 1
    terms = [n * math.log(n / counts.total()) for counts in following.values() for n in counts.values()]
    return -math.fsum(terms) / sum(counts.total() for counts in following.values())


@pytest.mark.training
def test_it_learns_ten_words_by_heart():
    characters = nn.Characters(TEN_WORDS)
    examples = [characters.encode(word) for word in TEN_WORDS]
    model = nn.GPT(len(characters), context=10, embed_dim=16, num_heads=4, seed=0)
    optimizer = nn.Adam(model, lr=0.03, betas=(0.9, 0.99))
    for _ in range(25):
        loss = model.loss(examples)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert 0.0 < loss.data - entropy_of_the_next(examples) < 0.05
    for word in TEN_WORDS:
        start = characters.encode(word)[:3]  # the mark and two letters, which no two of the words share
        assert word == word[:2] + characters.decode(model.generate(start, temperature=0.0))
    made = [characters.decode(model.generate(seed=seed)) for seed in range(20)]
    assert sum(word in TEN_WORDS for word in made) >= 15


def test_generating():
    model = small()
    assert model.generate([0, 1], count=30, stop=None, seed=3) == model.generate([0, 1], count=30, stop=None, seed=3)
    assert len(model.generate([0, 1], count=30, stop=None, seed=3)) == 30
    assert len(model.generate([0, 1], stop=None, seed=3)) == 4  # what is left of the context
    assert model.generate([0] * 6, stop=None) == []
    likeliest = [max(range(5), key=lambda j: model([0])[0][j].data)]
    assert model.generate([0], temperature=0.0, stop=None, count=1) == likeliest
    assert model.generate([0], temperature=0.0, stop=likeliest[0]) == []
    assert model.generate([0], temperature=1e-9, stop=None, count=1, seed=1) == likeliest
    before = random.getstate()
    model.generate(seed=1)
    assert random.getstate() == before
    assert model.training
    assert not any(p.has_grad for p in model.parameters())


def test_tokens_are_drawn_as_often_as_the_model_says():
    model = small()
    chances = [math.exp(z.data) for z in model([0])[0]]
    chances = [c / sum(chances) for c in chances]
    source = random.Random(0)
    drawn = Counter(model.generate([0], stop=None, count=1, seed=source)[0] for _ in range(400))
    for token, chance in enumerate(chances):
        assert drawn[token] / 400 == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 400))


def test_characters():
    characters = nn.Characters(TEN_WORDS)
    for word in TEN_WORDS:
        assert characters.decode(characters.encode(word)) == word
    assert nn.Characters("hello").letters == "ehlo"
    with pytest.raises(DomainError, match=r"encode\(\) knows the characters 'ehlo', got 'x'"):
        nn.Characters("hello").encode("hex")
    with pytest.raises(DomainError, match=r"decode\(\) takes whole numbers from 0 to 4, got 5"):
        nn.Characters("hello").decode([5])
    with pytest.raises(DomainError, match="with at least one character, got none"):
        nn.Characters([""])
    with pytest.raises(NotAScalarError, match="takes strings, got 3"):
        nn.Characters([3])
    with pytest.raises(NotAScalarError, match="takes words, or one text, got None"):
        nn.Characters(None)
    with pytest.raises(NotAScalarError, match=r"encode\(\) takes one word, got \['hello'\]"):
        nn.Characters("hello").encode(["hello"])
    with pytest.raises(NotAScalarError, match=r"decode\(\) takes a list of whole numbers, got 3"):
        nn.Characters("hello").decode(3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.GPT(1), DomainError, r"GPT\(vocabulary\) takes at least 2 tokens"),
        (lambda: nn.GPT(5, embed_dim=6), DomainError, r"embed_dim=6, num_heads=4\): each head works on an equal share"),
        (lambda: nn.GPT(5, num_layers=0), DomainError, r"GPT\(num_layers\) takes an int of at least 1, got 0"),
        (lambda: small()([]), DomainError, r"GPT\(5 tokens, context 6\) takes a list of at least 1 token, got \[\]"),
        (lambda: small()([0] * 7), ShapeError, r"takes at most 6 tokens, got 7: cut the text"),
        (lambda: small()([0, 5]), DomainError, r"token: Embedding\(5 -> 4\) takes indices from 0 to 4"),
        (lambda: small()([0, "a"]), NotAScalarError, r"takes whole numbers, got the string 'a'"),
        (lambda: small().loss([0]), DomainError, r"takes a list of at least 2 tokens, got \[0\]"),
        (lambda: small().loss([0] * 8), ShapeError, r"takes at most 7 tokens, got 8"),
        (lambda: small().loss([0, 9]), DomainError, r"class numbers from 0 to 4, since there are 5 outputs; got 9"),
        (lambda: small().generate([]), DomainError, r"takes a list of at least 1 token, got \[\]"),
        (
            lambda: small().generate(temperature=-1),
            DomainError,
            r"temperature\) takes a number .* at least 0, got -1",
        ),
        (lambda: small().generate(count=0), DomainError, r"GPT.generate\(count\) takes an int of at least 1, got 0"),
        (lambda: small().generate(seed="x"), DomainError, r"seed takes an int"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_temperature_close_to_0_takes_the_most_likely():
    model = small()
    greedy = model.generate([1, 2], count=4, stop=None, temperature=0.0)
    assert model.generate([1, 2], count=4, stop=None, temperature=1e-320, seed=0) == greedy


def test_a_start_that_is_no_list():
    with pytest.raises(DomainError, match="takes a list of at least 1 token, got 3"):
        small().generate(3)
