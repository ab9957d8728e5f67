#!/usr/bin/env python3
"""An iteration of back propagation through time in snnTorch, Norse and SpikingJelly; one JSON object each.

    torch_bptt.py FILE --systems snntorch,norse,spikingjelly --rounds 5 --iterations 5

FILE is what `spindle bench bptt --dump FILE` wrote: sizes, stimuli, labels and weights at the start. Each system
has 100 inputs, 256 recurrent LIF neurons with the arc-tangent surrogate and 10 leaky outputs; the loss is the cross
entropy of the mean output; an iteration is forward, backward and a step of plain descent, on one thread.

SpikingJelly's LIFNode has the benchmark's equations (its losses are those of spindle). snnTorch's RLeaky resets one
step later and detaches the reset; Norse's LIFRecurrentCell has a synaptic current with a decay of its own.
"""

import sys
from importlib.metadata import version

import torch
from torch import nn

import bptt_rounds
from bptt_rounds import A


def linear(weight, scale=1.0):
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight * scale)
    return layer


def episode(x, step, hidden, out):
    """Mean output and number of spikes; step(inputs, spikes before) is a step of the hidden neurons."""
    y = mean = torch.zeros(x.shape[1], out.weight.shape[0])
    count = 0.0
    before = torch.zeros(x.shape[1], hidden)
    for now in x:
        spikes = step(now, before)
        y = y + A * (out(before) - y)
        mean = mean + y / len(x)
        before = spikes
        count += spikes.detach().sum()
    return mean, count


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

        def step(now, _):
            nonlocal spikes, mem
            spikes, mem = self.cell(self.into(now), spikes, mem)
            return spikes

        return episode(x, step, self.into.weight.shape[0], self.out)


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

        def step(now, _):
            nonlocal state
            spikes, state = self.cell(now, state)
            return spikes

        return episode(x, step, self.cell.hidden_size, self.out)


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

        def step(now, before):
            return self.cell(self.into(now) + self.recurrent(before))

        return episode(x, step, self.into.weight.shape[0], self.out)


SYSTEMS = {"snntorch": SnnTorch, "norse": Norse, "spikingjelly": SpikingJelly}


def main():
    parser = bptt_rounds.options(__doc__.splitlines()[0], iterations=5)
    parser.add_argument("--systems", default="snntorch,norse,spikingjelly")
    o = parser.parse_args()
    torch.set_num_threads(1)
    x, labels, weights = bptt_rounds.read(o.file)
    x, labels = torch.tensor(x), torch.tensor(labels, dtype=torch.long)
    weights = [torch.tensor(w.T.copy()) for w in weights]
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

        names = {"system": name, "version": version(name), "torch": torch.__version__}
        bptt_rounds.report(names, iterate, o, x.shape[0] * x.shape[1] * len(weights[1]))


if __name__ == "__main__":
    main()
