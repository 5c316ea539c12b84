"""Workloads that run on any micrograd-style scalar class.

Each workload is written once, against the arithmetic that every peer shares
(+ - * / ** and .exp() .log() .relu()), and takes the scalar class as an argument,
so that the same Python code is timed on micrograd, on the project and on the peers.
"""

from __future__ import annotations

import math
import random
import string


class FloatNode:
    """A pure-Python scalar node with slots: the reference implementation of the workloads."""

    __slots__ = ("data", "grad", "inputs", "partials")

    def __init__(self, data, inputs=(), partials=()):
        self.data, self.grad, self.inputs, self.partials = data, 0.0, inputs, partials

    @staticmethod
    def lift(x):
        return x if isinstance(x, FloatNode) else FloatNode(x)

    def __add__(self, o):
        o = self.lift(o)
        return FloatNode(self.data + o.data, (self, o), (1.0, 1.0))

    def __mul__(self, o):
        o = self.lift(o)
        return FloatNode(self.data * o.data, (self, o), (o.data, self.data))

    def __pow__(self, k):
        return FloatNode(self.data**k, (self,), (k * self.data ** (k - 1),))

    def exp(self):
        e = math.exp(self.data)
        return FloatNode(e, (self,), (e,))

    def log(self):
        return FloatNode(math.log(self.data), (self,), (1.0 / self.data,))

    def tanh(self):
        t = math.tanh(self.data)
        return FloatNode(t, (self,), (1.0 - t * t,))

    def relu(self):
        on = self.data > 0
        return FloatNode(self.data if on else 0.0, (self,), (1.0 if on else 0.0,))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, o):
        return self + (-o if isinstance(o, FloatNode) else FloatNode(-o))

    def __rsub__(self, o):
        return FloatNode(o) + (-self)

    def __truediv__(self, o):
        return self * (o**-1 if isinstance(o, FloatNode) else 1.0 / o)

    def __rtruediv__(self, o):
        return FloatNode(o) * self**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen, stack = [], set(), [(self, iter(self.inputs))]
        seen.add(id(self))
        while stack:
            node, inputs = stack[-1]
            for parent in inputs:
                if id(parent) not in seen:
                    seen.add(id(parent))
                    stack.append((parent, iter(parent.inputs)))
                    break
            else:
                order.append(node)
                stack.pop()
        self.grad = 1.0
        for node in reversed(order):
            for parent, partial in zip(node.inputs, node.partials):
                parent.grad += partial * node.grad


def moons(n=100, seed=1337):
    """Two interleaved half circles with noise: n points, labels -1 and 1."""
    rng = random.Random(seed)
    xs, ys = [], []
    for i in range(n):
        t = math.pi * rng.random()
        upper = i % 2 == 0
        x = math.cos(t) if upper else 1 - math.cos(t)
        y = math.sin(t) if upper else 0.5 - math.sin(t)
        xs.append([x + rng.gauss(0, 0.1), y + rng.gauss(0, 0.1)])
        ys.append(1.0 if upper else -1.0)
    return xs, ys


class MoonsStep:
    """One full-batch step of micrograd's demo: MLP 2-16-16-1, hinge loss, L2 penalty, SGD."""

    def __init__(self, scalar, n=100):
        rng = random.Random(1)
        self.scalar = scalar
        self.xs, self.ys = moons(n)
        sizes = [2, 16, 16, 1]
        self.layers = [
            [([scalar(rng.uniform(-1, 1)) for _ in range(a)], scalar(0.0)) for _ in range(b)]
            for a, b in zip(sizes, sizes[1:])
        ]
        self.params = [p for layer in self.layers for ws, b in layer for p in [*ws, b]]

    def score(self, x):
        last = len(self.layers) - 1
        for depth, layer in enumerate(self.layers):
            x = [sum((w * xi for w, xi in zip(ws, x)), b) for ws, b in layer]
            if depth != last:
                x = [h.relu() for h in x]
        return x[0]

    def __call__(self, lr=0.05):
        margins = [(1 + -y * self.score([self.scalar(v) for v in x])).relu() for x, y in zip(self.xs, self.ys)]
        loss = sum(margins, self.scalar(0.0)) * (1.0 / len(margins))
        loss = loss + 1e-4 * sum((p * p for p in self.params), self.scalar(0.0))
        for p in self.params:
            p.grad = 0.0
        loss.backward()
        for p in self.params:
            p.data -= lr * p.grad
        return loss.data


