#!/usr/bin/env python3
"""BrainPy's stored (CSR and dense) operators on one thread; one JSON object per operator, cell and way of calling.

    brainpy_operators.py --sizes 2000,10000 --p 0.01,0.1 --fractions 0.001,0.01,0.1

W is n x n, drawn as exact Bernoulli(p), row i listing the targets of neuron i; one W per (n, p) serves every
operator. An input for a spike fraction f has exactly max(1, round(f n)) spikes at places drawn anew for each.

  event_csrmv            W' s, s boolean, one weight for all         bm.event.csrmv(transpose=True)
  event_csrmv_weights    W' s, s boolean, a weight per synapse
  event_csrmm            W' S, S boolean n x batch, one weight       bm.event.csrmm(transpose=True)
  csrmv, csrmv_t         W x, W' x, x normal, one weight for all     bm.sparse.csrmv
  csrmv_weights, csrmv_weights_t                  a weight per synapse
  csrmm, csrmm_t         W X, W' X, X normal n x batch, one weight   bm.sparse.csrmm

At p = 1 the matrix is dense, with a weight for every pair, and the operators are

  event_dense_mv, event_dense_mm    W' s, W' S                       brainevent.binary_densemv, binary_densemm
  dense_mv, dense_mv_t, dense_mm, dense_mm_t    W x, W' x, W X, W' X                     jax.numpy.matmul

events is the mean number of synapses an input uses (times columns for a batch), counted from W and the inputs;
for float inputs, fraction 1, it is every synapse. s_empty is the time of a product without any spike.
Each product is checked before it is timed. cells.py says how time and memory are taken.
"""

import argparse
import json
import statistics
import sys

import cells

cells.one_thread()

import brainevent  # noqa: E402
import brainpy.math as bm  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402

OPERATORS = {
    # name: (events?, transposed?, weight per synapse?, batch?); those without stored weights come first, so
    # that the weights of the others are not yet in memory when theirs is measured
    "event_csrmv": (True, True, False, False),
    "event_csrmm": (True, True, False, True),
    "csrmv": (False, False, False, False),
    "csrmv_t": (False, True, False, False),
    "csrmm": (False, False, False, True),
    "csrmm_t": (False, True, False, True),
    "event_csrmv_weights": (True, True, True, False),
    "csrmv_weights": (False, False, True, False),
    "csrmv_weights_t": (False, True, True, False),
    "event_dense_mv": (True, True, True, False),
    "event_dense_mm": (True, True, True, True),
    "dense_mv": (False, False, True, False),
    "dense_mv_t": (False, True, True, False),
    "dense_mm": (False, False, True, True),
    "dense_mm_t": (False, True, True, True),
}
SIZES = [2000, 4000, 6000, 8000, 10000, 20000, 30000, 40000, 50000, 60000]
CHECK_BELOW = 10_000_000  # synapses above which float results are not compared with SciPy
SHARE_ABOVE = 20_000_000  # synapses above which operators share one process and one matrix


