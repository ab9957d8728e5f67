"""Writes what other libraries compute where spindle.train computes the same.

    python3 -m venv /tmp/torch
    /tmp/torch/bin/pip install torch==2.15.0 scipy==1.17.1 snntorch==1.0.0
    /tmp/torch/bin/python figures.py ../resources/spindle/train/figures.csv

One line per array: its name, then its elements. Arrays of a batch are batch-innermost: element j of
member b stands at j * batch + b.
"""

import sys

import numpy as np
import scipy
import scipy.stats
import snntorch.spikegen
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
LINES = []


def put(name, values):
    values = values.detach() if torch.is_tensor(values) else values
    LINES.append(",".join([name] + [repr(float(v)) for v in np.asarray(values, dtype=float).ravel()]))


def put_batch(name, values):
    put(name, values.detach().numpy().T)


def grid(*shape):
    """Numbers that float32 holds exactly."""
    return torch.round(torch.randn(*shape) * 256) / 256


def losses():
    """Outputs of 7 members in 5 classes, one of them large."""
    outputs = 3 * grid(7, 5)
    outputs[2] += 700
    labels = torch.tensor([0, 4, 2, 2, 1, 3, 0])
    put_batch("outputs", outputs)
    put("labels", labels)
    y = outputs.clone().requires_grad_()
    loss = F.cross_entropy(y, labels)
    loss.backward()
    put("cross_entropy.each", F.cross_entropy(y, labels, reduction="none"))
    put("cross_entropy.mean", loss)
    put("cross_entropy.sum", F.cross_entropy(y, labels, reduction="sum"))
    put_batch("cross_entropy.gradient", y.grad)

    y = outputs.clone().requires_grad_()
    targets = grid(7, 5)
    put_batch("targets", targets)
    loss = F.mse_loss(y, targets)
    loss.backward()
    put("squares.mean", loss)
    put_batch("squares.gradient", y.grad)

    counts = torch.randint(0, 20, (7, 5)).double()
    put_batch("counts", counts)
    y = counts.clone().requires_grad_()
    wanted = 2 + (15 - 2) * F.one_hot(labels, 5).double()
    loss = F.mse_loss(y, wanted)
    loss.backward()
    put("count.mean", loss)
    put_batch("count.gradient", y.grad)


def regularisers():
    """Spikes and potentials of 3 steps, 4 members, 6 neurons."""
    spikes = torch.randint(0, 2, (3, 4, 6)).double()
    for k in range(3):
        put_batch(f"spikes.{k}", spikes[k])
    s = spikes.clone().requires_grad_()
    rates = s.mean(dim=(0, 1)) * 1000 / 0.5
    loss = ((rates - 20) ** 2).mean()
    loss.backward()
    put("rate.loss", loss)
    put_batch("rate.gradient", s.grad[0])

    v = 2 * grid(3, 4, 6)
    for k in range(3):
        put_batch(f"v.{k}", v[k])
    v = v.requires_grad_()
    loss = (F.relu(v - 0.4) ** 2 + F.relu(-(v + 2)) ** 2).mean() ** 2
    loss.backward()
    put("voltage.loss", loss)
    put_batch("voltage.gradient.1", v.grad[1])


def optimizers():
    """Eight updates of two arrays, at a rate that changes."""
    start = {"w": grid(6), "b": grid(1)}
    gradients = [{"w": grid(6), "b": grid(1)} for _ in range(8)]
    for name in start:
        put(f"start.{name}", start[name])
        for k, g in enumerate(gradients):
            put(f"gradient.{k}.{name}", g[name])
    rates = [0.1 * 0.9**k for k in range(8)]
    put("rates", rates)
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "rms-prop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-8),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.9, 0.999), eps=1e-8),
        "adam-w": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
        "clipped": lambda p: torch.optim.SGD(p, lr=0.1),
    }
    for kind, make in kinds.items():
        p = {name: x.clone().requires_grad_() for name, x in start.items()}
        optimizer = make(p.values())
        for k in range(8):
            for name in p:
                p[name].grad = gradients[k][name].clone()
            if kind == "clipped":
                put(f"{kind}.norm.{k}", torch.nn.utils.clip_grad_norm_(p.values(), 2.5))
            optimizer.param_groups[0]["lr"] = rates[k]
            optimizer.step()
            for name in p:
                put(f"{kind}.{k}.{name}", p[name])


def schedules():
    from torch.optim import lr_scheduler as s

    kinds = {
        "constant": lambda o: s.LambdaLR(o, lambda k: 1),
        "step": lambda o: s.StepLR(o, step_size=7, gamma=0.3),
        "multi-step": lambda o: s.MultiStepLR(o, milestones=[3, 11, 12], gamma=0.5),
        "cosine": lambda o: s.CosineAnnealingLR(o, T_max=20, eta_min=0.001),
        "warm-restarts": lambda o: s.CosineAnnealingWarmRestarts(o, T_0=4, T_mult=2, eta_min=0.001),
        "exponential": lambda o: s.ExponentialLR(o, gamma=0.95),
    }
    for kind, make in kinds.items():
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.05)
        scheduler = make(optimizer)
        rates = []
        for _ in range(30):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        put(f"schedule.{kind}", rates)


