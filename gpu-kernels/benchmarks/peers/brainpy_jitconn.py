#!/usr/bin/env python3
"""BrainPy's operators with just-in-time connectivity on one thread; one JSON object per operator and cell.

    brainpy_jitconn.py --sizes 10000,100000 --p 0.01 --fractions 0.01

  event_mv_prob_homo, _uniform, _normal     M s, s boolean          bm.jitconn.event_mv_prob_*
  mv_prob_homo, _uniform, _normal           M x, x normal           bm.jitconn.mv_prob_*
  event_mm_prob_*, mm_prob_*                n x batch right sides   brainevent.JITC{Scalar,Uniform,Normal}R @

M is n x n. Its two orientations (argument outdim_parallel, key variant) are two draws of the same law:
`gather` regenerates every connection and sums per output, `scatter` regenerates those of the inputs that are
not zero and adds them up. Where float products are named with _t, these two are timed
under that name. Weights: 1; uniform in [0, 0.1); normal (0, 0.1). Inputs as in brainpy_operators.py.

connections is counted, not expected: M with weight 1 times a vector of ones, summed; events likewise from the
timed inputs (a batch counts each column). That the three laws of weights share their connections, and that
vector, batch, vmapped, transposed and dense form are one matrix, is checked at the start. generated is what a
product regenerates: all connections, or for `scatter` those of columns of M whose input is not zero;
ns_per_synapse refers to it.
cells.py says how time and memory are taken.
"""

import argparse
import itertools
import json
import sys

import cells

cells.one_thread()

import brainevent  # noqa: E402
import brainpy.math as bm  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402

LAWS = {"homo": (1.0,), "uniform": (0.0, 0.1), "normal": (0.0, 0.1)}
CLASSES = {"homo": brainevent.JITCScalarR, "uniform": brainevent.JITCUniformR, "normal": brainevent.JITCNormalR}
OPERATORS = [f"{kind}_prob_{law}" for kind in ("event_mv", "mv", "event_mm", "mm") for law in LAWS]


def options():
    parser = argparse.ArgumentParser(description="BrainPy's operators with just-in-time connectivity")
    parser.add_argument("--sizes", type=cells.numbers(int), default=[10000, 20000, 50000, 100000, 300000, 1000000])
    parser.add_argument("--p", type=cells.numbers(float), default=[0.01])
    parser.add_argument("--fractions", type=cells.numbers(float), default=[0.01])
    parser.add_argument("--batches", type=cells.numbers(int), default=[16, 64])
    parser.add_argument("--operators", type=cells.numbers(str), default=OPERATORS)
    parser.add_argument("--variants", type=cells.numbers(str), default=["scatter", "gather"])
    parser.add_argument("--event-variants", type=cells.numbers(str), default=["scatter"],
                        help="gather regenerates every connection whatever spikes: slow, and slow to time")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="aimed at for all rounds of one line")
    parser.add_argument("--work", type=float, default=2e10, help="leave out cells with more events per product")
    parser.add_argument("--seed", type=int, default=2023)
    o = parser.parse_args()
    known = {*OPERATORS, *(f"{name}_t" for name in OPERATORS if not name.startswith("event"))}
    unknown = set(o.operators) - known | set(o.variants + o.event_variants) - {"scatter", "gather"}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return o


def product(o, n, p, name, variant):
    """The operator as a function of its right side, and whether that holds events."""
    name = name.removesuffix("_t")
    kind, law = name.split("_prob_")
    outdim, arguments = variant == "gather", LAWS[law]
    if kind.endswith("mv"):
        apply = getattr(bm.jitconn, name)
        return lambda x: apply(x, *arguments, p, o.seed, shape=(n, n), outdim_parallel=outdim)
    matrix = CLASSES[law]((*arguments, p, o.seed), shape=(n, n), corder=outdim)
    return lambda x: matrix @ (brainevent.BinaryArray(x) if kind.startswith("event") else x)


def count(o, n, p, variant, x):
    """Connections that x (0 or 1 per neuron and column) reaches: each result is below 2^24, so exact."""
    ones = product(o, n, p, "mv_prob_homo", variant)
    columns = x.reshape(n, -1).T.astype(np.float32)
    return int(sum(np.asarray(ones(column), np.float64).sum() for column in columns))


def inputs(name, number, n, batch, fraction, rng):
    """A stack of right sides: normal deviates, or columns with max(1, round(fraction n)) spikes each."""
    if not name.startswith("event"):
        return rng.standard_normal((number, n, batch) if batch > 1 else (number, n), np.float32)
    k = max(1, round(fraction * n))
    found = np.zeros((number, batch, n), bool)
    for row in found.reshape(-1, n):
        row[rng.choice(n, k, replace=False)] = True
    return np.ascontiguousarray(found.transpose(0, 2, 1)) if batch > 1 else found[:, 0]


