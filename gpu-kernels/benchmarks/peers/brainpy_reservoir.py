#!/usr/bin/env python3
"""BrainPy's published reservoir on Fashion-MNIST or MNIST; one JSON object per size, leak and seed.

    brainpy_reservoir.py --data FOLDER --sizes 500,1000,2000 --leaks 0.6,0.3 --seeds 1,2,3

A 28 x 28 image is 28 steps of 28 inputs, its rows from the top, grey values / 255. Per step
    s <- (1 - leak) s + leak tanh(W_in x + W_rec s),    s = 0 before the first row
    W_in uniform(-0.3, 0.3), p 0.1;   W_rec normal(0, 1.3 / sqrt(n p)), p 0.1
from BrainPy's layers JitFPUniformLinear and JitFPNormalLinear. The readout (Dense, no bias, n -> 10, BrainPy's
default start) learns by BrainPy's RLS with P = 0.1 I, once per image, from s after the last row, one epoch in
file order; accuracy_exact is that of the same regression solved in float64. The published command asks for
leak 0.6, but its reservoir is built without it and uses 0.3.

--evolve operator regenerates both matrices in every product, as published: one image at a time in training,
and for the test one at a time (accuracy) and five at a time (accuracy_batch_5). --evolve matrix reads the same
matrices out of BrainPy once and multiplies 500 images at a time: the same reservoir to rounding, much sooner.
same_matrix_error is the greatest difference of states between batch 1 and batch 5, or matrix and operator, over
20 test images: if it is not of rounding size, the two are different reservoirs.
"""

import argparse
import gzip
import json
import math
import pathlib
import sys
import time

import cells

cells.one_thread()

import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

P_IN, P_REC, W_IN, GAIN, ALPHA = 0.1, 0.1, 0.3, 1.3, 0.1
FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def options():
    parser = argparse.ArgumentParser(description="BrainPy's published reservoir")
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder of the four IDX files or .gz")
    parser.add_argument("--sizes", type=cells.numbers(int), default=[500, 1000, 2000])
    parser.add_argument("--leaks", type=cells.numbers(float), default=[0.6, 0.3])
    parser.add_argument("--seeds", type=cells.numbers(int), default=[1, 2, 3, 4, 5])
    parser.add_argument("--train", type=int, default=10000, help="images from the start of the training file")
    parser.add_argument("--test", type=int, default=2000, help="images from the start of the test file")
    parser.add_argument("--evolve", choices=("operator", "matrix"), default="matrix")
    o = parser.parse_args()
    if o.test % 5:
        parser.error("--test must be a multiple of 5")
    return o


def idx(folder, name):
    """The array of an IDX file of bytes."""
    path = folder / name
    raw = path.read_bytes() if path.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">i4", dimensions, 4)
    data = np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions)
    if raw[:3] != b"\0\0\x08" or data.size != math.prod(int(d) for d in shape):
        raise SystemExit(f"{path}: not an IDX file of bytes, or cut short")
    return data.reshape(shape)


def images(folder, part, count):
    """count images [0, 1], and their classes."""
    x, y = (idx(folder, name)[:count] for name in FILES[part])
    if len(x) < count:
        raise SystemExit(f"{folder}: {len(x)} images for {part}, {count} asked for")
    return jnp.asarray(x, jnp.float32) / 255, jnp.asarray(y, jnp.int32)


class Reservoir:
    def __init__(self, n, leak, seed):
        self.n, self.leak = n, leak
        seed_in, seed_rec = (int(s) for s in np.random.default_rng(seed).integers(0, 100000, 2))
        sigma = GAIN / math.sqrt(n * P_REC)
        self.layer_in = bp.dnn.JitFPUniformLinear(28, n, P_IN, -W_IN, W_IN, seed=seed_in)
        self.layer_rec = bp.dnn.JitFPNormalLinear(n, n, P_REC, 0.0, sigma, seed=seed_rec)

    def run(self, rows, product_in, product_rec):
        """The state after the last of rows (28 x inputs; inputs is 28, or batch x 28)."""

        def step(s, x):
            hidden = product_in(x) + product_rec(s)
            return (1 - self.leak) * s + self.leak * jnp.tanh(hidden), None

        return jax.lax.scan(step, jnp.zeros(rows.shape[1:-1] + (self.n,)), rows)[0]

    def by_operator(self, batch):
        """Function from images to states, regenerating the matrices; batch 1 is a vector, as in training."""
        if batch == 1:
            return jax.jit(lambda x: jax.lax.map(lambda rows: self.run(rows, self.layer_in, self.layer_rec), x))
        groups = jax.jit(lambda x: jax.lax.map(lambda rows: self.run(rows, self.layer_in, self.layer_rec), x))
        return lambda x: groups(x.reshape(-1, batch, 28, 28).transpose(0, 2, 1, 3)).reshape(-1, self.n)

    def by_matrix(self):
        """Function from images to states, all at once through the matrices the operators regenerate."""
        w_in, w_rec = (jnp.asarray(layer.get_conn_matrix()).T for layer in (self.layer_in, self.layer_rec))
        run = jax.jit(lambda x, a, b: self.run(x.transpose(1, 0, 2), lambda v: v @ a, lambda v: v @ b))
        return lambda x: run(x, w_in, w_rec)


