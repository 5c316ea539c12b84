"""The worked examples of notebook 04: the engine, an independent NumPy computation and the numbers as they should be.

Five texts on backpropagation, called documents 000 to 004 there, print numbers and formulas, some of them wrong.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value, log, sigmoid
from tests.support.nodes import datas, grads, values


def sigma(z):
    return 1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float)))


def affine(x, w, b):
    """x W + b, where W has a row for each input."""
    return [sum(x[i] * w[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]


def agree(engine, numpy, rtol=1e-13):
    np.testing.assert_allclose(engine, numpy, rtol=rtol, atol=1e-300)


def printed(found, expected, digits):
    """The numbers, rounded, are those that a correct document would print."""
    np.testing.assert_array_equal(np.round(found, digits), np.array(expected))


class TestDocument000:
    """A network 2-2-1 of sigmoids, z1 = x W1 + b1 and z2 = a1 W2' + b2, loss (y - 0.5)**2 / 2."""

    x = (1.0, 2.0)

    @pytest.fixture
    def net(self):
        w1, b1 = values([[0.5, 0.6], [0.7, 0.8]]), values([0.1, 0.2])
        w2, b2 = values([0.9, 0.1]), Value(0.3)
        z1 = affine(self.x, w1, b1)
        a1 = [sigmoid(z) for z in z1]
        z2 = a1[0] * w2[0] + a1[1] * w2[1] + b2
        y = sigmoid(z2)
        loss = (y - 0.5) ** 2 / 2
        loss.backward()
        return locals()

    def test_forward(self, net):
        printed(datas(net["z1"]), [2.0, 2.4], 12)
        printed(datas(net["a1"]), [0.88080, 0.91683], 5)
        printed(datas([net["z2"], net["y"], net["loss"]]), [1.18440, 0.76574, 0.03531], 5)

    def test_deltas(self, net):
        printed(net["y"].grad, 0.26574, 5)
        printed(net["y"].local_derivatives, [0.17938], 5)
        printed(net["z2"].grad, 0.04767, 5)
        printed(grads(net["a1"]), [0.04290, 0.00477], 5)
        printed([a.local_derivatives[0] for a in net["a1"]], [0.10499, 0.07625], 5)
        printed(grads(net["z1"]), [0.00450, 0.00036], 5)

    def test_gradients(self, net):
        printed(grads(net["w2"]), [0.04199, 0.04370], 5)
        printed(net["b2"].grad, 0.04767, 5)
        printed(grads(net["w1"]), [[0.00450, 0.00036], [0.00901, 0.00073]], 5)
        printed(grads(net["b1"]), [0.00450, 0.00036], 5)

    def test_update(self, net):
        def step(p):
            return datas(p) - 0.1 * grads(p)

        printed(step(net["w2"]), [0.89580, 0.09563], 5)
        printed(step([net["b2"]]), [0.29523], 5)
        printed(step(net["w1"]), [[0.49955, 0.59996], [0.69910, 0.79993]], 5)
        printed(step(net["b1"]), [0.09955, 0.19996], 5)

    def test_against_numpy(self, net):
        x, w1, w2 = np.array([self.x]), np.array([[0.5, 0.6], [0.7, 0.8]]), np.array([[0.9, 0.1]])
        z1 = x @ w1 + [0.1, 0.2]
        a1 = sigma(z1)
        y = sigma(a1 @ w2.T + 0.3)
        delta2 = (y - 0.5) * y * (1 - y)
        delta1 = (delta2 @ w2) * a1 * (1 - a1)
        agree(net["loss"].data, ((y - 0.5) ** 2 / 2).item())
        agree(grads([net["z2"]]), delta2[0])
        agree(grads(net["w2"]), (delta2.T @ a1)[0])
        agree(grads(net["z1"]), delta1[0])
        agree(grads(net["w1"]), x.T @ delta1)
        assert not np.allclose(grads(net["w1"]), delta1.T @ x)  # the transposed form, which the document has


