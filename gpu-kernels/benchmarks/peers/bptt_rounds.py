"""What the training benchmarks of all peers share: the file that `spindle bench bptt --dump` wrote, and the rounds."""

import argparse
import json
import math
import statistics
import time

import numpy as np

A = -math.expm1(-0.1)  # of a potential per step of 1 ms: tau is 10 ms


def options(description, iterations):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=iterations)
    parser.add_argument("--warm", type=float, default=1.0, help="seconds before the first round")
    parser.add_argument("--rate", type=float, default=0.01)
    return parser


def read(path):
    """Stimuli [step][member][input] as they are felt, class of each member, weights [pre][post]."""
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
    return x, labels, weights


def report(names, once, o, neurons):
    """Times once(), which returns loss and number of spikes; neurons are those of all steps and members."""
    losses = [once()[0]]
    until = time.perf_counter() + o.warm
    while time.perf_counter() < until or len(losses) < 2:
        losses.append(once()[0])
    ms, count = [], 0.0
    for _ in range(o.rounds):
        begin = time.perf_counter()
        for _ in range(o.iterations):
            loss, count = once()
            losses.append(loss)
        ms.append((time.perf_counter() - begin) * 1e3 / o.iterations)
    print(json.dumps({"name": "bptt"} | names | {
        "density_last": count / neurons, "iteration_ms": statistics.median(ms), "iteration_ms_min": min(ms),
        "iteration_ms_max": max(ms), "losses": losses[:5]}), flush=True)  # fmt: skip
