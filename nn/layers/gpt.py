"""GPT: a transformer that reads tokens and says, at each of them, what comes next.

A token is a whole number: that of a character, say (see `nn.Characters`). The network is a pile of the modules that
have files of their own:

    embeddings -> [attention -> perceptron] -> norm -> linear map to one logit for each token that may come next
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.composites import mean, softmax
from autograd_core.rules.scalars import counted, shortened
from nn.evaluation import evaluation
from nn.init import normal
from nn.inputs.module_inputs import where
from nn.inputs.nesting import as_list, depth_of
from nn.inputs.options import not_negative, size_of
from nn.inputs.seeds import Seed, shared
from nn.layers.activations import ReLU
from nn.layers.attention import CausalSelfAttention
from nn.layers.embedding import Embedding
from nn.layers.linear import Linear
from nn.layers.residual import Residual
from nn.layers.rms_norm import RMSNorm
from nn.losses.cross_entropy import cross_entropy
from nn.module import Module

SMALL: Final = partial(normal, std=0.1)
"""How embeddings start: near 0, so that at first all tokens look alike, and no guess is bold."""


class Block(Module):
    """Attention moves what is known from one position to another; a perceptron then works on each by itself.

    Both are added to what they were given, so that a gradient has a way past them. Called with a sequence of vectors,
    it returns the same shape.

    Args:
        embed_dim: how many numbers a position has.
        num_heads: how many heads the attention has.
        seed: as for `nn.Neuron`.
    """

    def __init__(self, embed_dim: int, num_heads: int, seed: Seed = None) -> None:
        source = shared(seed)
        self.attention = Residual(
            RMSNorm(embed_dim), CausalSelfAttention(embed_dim, num_heads, bias=False, seed=source)
        )
        self.perceptron = Residual(
            RMSNorm(embed_dim),
            Linear(embed_dim, 4 * embed_dim, bias=False, seed=source),
            ReLU(),
            Linear(4 * embed_dim, embed_dim, bias=False, seed=source),
        )

    def forward(self, x: list[Any]) -> Any:
        """Return a sequence of vectors for a sequence of vectors."""
        return self.perceptron(self.attention(x))


class GPT(Module):
    """A small GPT. Called with tokens, it returns for each position one logit for each token that may come next.

    Position i sees the tokens 0 to i. A batch, a list of lists of tokens, which may differ in length, it maps over.

    Args:
        vocabulary: how many tokens there are: 0 to one less.
        context: how many tokens it sees at most.
        embed_dim: how many numbers stand for a position.
        num_heads: how many heads each attention has; they divide `embed_dim`.
        num_layers: how many blocks there are.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, `vocabulary` below 2, or `num_heads` does not divide `embed_dim`; from the call,
            there is no token, or a token is no whole number below `vocabulary`.
        ShapeError: from the call, there are more tokens than `context`.

    Source: Radford et al. 2019, with the root mean square norm of Zhang and Sennrich 2019, relu, and no biases.

    >>> model = GPT(vocabulary=5, context=8, embed_dim=4, num_heads=2, seed=0)
    >>> logits = model([0, 3, 1])
    >>> len(logits), len(logits[0])
    (3, 5)
    >>> all(token in range(5) for token in model.generate([0, 3], count=20, seed=0))
    True
    """

    def __init__(
        self,
        vocabulary: int,
        context: int = 16,
        embed_dim: int = 16,
        num_heads: int = 4,
        num_layers: int = 1,
        *,
        seed: Seed = None,
    ) -> None:
        self.vocabulary = size_of(vocabulary, "GPT(vocabulary)")
        if self.vocabulary < 2:
            raise DomainError("GPT(vocabulary) takes at least 2 tokens, or there is nothing to choose from, got 1")
        self.context = size_of(context, "GPT(context)")
        source = shared(seed)
        self.token = Embedding(self.vocabulary, embed_dim, init=SMALL, seed=source)
        self.position = Embedding(self.context, embed_dim, init=SMALL, seed=source)
        self.blocks = [Block(embed_dim, num_heads, source) for _ in range(size_of(num_layers, "GPT(num_layers)"))]
        self.norm = RMSNorm(embed_dim)
        self.head = Linear(embed_dim, self.vocabulary, bias=False, seed=source)

    def forward(self, tokens: Any) -> Any:
        """Return the logits at each position, for tokens or for each of a batch."""
        tokens = as_list(tokens)
        if depth_of(tokens) > 1:
            return [self.forward(example) for example in tokens]
        self._check(tokens, 1, self.context)
        places = range(len(tokens))
        pairs = zip(self.token(tokens), self.position(list(places)), strict=True)
        x = [[a + b for a, b in zip(token, place, strict=True)] for token, place in pairs]
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))

    def loss(self, tokens: Any) -> Any:
        """Return the cross-entropy of the next token, as a mean over all positions that have one.

        Args:
            tokens: 2 to `context` + 1 tokens, or a list of such lists.
        """
        tokens = as_list(tokens)
        examples = [as_list(example) for example in tokens] if depth_of(tokens) > 1 else [tokens]
        terms = []
        for example in examples:
            self._check(example, 2, self.context + 1)
            terms += [cross_entropy(z, y) for z, y in zip(self(example[:-1]), example[1:], strict=True)]
        return mean(terms)

    def generate(
        self,
        start: Iterable[int] = (0,),
        *,
        stop: int | None = 0,
        count: int | None = None,
        temperature: float = 1.0,
        seed: Seed = None,
    ) -> list[int]:
        """Return the tokens that follow `start`, drawn one by one from what the model says comes next.

        Args:
            start: the tokens to go on from; of more than `context` it sees the last.
            stop: the token that ends it, which is not returned; None for none.
            count: how many tokens to draw at most; None fills up the context.
            temperature: what logits are divided by before the softmax. Below 1 the likely becomes more likely, and
                at 0 the most likely token is taken every time.
            seed: as for `nn.Neuron`.

        Raises:
            DomainError: an argument has no meaning.
        """
        tokens: Any = list(start) if isinstance(start, Iterable) else start
        self._check(tokens, 1, None)
        limit = max(0, self.context - len(tokens)) if count is None else size_of(count, "GPT.generate(count)")
        heat = not_negative(temperature, "GPT.generate(temperature)")
        source = shared(seed) or random
        made: list[int] = []
        with evaluation(self):
            while len(made) < limit:
                logits = [z.data for z in self([*tokens, *made][-self.context :])[-1]]
                token = _draw(logits, heat, source)
                if token == stop:
                    break
                made.append(token)
        return made

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{counted(self.vocabulary, 'token')}, context {self.context}"

    def _check(self, tokens: Any, least: int, most: int | None) -> None:
        if not isinstance(tokens, list) or len(tokens) < least:
            raise DomainError(
                f"{where(self)} takes a list of at least {counted(least, 'token')}, got {shortened(tokens)}"
            )
        if most is not None and len(tokens) > most:
            raise ShapeError(
                f"{where(self)} takes at most {counted(most, 'token')}, got {len(tokens)}: cut the text, or give "
                "it more context"
            )


def _draw(logits: list[float], temperature: float, source: Any) -> int:
    if temperature == 0.0:
        return max(range(len(logits)), key=logits.__getitem__)
    peak = max(logits)  # taken off first: a small temperature would bring the largest to infinity
    chances = softmax([(z - peak) / temperature for z in logits])
    found: list[int] = source.choices(range(len(logits)), chances)
    return found[0]