def options():
    parser = argparse.ArgumentParser(description="BrainPy's CSR operators")
    parser.add_argument("--sizes", type=cells.numbers(int), default=SIZES)
    parser.add_argument("--p", type=cells.numbers(float), default=[0.01, 0.1, 1])
    parser.add_argument("--fractions", type=cells.numbers(float), default=[0.001, 0.01, 0.1])
    parser.add_argument("--batches", type=cells.numbers(int), default=[16, 64])
    parser.add_argument("--operators", type=cells.numbers(str), default=list(OPERATORS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="aimed at for all rounds of one line")
    parser.add_argument("--work", type=float, default=3e9, help="leave out cells with more events per product")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    unknown = set(o.operators) - set(OPERATORS)
    if unknown:
        parser.error(f"--operators: {', '.join(sorted(unknown))} not in {', '.join(OPERATORS)}")
    return o


def draw(n, p, rng):
    """indptr, indices of an n x n Bernoulli(p) matrix: geometric gaps along all n * n places, in blocks."""
    counts, columns, place = np.zeros(n, np.int64), [], -1
    while place < n * n:
        gaps = rng.geometric(p, size=min(1 << 22, int(n * n * p) + 64))
        places = place + np.cumsum(gaps)
        place = int(places[-1])
        places = places[: np.searchsorted(places, n * n)]
        counts += np.bincount(places // n, minlength=n)
        columns.append((places % n).astype(np.int32))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return indptr.astype(np.int32), np.concatenate(columns)


def spikes(count, n, batch, fraction, rng):
    """count inputs of n (or n x batch) booleans, each column with the same number of spikes."""
    k = max(1, round(fraction * n))
    found = np.zeros((count, batch, n), bool)
    for row in found.reshape(-1, n):
        row[rng.choice(n, k, replace=False)] = True
    return np.ascontiguousarray(found.transpose(0, 2, 1)) if batch > 1 else found[:, 0]


class Matrix:
    """A drawn matrix on the device and, in the same memory, as NumPy sees it; weights are drawn when first used."""

    def __init__(self, n, p, rng):
        self.n, self.p, self.rng, self.weights = n, p, rng, None
        self.device_indptr, self.device_indices = (jnp.array(x) for x in draw(n, p, rng))
        self.indptr, self.indices = np.asarray(self.device_indptr), np.asarray(self.device_indices)
        self.synapses = len(self.indices)

    def arrays(self, weighted):
        """(weight, indices), what the operator takes as arguments; indptr has to be known when it is traced."""
        if weighted and self.weights is None:
            self.weights = jnp.array(self.rng.random(self.synapses, np.float32))
        return (self.weights if weighted else jnp.ones(1, jnp.float32)), self.device_indices

    def product(self, name):
        events, transposed, _, batched = OPERATORS[name]
        apply = getattr(bm.event if events else bm.sparse, "csrmm" if batched else "csrmv")
        shape, indptr = (self.n, self.n), self.device_indptr
        return lambda w, x: apply(w[0], w[1], indptr, x, shape=shape, transpose=transposed)

    def inputs(self, name, count, batch, fraction):
        if OPERATORS[name][0]:
            return spikes(count, self.n, batch, fraction, self.rng)
        return self.rng.standard_normal((count, self.n, batch) if batch > 1 else (count, self.n), np.float32)

    def events(self, name, x):
        """Synapses a product with x uses, over all columns of x."""
        batch = x.shape[1] if x.ndim == 2 else 1
        return int((x.T @ np.diff(self.indptr)).sum()) if OPERATORS[name][0] else self.synapses * batch

    def fault(self, name, x):
        """What is wrong with the product of x; None if it is right or too large to check."""
        events, transposed, weighted, _ = OPERATORS[name]
        y = np.asarray(self.product(name)(self.arrays(weighted), x), np.float64)
        if events and not weighted:
            expected = self.events(name, x)
            return None if y.sum() == expected else f"results sum to {y.sum()}, {expected} events"
        if self.synapses > CHECK_BELOW:
            return None
        data = np.asarray(self.weights) if weighted else np.ones(self.synapses)
        w = csr_matrix((data.astype(np.float64), self.indices, self.indptr), shape=(self.n, self.n))
        error = np.abs(y - (w.T if transposed else w) @ x.astype(np.float64)).max()
        # float32 sums of up to n p terms of order 1
        return None if error <= 1e-4 * (1 + np.sqrt(self.n * self.p)) else f"differs from SciPy by {error:.3g}"


class Dense(Matrix):
    """A matrix with a weight for every pair; row i holds those of presynaptic neuron i."""

    def __init__(self, n, p, rng):
        self.n, self.p, self.rng, self.synapses = n, p, rng, n * n
        self.indptr = np.arange(n + 1, dtype=np.int64) * n
        self.device = jnp.array(rng.random((n, n), np.float32))

    def arrays(self, weighted):
        return self.device

    def product(self, name):
        events, transposed, _, batched = OPERATORS[name]
        if events:
            apply = brainevent.binary_densemm if batched else brainevent.binary_densemv
            return lambda w, x: apply(w, x, transpose=transposed)
        return lambda w, x: (w.T if transposed else w) @ x

    def fault(self, name, x):
        w = np.asarray(self.device)
        y = np.asarray(self.product(name)(self.device, x), np.float64)
        few = np.linspace(0, self.n - 1, min(self.n, 100)).astype(int)  # rows of the result to compare
        error = np.abs(y[few] - (w.T if OPERATORS[name][1] else w)[few].astype(np.float64) @ x.astype(np.float64)).max()
        return None if error <= 1e-4 * (1 + np.sqrt(self.n)) else f"differs from NumPy by {error:.3g}"


def cell(o, base, matrix, name, batch, fraction):
    """The lines of one operator for one matrix, batch and spike fraction."""
    events, _, weighted, _ = OPERATORS[name]
    work = int(matrix.synapses * batch * fraction)
    if work > o.work:
        what = f"{name}, n {matrix.n}, p {matrix.p}, batch {batch}"
        cells.say(f"left out: {what}: {work:.2g} events, --work {o.work:.2g}")
        return
    inputs = matrix.inputs(name, cells.stacks(work), batch, fraction)
    fault = matrix.fault(name, inputs[0])
    if fault:
        raise SystemExit(f"{name}, n {matrix.n}, p {matrix.p}, batch {batch}: {fault}")
    delivered = statistics.fmean(matrix.events(name, x) for x in inputs)
    function, arrays = matrix.product(name), matrix.arrays(weighted)
    empty = {}
    for way, run in cells.ways(function, arrays, np.zeros_like(inputs), work) if events else ():
        times = cells.measure(run, len(inputs), 3, o.seconds / 10, wait=lambda: None)
        empty[way] = times["s_per_call_min"]
    for way, run in cells.ways(function, arrays, inputs, work):
        times = cells.measure(run, len(inputs), o.rounds, o.seconds)
        yield {
            "operator": name, "variant": way, "n": matrix.n, "p": matrix.p, "fraction": fraction, "batch": batch,
            "synapses": matrix.synapses, "spikes": int(inputs[0].sum()) if events else None, "inputs": len(inputs),
            "events": delivered, "ns_per_event": times["s_per_call"] / delivered * 1e9 if delivered else None,
            **times, "s_empty": empty.get(way), "peak_bytes": cells.resident("VmHWM") - base, "seed": o.seed,
        }  # fmt: skip


def named(o, p):
    """The operators asked for that a matrix of density p has."""
    return [name for name in o.operators if ("dense" in name) == (p == 1)]


def plan(o):
    """(operator, batch, fraction) of every cell, event operators first."""
    for name in o.operators:
        events, _, _, batched = OPERATORS[name]
        for batch in o.batches if batched else [1]:
            for fraction in o.fractions if events else [1.0]:
                yield name, batch, fraction


def measure(o, n, p):
    """Prints every line of one matrix in a process of its own; returns its synapses."""
    rng = np.random.default_rng([o.seed, n, round(p * 1e9)])
    about = cells.versions() | {"name": "operators"}
    kind = Dense if p == 1 else Matrix
    small = kind(64, 0.1, rng)
    for name, batch, fraction in plan(o):
        inputs = small.inputs(name, 1, batch, fraction)
        for _, run in cells.ways(small.product(name), small.arrays(OPERATORS[name][2]), inputs, 0):
            run()
    base = cells.base()
    matrix = kind(n, p, rng)
    for name, batch, fraction in plan(o):
        for line in cell(o, base, matrix, name, batch, fraction):
            print(json.dumps(about | line | cells.machine.stamp()), flush=True)
    return matrix.synapses


def main():
    o = options()
    asked = o.operators
    for n, p in ((n, p) for n in o.sizes for p in o.p):
        synapses, free = n * n * p, cells.available()
        # 20 bytes per synapse while it is drawn, or while its weights are
        if synapses >= 2**31 or 20 * synapses > free:
            cells.say(f"left out: n {n}, p {p}: takes {20 * synapses / 1e9:.1f} GB, {free / 1e9:.1f} GB are free")
            continue
        # Small matrices are drawn again for every operator, so that memory is that of one.
        o.operators = asked
        everything = named(o, p)
        for names in [everything] if synapses > SHARE_ABOVE else [[name] for name in everything]:
            o.operators = names
            if cells.apart(measure, o, n, p) is None:
                cells.say(f"left out: {', '.join(names)}, n {n}, p {p}: the process was killed, memory ran out?")


if __name__ == "__main__":
    sys.exit(main())