def initializers():
    u = np.array([2.0**-53, 1e-9, 0.001, 0.1, 0.25, 0.5, 0.625, 0.9, 0.999, 1 - 1e-9])
    put("uniforms", u)
    put("truncated.2", scipy.stats.truncnorm.ppf(u, -2, 2))
    put("truncated.uneven", 1 + 0.5 * scipy.stats.truncnorm.ppf(u, -3, 0.5))
    put("truncated.tail", scipy.stats.truncnorm.ppf(u, 2, 4))
    put("truncated.deviation", scipy.stats.truncnorm(-2, 2).std())
    w = torch.empty(300, 200)  # torch has rows for targets: fan in 200, fan out 300
    gain = torch.nn.init.calculate_gain("relu")
    put("kaiming.deviation", gain / np.sqrt(torch.nn.init._calculate_correct_fan(w, "fan_in")))
    put("kaiming.bound", gain * np.sqrt(3 / torch.nn.init._calculate_correct_fan(w, "fan_in")))
    put("xavier.deviation", np.sqrt(2 / sum(torch.nn.init._calculate_fan_in_and_fan_out(w))))
    put("lecun.deviation", np.sqrt(1 / torch.nn.init._calculate_correct_fan(w, "fan_in")))
    for name, shape in {"tall": (5, 3), "square": (4, 4)}.items():
        a = torch.randn(*shape)
        q, r = torch.linalg.qr(a)
        put(f"matrix.{name}", a)
        put(f"orthogonal.{name}", q * torch.sign(torch.diagonal(r)))


def encoders():
    x = torch.tensor([0.0, 0.1, 0.2, 0.21, 0.25, 0.3, 0.5, 0.7, 0.9, 1.0])
    put("intensities", x)
    for law in ("linear", "logarithmic"):
        code = snntorch.spikegen.latency_code(x, num_steps=1000, threshold=0.2, tau=20, linear=law == "linear")
        put(f"latency.{law}", code[0])
    angles = torch.tensor([0.0, 1.0, -2.5, 6.0])
    preferred = torch.arange(8) * (2 * torch.pi / 8)
    put("angles", angles)
    put_batch("tuning", 1 + 40 * torch.exp(2 * (torch.cos(angles[:, None] - preferred) - 1)))


class Spike(torch.autograd.Function):
    """1 from threshold on; its derivative is that of the arc tangent over a width."""

    WIDTH = 0.5

    @staticmethod
    def forward(ctx, above):
        ctx.save_for_backward(above)
        return (above >= 0).double()

    @staticmethod
    def backward(ctx, cotangent):
        (above,) = ctx.saved_tensors
        z = torch.pi / 2 * above / Spike.WIDTH
        return cotangent * 0.5 / (1 + z * z) / Spike.WIDTH


def network():
    """Two recurrent layers of LIF neurons in front of a leaky readout, on images in a latency code."""
    batch, steps, dt = 5, 40, 1.0
    sizes = {"in": 9, "first": 8, "second": 6, "out": 3}
    pixels = torch.randint(0, 256, (batch, sizes["in"]))
    labels = torch.tensor([0, 2, 1, 1, 0])
    put("network.pixels", pixels)
    put("network.labels", labels)
    intensity = pixels.double() / 255
    when = torch.where(intensity > 0.1, torch.floor(20 * (1 - intensity) / dt), torch.tensor(-1.0))
    pairs = [("in", "first"), ("first", "first"), ("first", "second"), ("second", "second"), ("second", "out")]
    weights = {f"{a}-{b}": (1.5 * grid(sizes[a], sizes[b])).requires_grad_() for a, b in pairs}
    names = {"first.tau": 10.0, "first.v_threshold": 1.0, "first.i.tau": 8.0, "second.tau": 15.0,
             "second.v_threshold": 0.75, "second.i.tau": 5.0, "out.tau": 5.0, "out.i.tau": 6.0}
    learned = {k: torch.tensor(v).requires_grad_() for k, v in names.items()}
    for readout in ("max", "mean"):
        loss, counts = episode(batch, steps, dt, sizes, when, labels, weights, learned, readout)
        for t in list(weights.values()) + list(learned.values()):
            t.grad = None
        loss.backward()
        put(f"network.{readout}.loss", loss)
        put(f"network.{readout}.spikes", counts)
        for k, w in weights.items():
            put(f"network.{readout}.{k}.weights", w.grad)
        for k, p in learned.items():
            put(f"network.{readout}.{k}", p.grad * p)  # by the parameter in units of its value
    for k, w in weights.items():
        put(f"network.{k}.weights", w)


def episode(batch, steps, dt, sizes, when, labels, weights, learned, readout):
    """Spikes of a step are felt at the next; receptors decay, then add, then act."""
    layers = ["first", "second", "out"]
    zero = {n: torch.zeros(batch, sizes[n]) for n in sizes}
    v, g, spikes = dict(zero), dict(zero), dict(zero)
    scores, count = [], 0.0
    for k in range(steps):
        arriving = {n: sum(spikes[q.split("-")[0]] @ w for q, w in weights.items() if q.endswith("-" + n)) for n in layers}
        spikes = {"in": (when == k).double()}
        for n in layers:
            g[n] = g[n] * torch.exp(-dt / learned[f"{n}.i.tau"]) + arriving[n]
            moved = v[n] + (1 - torch.exp(-dt / learned[f"{n}.tau"])) * (g[n] - v[n])
            if n == "out":
                v[n] = moved
                continue
            spikes[n] = Spike.apply(moved - learned[f"{n}.v_threshold"])
            v[n] = (1 - spikes[n]) * moved  # resets to 0
            count += spikes[n].sum().item()
        scores.append(v["out"])
    over = torch.stack(scores)
    score = over.max(0).values if readout == "max" else over.mean(0)
    return F.cross_entropy(score, labels), count


def main(path):
    for module in (torch, scipy):
        LINES.append(f"version.{module.__name__},{module.__version__.split('+')[0]}")
    from importlib.metadata import version

    LINES.append(f"version.snntorch,{version('snntorch')}")
    for part in (losses, regularisers, optimizers, schedules, initializers, encoders, network):
        part()
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(LINES) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