class TestDocument001:
    """A network 3-4-2 whose first layer is not given, and a listing for a network 3-2-2."""

    w = ((0.1, 0.4), (0.3, 0.2), (0.5, 0.1), (0.2, 0.6))
    b = (0.3, 0.2)
    hidden = (0.30, 0.40, 0.45, 0.25)  # gives the z that the document prints
    target = (0.9, 0.1)

    def test_the_example_from_the_hidden_layer_on(self):
        w, b = values([list(row) for row in self.w]), values(list(self.b))
        z_hidden = values([math.log(p / (1 - p)) for p in self.hidden])
        h = [sigmoid(z) for z in z_hidden]
        z = affine(h, w, b)
        a = [sigmoid(v) for v in z]
        loss = nn.half_squared_error_loss(a, list(self.target))
        loss.backward()
        printed(datas(z), [0.725, 0.595], 12)
        printed(datas(a), [0.6737, 0.6445], 4)
        printed(loss.data, 0.1739, 4)
        printed(grads(a), [-0.2263, 0.5445], 4)
        printed(grads(z), [-0.0497, 0.1248], 4)
        printed(grads(z_hidden), [0.0094, 0.0024, -0.0031, 0.0122], 4)
        matrix, p = np.array(self.w), np.array(self.hidden)
        y = sigma(matrix.T @ p + self.b)
        delta = (y - self.target) * y * (1 - y)
        agree(grads(z), delta)
        agree(grads(z_hidden), (matrix @ delta) * p * (1 - p), rtol=1e-12)
        agree(grads(w), np.outer(p, delta), rtol=1e-12)

    def test_no_hidden_layer_gives_the_printed_delta(self):
        passed = np.array(self.w) @ [0.106, -0.127]
        said = np.array([0.033, 0.021, 0.053, -0.076])
        low, high = np.minimum(passed / 4, 0.0), np.maximum(passed / 4, 0.0)
        assert np.all((said < low - 0.0005) | (said > high + 0.0005))

    def test_no_hidden_layer_gives_the_printed_weight_gradient(self):
        said = np.array([[0.017, 0.106], [0.007, -0.042], [0.027, -0.038], [-0.038, 0.076]])
        delta, half = np.array([0.106, -0.127]), 0.0005
        corners = [(said + s * half) / (delta + t * half) for s in (-1, 1) for t in (-1, 1)]
        low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        assert np.all(np.max(low, axis=1) > np.min(high, axis=1))  # the two columns never agree on h

    @pytest.fixture
    def listing(self):
        w1, b1 = values([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]), values([0.1, 0.2])
        w2, b2 = values([[0.2, 0.4], [0.3, 0.1]]), Value(0.0)
        x = [0.2, 0.1, 0.3]
        a1 = [sigmoid(sum(w * v for w, v in zip(row, x, strict=True)) + b) for row, b in zip(w1, b1, strict=True)]
        y = [sigmoid(a1[0] * row[0] + a1[1] * row[1] + b2) for row in w2]
        loss = nn.mse_loss(y, [0.7, 0.3])
        loss.backward()
        return locals()

    def test_the_listing_put_right(self, listing):
        printed(datas(listing["y"]), [0.589063, 0.558144], 6)
        printed(listing["loss"].data, 0.039473, 6)
        printed(grads(listing["w1"]), [[0.000671, 0.000336, 0.001007], [-0.000208, -0.000104, -0.000311]], 6)
        printed(grads(listing["b1"]), [0.003356, -0.001038], 6)
        printed(grads(listing["w2"]), [[-0.015426, -0.016462], [0.036571, 0.039027]], 6)
        printed(listing["b2"].grad, 0.036809, 6)

    def test_the_listing_against_numpy(self, listing):
        x, w1, w2 = np.array([0.2, 0.1, 0.3]), datas(listing["w1"]), datas(listing["w2"])
        a1 = sigma(w1 @ x + [0.1, 0.2])
        y = sigma(w2 @ a1)
        delta2 = (y - [0.7, 0.3]) * y * (1 - y)  # the mean over two outputs: the 2 of the square cancels
        delta1 = (w2.T @ delta2) * a1 * (1 - a1)
        agree(grads(listing["w2"]), np.outer(delta2, a1))
        agree(listing["b2"].grad, delta2.sum(), rtol=1e-12)
        agree(grads(listing["w1"]), np.outer(delta1, x), rtol=1e-12)
        agree(grads(listing["b1"]), delta1, rtol=1e-12)

    def test_the_listing_as_printed_has_shapes_that_do_not_fit(self):
        a1, w2 = np.ones((1, 2)), np.ones((3, 2))
        with pytest.raises(ValueError, match=r"\(1,3\) \(1,2\)"):
            a1 @ w2.T - np.array([[0.7, 0.3]])


