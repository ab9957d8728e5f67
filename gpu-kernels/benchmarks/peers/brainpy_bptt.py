#!/usr/bin/env python3
"""An iteration of back propagation through time in BrainPy; one JSON object.

    brainpy_bptt.py FILE --rounds 5 --iterations 10

FILE is what `spindle bench bptt --dump FILE` wrote. The equations are the benchmark's, written with brainpy.math:
for_loop over the steps, surrogate.arctan, grad, all under jit; the losses are those of spindle. One thread. An
iteration is forward, backward and a step of plain descent, after compilation.
"""

from importlib.metadata import version

import cells

cells.one_thread()

import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import jax  # noqa: E402

import bptt_rounds  # noqa: E402
from bptt_rounds import A  # noqa: E402


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
    o = bptt_rounds.options(__doc__.splitlines()[0], iterations=10).parse_args()
    x, labels, weights = bptt_rounds.read(o.file)
    (steps, batch, _), hidden = x.shape, len(weights[1])
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

    names = {"system": "brainpy", "version": version("brainpy"), "jax": jax.__version__}
    bptt_rounds.report(names, once, o, steps * batch * hidden)


if __name__ == "__main__":
    main()