def states(function, x, chunk=500):
    return jnp.concatenate([function(x[i : i + chunk]).block_until_ready() for i in range(0, len(x), chunk)])


def learn(h, classes, seed):
    """The readout after one pass of RLS over the states h, one image at a time, and what it started from."""
    bm.random.seed(seed)
    readout = bp.dnn.Dense(h.shape[1], 10, b_initializer=None, mode=bm.training_mode)
    rls = bp.algorithms.RLS(alpha=ALPHA)
    rls.register_target(h.shape[1])

    def step(state, target):
        row = bm.expand_dims(state, 0)
        readout.W += rls(target, row, readout(row))

    start = np.asarray(readout.W, np.float64)
    bm.for_loop(step, (h, jax.nn.one_hot(classes, 10)))
    return bm.as_jax(readout.W), start


def exact(h, classes, start):
    """What RLS from `start` would end at without rounding: ridge regression towards start, in float64."""
    h = np.asarray(h, np.float64)
    missed = np.eye(10)[np.asarray(classes)] - h @ start
    gram = h.T @ h + np.eye(h.shape[1]) / ALPHA
    return jnp.asarray(start + np.linalg.solve(gram, h.T @ missed), jnp.float32)


def accuracy(w, h, classes):
    return float((jnp.argmax(h @ w, axis=1) == classes).mean())


def timed(function, *arguments):
    start = time.perf_counter()
    result = jax.block_until_ready(function(*arguments))
    return result, time.perf_counter() - start


def trial(o, n, leak, seed):
    """Prints the line of one reservoir, in a process of its own."""
    base = cells.base()
    x, y = images(o.data, "train", o.train)
    x_test, y_test = images(o.data, "test", o.test)
    reservoir = Reservoir(n, leak, seed)
    operator = o.evolve == "operator"
    evolve = reservoir.by_operator(1) if operator else reservoir.by_matrix()
    h, state_s = timed(states, evolve, x)
    (w, start), fit_s = timed(learn, h, y, seed)
    h_test, test_s = timed(states, evolve, x_test)
    found = accuracy(w, h_test, y_test)
    line = {
        "name": "reservoir", "n": n, "leak": leak, "seed": seed, "evolve": o.evolve, "train": o.train, "test": o.test,
        "data": o.data.name, "p_in": P_IN, "p": P_REC, "accuracy": found, "train_accuracy": accuracy(w, h, y),
        "standard_error": math.sqrt(found * (1 - found) / o.test),
        "state_s": state_s, "fit_s": fit_s, "test_s": test_s, "run_s": state_s + fit_s + test_s,
    }  # fmt: skip
    line["accuracy_exact"] = accuracy(exact(h, y, start), h_test, y_test)
    if operator:
        five, line["test_batch_5_s"] = timed(states, reservoir.by_operator(5), x_test)
        line["accuracy_batch_5"] = accuracy(w, five, y_test)
    else:
        five = reservoir.by_operator(5)(x_test[:20])
    line["same_matrix_error"] = float(jnp.abs(five[:20] - h_test[:20]).max())
    line["peak_bytes"] = cells.resident("VmHWM") - base
    print(json.dumps(cells.versions() | line | cells.machine.stamp()), flush=True)
    return line


def main():
    o = options()
    for n in o.sizes:
        for leak in o.leaks:
            for seed in o.seeds:
                if cells.apart(trial, o, n, leak, seed) is None:
                    cells.say(f"left out: n {n}, leak {leak}, seed {seed}: the process was killed, memory ran out?")


if __name__ == "__main__":
    sys.exit(main())
