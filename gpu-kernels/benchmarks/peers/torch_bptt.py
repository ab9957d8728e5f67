#!/usr/bin/env python3
"""An iteration of back propagation through time in snnTorch, Norse and SpikingJelly; one JSON object each.

    torch_bptt.py FILE --systems snntorch,norse,spikingjelly --rounds 5 --iterations 5

FILE is what `spindle bench bptt --dump FILE` wrote: sizes, stimuli, labels and weights at the start. Each system
has 100 inputs, 256 recurrent LIF neurons with the arc-tangent surrogate and 10 leaky outputs; the loss is the cross
entropy of the mean output; an iteration is forward, backward and a step of plain descent, on one thread.

SpikingJelly's LIFNode has the benchmark's equations (its losses are those of spindle). snnTorch's RLeaky resets one
step later and detaches the reset; Norse's LIFRecurrentCell has a synaptic current with a decay of its own.
"""

import argparse
import json
import math
import statistics
import sys
import time
from importlib.metadata import version

import numpy as np
import torch
from torch import nn

A = -math.expm1(-0.1)


def read(path):
    raw = np.fromfile(path, dtype="<i4")
    inputs, hidden, outputs, steps, batch = (int(n) for n in raw[:5])
    at = 5 + batch * inputs
    when = torch.tensor(raw[5:at].reshape(batch, inputs), dtype=torch.long)
    labels = torch.tensor(raw[at : at + batch], dtype=torch.long)
    weights, at = [], at + batch
    for pre, post in ((inputs, hidden), (hidden, hidden), (hidden, outputs)):
        weights.append(torch.tensor(raw[at : at + pre * post].view("<f4").reshape(pre, post).T.copy()))
        at += pre * post
    x = torch.zeros(steps + 1, batch, inputs)
    x.scatter_(0, when[None] + 1, 1.0)  # felt one step after the spike
    return x[:steps], labels, weights, (inputs, hidden, outputs, steps, batch)


def linear(weight, scale=1.0):
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight * scale)
    return layer


class SnnTorch(nn.Module):
    def __init__(self, weights):
        super().__init__()
        import snntorch
        from snntorch import surrogate

        # Its atan(alpha) is that of a width of 2 / (pi alpha) in units of the arc tangent's own.
        self.into, self.out = linear(weights[0], A), linear(weights[2])
        self.cell = snntorch.RLeaky(
            beta=1 - A, linear_features=weights[1].shape[0], reset_mechanism="zero", spike_grad=surrogate.atan(alpha=2.0))
        self.cell.recurrent = linear(weights[1], A)

    def forward(self, x):
        spikes, mem = self.cell.init_rleaky()
        y = mean = torch.zeros(x.shape[1], self.out.weight.shape[0])
        count = 0.0
        before = torch.zeros(x.shape[1], self.into.weight.shape[0])
        for now in x:
            spikes, mem = self.cell(self.into(now), spikes, mem)
            y = y + A * (self.out(before) - y)
            mean = mean + y / len(x)
            before = spikes
            count += spikes.detach().sum()
        return mean, count


class Norse(nn.Module):
    def __init__(self, weights):
        super().__init__()
        import norse.torch as norse

        p = norse.LIFParameters(tau_syn_inv=torch.as_tensor(200.0), tau_mem_inv=torch.as_tensor(100.0), method="super",
                                v_th=torch.as_tensor(1.0), alpha=100.0)
        hidden, inputs = weights[0].shape
        self.cell = norse.LIFRecurrentCell(inputs, hidden, p=p, autapses=True)
        self.cell.input_weights.data.copy_(weights[0])
        self.cell.recurrent_weights.data.copy_(weights[1])
        self.out = linear(weights[2])

    def forward(self, x):
        state = None
        y = mean = torch.zeros(x.shape[1], self.out.weight.shape[0])
        count = 0.0
        before = torch.zeros(x.shape[1], self.cell.hidden_size)
        for now in x:
            spikes, state = self.cell(now, state)
            y = y + A * (self.out(before) - y)
            mean = mean + y / len(x)
            before = spikes
            count += spikes.detach().sum()
        return mean, count


class SpikingJelly(nn.Module):
    def __init__(self, weights):
        super().__init__()
        from spikingjelly.activation_based import neuron, surrogate

        self.into, self.recurrent, self.out = (linear(w) for w in weights)
        # Its ATan(alpha) is alpha / 2 / (1 + (pi / 2 alpha x)^2): a width of 0.5 is alpha = 2.
        self.cell = neuron.LIFNode(tau=1 / A, decay_input=True, v_threshold=1.0, v_reset=0.0,
                                   surrogate_function=surrogate.ATan(alpha=2.0), detach_reset=False)

    def forward(self, x):
        self.cell.reset()
        y = mean = torch.zeros(x.shape[1], self.out.weight.shape[0])
        count = 0.0
        before = torch.zeros(x.shape[1], self.into.weight.shape[0])
        for now in x:
            spikes = self.cell(self.into(now) + self.recurrent(before))
            y = y + A * (self.out(before) - y)
            mean = mean + y / len(x)
            before = spikes
            count += spikes.detach().sum()
        return mean, count


SYSTEMS = {"snntorch": SnnTorch, "norse": Norse, "spikingjelly": SpikingJelly}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--systems", default="snntorch,norse,spikingjelly")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--warm", type=float, default=1.0, help="seconds before the first round")
    parser.add_argument("--rate", type=float, default=0.01)
    o = parser.parse_args()
    torch.set_num_threads(1)
    x, labels, weights, sizes = read(o.file)
    for name in o.systems.split(","):
        if name not in SYSTEMS:
            sys.exit(f"torch_bptt: no system {name!r}; known: {', '.join(SYSTEMS)}")
        net = SYSTEMS[name](weights)
        descent = torch.optim.SGD(net.parameters(), lr=o.rate)

        def iterate():
            descent.zero_grad()
            scores, count = net(x)
            loss = nn.functional.cross_entropy(scores, labels)
            loss.backward()
            descent.step()
            return loss.item(), float(count)

        losses = [iterate()[0]]
        until = time.perf_counter() + o.warm
        while time.perf_counter() < until or len(losses) < 2:
            losses.append(iterate()[0])
        ms, count = [], 0.0
        for _ in range(o.rounds):
            begin = time.perf_counter()
            for _ in range(o.iterations):
                loss, count = iterate()
                losses.append(loss)
            ms.append((time.perf_counter() - begin) * 1e3 / o.iterations)
        _, hidden, _, steps, batch = sizes
        print(json.dumps({
            "name": "bptt", "system": name, "version": version(name), "torch": torch.__version__,
            "density_last": count / (hidden * steps * batch), "iteration_ms": statistics.median(ms),
            "iteration_ms_min": min(ms), "iteration_ms_max": max(ms), "losses": losses[:5]}), flush=True)


if __name__ == "__main__":
    main()