def forms(o, law, variant, dense, x):
    """(name, result, expected) of every form of a product with the columns of x, given the dense matrix."""
    prefix = "event_" if x.dtype == bool else ""
    vector, batch = (product(o, len(x), 0.1, f"{prefix}{kind}_prob_{law}", variant) for kind in ("mv", "mm"))
    apply, outdim = getattr(bm.jitconn, f"{prefix}mv_prob_{law}"), variant == "gather"
    back = apply(x[:, 0], *LAWS[law], 0.1, o.seed, shape=dense.shape, transpose=True, outdim_parallel=outdim)
    yield f"{prefix}mv", vector(x[:, 0]), dense @ x[:, 0]
    yield f"{prefix}mv, transposed", back, dense.T @ x[:, 0]
    yield f"{prefix}mv, vmapped", jax.vmap(vector)(x.T).T, dense @ x
    yield f"{prefix}mm", batch(x), dense @ x


def check(o):
    """One matrix per orientation whatever the form, with the same connections under every law of weights."""
    n, rng = 300, np.random.default_rng(1)
    right_sides = rng.standard_normal((n, 5), np.float32), rng.random((n, 5)) < 0.2
    for variant in ("scatter", "gather"):
        dense = {}
        for law, arguments in LAWS.items():
            read = getattr(bm.jitconn, f"get_{law}_weight_matrix")
            dense[law] = np.asarray(read(*arguments, 0.1, o.seed, shape=(n, n), outdim_parallel=variant == "gather"))
            for name, y, expected in itertools.chain(*(forms(o, law, variant, dense[law], x) for x in right_sides)):
                if np.abs(np.asarray(y) - expected).max() > 1e-4:
                    raise SystemExit(f"{name}_prob_{law}, {variant}: not the product with the dense matrix")
        if not all(np.array_equal(dense["homo"] != 0, other != 0) for other in dense.values()):
            raise SystemExit(f"{variant}: the laws of weights do not share their connections")


def cell(o, base, n, p, name, batch, fraction, variant, connections, rng):
    """The lines of one operator, size, density, batch, spike fraction and orientation."""
    events = name.startswith("event")
    reached = connections * fraction * batch
    if reached > o.work:
        cells.say(f"left out: {name}, n {n}, p {p}, batch {batch}: {reached:.2g} events, --work {o.work:.2g}")
        return
    generated = connections * (1.0 if variant == "gather" or not events else fraction)
    stack = inputs(name, cells.stacks(reached + generated), n, batch, fraction, rng)
    delivered = sum(count(o, n, p, variant, x) for x in stack) / len(stack) if events else connections * batch
    if events and variant == "scatter":
        touched = (x.reshape(n, -1).any(axis=1) for x in stack)
        generated = sum(count(o, n, p, variant, x) for x in touched) / len(stack)
    function = product(o, n, p, name, variant)
    for way, run in cells.ways(lambda _, x: function(x), (), stack, int(max(reached, generated))):
        times = cells.measure(run, len(stack), o.rounds, o.seconds)
        yield {
            "operator": name, "variant": f"{variant} {way}", "n": n, "p": p, "fraction": fraction, "batch": batch,
            "connections": connections, "connections_expected": n * n * p, "generated": generated,
            "inputs": len(stack), "events": delivered, "ns_per_event": times["s_per_call"] / delivered * 1e9,
            "ns_per_synapse": times["s_per_call"] / generated * 1e9,
            **times, "peak_bytes": cells.resident("VmHWM") - base, "seed": o.seed,
        }  # fmt: skip


def plan(o):
    for name in o.operators:
        events = name.startswith("event")
        for batch in o.batches if "mm_prob" in name else [1]:
            for fraction in o.fractions if events else [1.0]:
                for variant in o.event_variants if events else o.variants:
                    yield name, batch, fraction, variant


def measure(o, n, p, name, connections):
    """Prints every line of one operator, size and density in a process of its own; returns what it counted."""
    rng = np.random.default_rng([o.seed, n, round(p * 1e9)])
    about = cells.versions() | {"name": "jit-connectivity"}
    cases = [case for case in plan(o) if case[0] == name]
    for _, batch, fraction, variant in cases:
        function = product(o, 64, 0.1, name, variant)
        small = inputs(name, 1, 64, batch, fraction, rng)
        for _, run in cells.ways(lambda _, x, apply=function: apply(x), (), small, 0):
            run()
    base = cells.base()
    for _, batch, fraction, variant in cases:
        if variant not in connections:
            connections[variant] = count(o, n, p, variant, np.ones(n, bool))
        for line in cell(o, base, n, p, name, batch, fraction, variant, connections[variant], rng):
            print(json.dumps(about | line | cells.machine.stamp()), flush=True)
    return connections


def main():
    o = options()
    check(o)
    for n in o.sizes:
        for p in o.p:
            connections = {}
            for name in o.operators:
                found = cells.apart(measure, o, n, p, name, connections)
                if found is None:
                    cells.say(f"left out: {name}, n {n}, p {p}: the process was killed, memory ran out?")
                connections = found or connections


if __name__ == "__main__":
    sys.exit(main())
