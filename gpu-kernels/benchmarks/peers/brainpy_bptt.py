#!/usr/bin/env python3
"""An iteration of back propagation through time in BrainPy; one JSON object.

    brainpy_bptt.py FILE --rounds 5 --iterations 10

FILE is what `spindle bench bptt --dump FILE` wrote. The equations are the benchmark's, written with brainpy.math:
for_loop over the steps, surrogate.arctan, grad, all under jit; the losses are those of spindle. One thread. An
iteration is forward, backward and a step of plain descent, after compilation.
"""

import argparse
import json
import math
import statistics
import time
from importlib.metadata import version

import cells

cells.one_thread()

import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402

A = -math.expm1(-0.1)


def read(path):
    raw = np.fromfile(path, dtype="<i4")
    inputs, hidden, outputs, steps, batch = (int(n) for n in raw[:5])
    at = 5 + batch * inputs
    when = raw[5:at].reshape(batch, inputs)
    labels = raw[at : at + batch]
    weights, at = [], at + batch
    for pre, post in ((inputs, hidden), (hidden, hidden), (hidden, outputs)):
        weights.append(raw[at : at + pre * post].view("<f4").reshape(pre, post).copy())
        at += pre * post
    x = np.zeros((steps, batch, inputs), np.float32)
    for k in range(steps - 1):
        x[k + 1] = when == k  # felt one step after the spike
    return x, labels, weights, (inputs, hidden, outputs, steps, batch)


class Net(bp.DynamicalSystem):
    def __init__(self, weights, batch):
        super().__init__()
        self.into, self.recurrent, self.out = (bm.TrainVar(bm.asarray(w)) for w in weights)
        hidden, outputs = weights[2].shape
        self.v, self.s = bm.Variable(bm.zeros((batch, hidden))), bm.Variable(bm.zeros((batch, hidden)))
        self.y = bm.Variable(bm.zeros((batch, outputs)))

    def clear(self):
        for state in (self.v, self.s, self.y):
            state.value = bm.zeros_like(state.value)

    def update(self, x):
        current = x @ self.into + self.s @ self.recurrent
        self.y.value = self.y + A * (self.s @ self.out - self.y)
        moved = self.v + A * (current - self.v)
        # arctan(alpha) is alpha / 2 / (1 + (pi / 2 alpha x)^2): a width of 0.5 is alpha = 2.
        self.s.value = bm.surrogate.arctan(moved - 1.0, alpha=2.0)
        self.v.value = (1 - self.s) * moved
        return self.y.value, self.s.value.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--warm", type=float, default=1.0, help="seconds before the first round")
    parser.add_argument("--rate", type=float, default=0.01)
    o = parser.parse_args()
    x, labels, weights, (_, hidden, _, steps, batch) = read(o.file)
    net, x, labels = Net(weights, batch), bm.asarray(x), bm.asarray(labels)

    def loss():
        net.clear()
        ys, counts = bm.for_loop(net.update, x)
        return bp.losses.cross_entropy_loss(bm.mean(ys, axis=0), labels), counts.sum()

    gradient = bm.grad(loss, grad_vars=net.train_vars().unique(), return_value=True, has_aux=True)

    @bm.jit
    def iterate():
        grads, value, count = gradient()
        for key, var in net.train_vars().unique().items():
            var.value = var - o.rate * grads[key]
        return value, count

    def once():
        value, count = iterate()
        return float(value), float(count)

    losses = [once()[0]]
    until = time.perf_counter() + o.warm
    while time.perf_counter() < until or len(losses) < 2:
        losses.append(once()[0])
    ms, count = [], 0.0
    for _ in range(o.rounds):
        begin = time.perf_counter()
        for _ in range(o.iterations):
            value, count = once()
            losses.append(value)
        ms.append((time.perf_counter() - begin) * 1e3 / o.iterations)
    print(json.dumps({
        "name": "bptt", "system": "brainpy", "version": version("brainpy"), "jax": jax.__version__,
        "density_last": count / (hidden * steps * batch), "iteration_ms": statistics.median(ms),
        "iteration_ms_min": min(ms), "iteration_ms_max": max(ms), "losses": losses[:5]}), flush=True)


if __name__ == "__main__":
    main()