class TestDocument002:
    """A network 2-2-2 of sigmoids with cross-entropy; formulas only, tried on random numbers."""

    @pytest.mark.parametrize("seed", range(5))
    def test_every_formula(self, seed):
        draw = np.random.default_rng(seed)
        w, b = values(draw.uniform(-1, 1, 8).tolist()), values(draw.uniform(-1, 1, 4).tolist())
        x1, x2 = draw.uniform(-2, 2, 2).tolist()
        y1, y2 = draw.integers(0, 2, 2).tolist()
        z1, z2 = w[0] * x1 + w[1] * x2 + b[0], w[2] * x1 + w[3] * x2 + b[1]
        a1, a2 = sigmoid(z1), sigmoid(z2)
        z3, z4 = w[4] * a1 + w[5] * a2 + b[2], w[6] * a1 + w[7] * a2 + b[3]
        p1, p2 = sigmoid(z3), sigmoid(z4)
        loss = -(y1 * log(p1) + (1 - y1) * log(1 - p1) + y2 * log(p2) + (1 - y2) * log(1 - p2))
        loss.backward()

        weight = datas(w)
        s1, s2 = sigma(weight[:2] @ [x1, x2] + b[0].data), sigma(weight[2:4] @ [x1, x2] + b[1].data)
        q1, q2 = sigma(weight[4:6] @ [s1, s2] + b[2].data), sigma(weight[6:8] @ [s1, s2] + b[3].data)
        d3, d4 = q1 - y1, q2 - y2
        d1 = s1 * (1 - s1) * (weight[4] * d3 + weight[6] * d4)
        d2 = s2 * (1 - s2) * (weight[5] * d3 + weight[7] * d4)
        agree(p1.grad, -y1 / q1 + (1 - y1) / (1 - q1), rtol=1e-12)
        agree(grads(w), [d1 * x1, d1 * x2, d2 * x1, d2 * x2, d3 * s1, d3 * s2, d4 * s1, d4 * s2], rtol=1e-11)
        agree(grads(b), [d1, d2, d3, d4], rtol=1e-11)


class TestDocument004:
    """I inputs, J hidden neurons, K outputs, sigmoids, half the sum of squares; formulas only."""

    @pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 4, 2), (2, 7, 5)])
    def test_every_formula(self, sizes):
        draw = np.random.default_rng(sum(sizes))
        v, w = draw.uniform(-1, 1, sizes[:2]), draw.uniform(-1, 1, sizes[1:])
        x, t = draw.uniform(-1, 1, sizes[0]), draw.uniform(0, 1, sizes[2])
        b_j, b_k = draw.uniform(-1, 1, sizes[1]), draw.uniform(-1, 1, sizes[2])
        w_ij, w_jk, bias_j, bias_k = values(v.tolist()), values(w.tolist()), values(b_j.tolist()), values(b_k.tolist())
        h = [sigmoid(z) for z in affine(x.tolist(), w_ij, bias_j)]
        o = [sigmoid(z) for z in affine(h, w_jk, bias_k)]
        loss = nn.half_squared_error_loss(o, t.tolist())
        loss.backward()

        hidden = sigma(x @ v + b_j)
        out = sigma(hidden @ w + b_k)
        delta_k = -(t - out) * out * (1 - out)
        delta_j = (w @ delta_k) * hidden * (1 - hidden)
        agree(loss.data, 0.5 * ((t - out) ** 2).sum(), rtol=1e-12)
        agree(grads(w_jk), np.outer(hidden, delta_k), rtol=1e-11)
        agree(grads(bias_k), delta_k, rtol=1e-11)
        agree(grads(h), w @ delta_k, rtol=1e-11)
        agree(grads(w_ij), np.outer(x, delta_j), rtol=1e-11)
        agree(grads(bias_j), delta_j, rtol=1e-11)