class GptStep:
    """One document of a character-level GPT built from scalars: 1 layer, width 16, 4 heads, block 16."""

    def __init__(self, scalar, docs=None, width=16, heads=4, block=16, seed=42):
        rng = random.Random(seed)
        self.scalar, self.width, self.heads, self.block = scalar, width, heads, block
        self.docs = docs or ["emma", "olivia", "ava", "isabella", "sophia", "charlotte", "mia", "amelia"]
        self.stop = 26

        def matrix(rows, cols):
            return [[scalar(rng.gauss(0, 0.08)) for _ in range(cols)] for _ in range(rows)]

        vocab = 27
        self.w = {
            "token": matrix(vocab, width),
            "position": matrix(block, width),
            "head": matrix(vocab, width),
            "q": matrix(width, width),
            "k": matrix(width, width),
            "v": matrix(width, width),
            "o": matrix(width, width),
            "up": matrix(4 * width, width),
            "down": matrix(width, 4 * width),
        }
        self.params = [p for m in self.w.values() for row in m for p in row]
        self.m, self.v, self.step = [0.0] * len(self.params), [0.0] * len(self.params), 0

    @staticmethod
    def linear(x, rows):
        return [sum(w * xi for w, xi in zip(row, x)) for row in rows]

    @staticmethod
    def softmax(logits):
        peak = max(z.data for z in logits)
        exps = [(z - peak).exp() for z in logits]
        total = sum(exps)
        return [e / total for e in exps]

    @staticmethod
    def rmsnorm(x):
        scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
        return [xi * scale for xi in x]

    def logits(self, token, position, keys, values):
        w, hd = self.w, self.width // self.heads
        x = self.rmsnorm([t + p for t, p in zip(w["token"][token], w["position"][position])])
        skip, x = x, self.rmsnorm(x)
        q = self.linear(x, w["q"])
        keys.append(self.linear(x, w["k"]))
        values.append(self.linear(x, w["v"]))
        mixed = []
        for h in range(self.heads):
            part = slice(h * hd, (h + 1) * hd)
            scores = [sum(a * b for a, b in zip(q[part], k[part])) / hd**0.5 for k in keys]
            weights = self.softmax(scores)
            mixed += [sum(a * v[part][j] for a, v in zip(weights, values)) for j in range(hd)]
        x = [a + b for a, b in zip(self.linear(mixed, w["o"]), skip)]
        skip, x = x, self.rmsnorm(x)
        x = self.linear([h.relu() for h in self.linear(x, w["up"])], w["down"])
        return self.linear([a + b for a, b in zip(x, skip)], w["head"])

    def __call__(self, lr=0.01, beta1=0.85, beta2=0.99):
        doc = self.docs[self.step % len(self.docs)]
        tokens = [self.stop, *(string.ascii_lowercase.index(c) for c in doc), self.stop]
        n = min(self.block, len(tokens) - 1)
        keys, values, losses = [], [], []
        for i in range(n):
            probs = self.softmax(self.logits(tokens[i], i, keys, values))
            losses.append(-probs[tokens[i + 1]].log())
        loss = (1 / n) * sum(losses)
        loss.backward()
        self.step += 1
        for i, p in enumerate(self.params):
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            step = self.m[i] / (1 - beta1**self.step) / ((self.v[i] / (1 - beta2**self.step)) ** 0.5 + 1e-8)
            p.data -= lr * step
            p.grad = 0.0
        return loss.data


class Mixed:
    """A function of 8 inputs made of n mixed operations: add, multiply, subtract, and a quarter tanh.

    Each operation reads the newest value, and (but for tanh) one drawn from all values so far, so that the graph is
    deep and irregular. `tanh` is whatever takes the tanh of the scalars at hand.
    """

    def __init__(self, n=20_000, seed=0):
        rng = random.Random(seed)
        self.kinds = [rng.randrange(4) for _ in range(n)]
        self.picks = [rng.random() for _ in range(n)]
        self.x0 = [0.1 * i - 0.3 for i in range(8)]

    def __call__(self, xs, tanh):
        values = list(xs)
        for kind, pick in zip(self.kinds, self.picks):
            old, new = values[int(pick * len(values))], values[-1]
            if kind == 0:
                values.append(old + new)
            elif kind == 1:
                values.append(old * new)
            elif kind == 2:
                values.append(old - new)
            else:
                values.append(tanh(new))
        return values[-1] + values[-2]
