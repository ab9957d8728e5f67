#!/usr/bin/env python3
"""snnTorch's 784-100-10 network on Fashion-MNIST or MNIST; one JSON object per epoch.

    snntorch_classifier.py --data FOLDER --epochs 5

As in the comparison that came with the BrainPy paper: Synaptic neurons (alpha 0.9, beta 0.85, both learned), arc-tangent
surrogate, 100 steps, latency code t = 20 ln(x / (x - 0.2)) with no spike at 0.2 or below, cross entropy of the maximum
of the output's potential, Adam, batches of 256. One thread unless --threads says otherwise.
"""

import argparse
import gzip
import json
import math
import pathlib
import time

import numpy as np
import snntorch
import torch
from torch import nn

FILES = {"train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"), "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")}
STEPS = 100


def idx(path):
    raw = gzip.open(f"{path}.gz").read() if pathlib.Path(f"{path}.gz").exists() else path.read_bytes()
    dims = raw[3]
    shape = np.frombuffer(raw, ">i4", dims, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dims).reshape(shape)


def load(folder, part):
    images, labels = (idx(folder / name) for name in FILES[part])
    x = torch.tensor(images.reshape(len(images), -1)).float() / 255
    when = torch.where(x > 0.2, torch.floor(20 * torch.log(x / (x - 0.2).clamp(min=1e-9))), torch.tensor(-1.0))
    return when, torch.tensor(labels.astype(np.int64))


class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        learned = {"alpha": 0.9, "beta": 0.85, "learn_alpha": True, "learn_beta": True}
        self.into, self.out = nn.Linear(784, hidden), nn.Linear(hidden, 10)
        self.first = snntorch.Synaptic(**learned, spike_grad=snntorch.surrogate.atan())
        self.second = snntorch.Synaptic(**learned, reset_mechanism="none")

    def forward(self, when):
        syn1, mem1 = self.first.init_synaptic()
        syn2, mem2 = self.second.init_synaptic()
        best, spikes = torch.full((len(when), 10), -1e30), 0.0
        for k in range(STEPS):
            s, syn1, mem1 = self.first(self.into((when == k).float()), syn1, mem1)
            _, syn2, mem2 = self.second(self.out(s), syn2, mem2)
            best = torch.maximum(best, mem2)
            spikes += s.detach().sum().item()
        return best, spikes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the four IDX files or .gz")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--hidden", type=int, default=100)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--train", type=int, default=60000, help="images from the start of the training file")
    parser.add_argument("--test", type=int, default=10000)
    parser.add_argument("--valid", type=float, default=0, help="share of them, the last, that is held out and judged in place of the test images")
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="constant", help="cosine: the rate falls to 0 at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    (x, y), (tx, ty) = load(o.data, "train"), load(o.data, "test")
    x, y, tx, ty = x[: o.train], y[: o.train], tx[: o.test], ty[: o.test]
    if o.valid:
        learned = len(x) - math.floor(o.valid * len(x))
        x, y, tx, ty = x[:learned], y[:learned], x[learned:], y[learned:]
    net = Net(o.hidden)
    adam = torch.optim.Adam(net.parameters(), lr=o.rate)
    updates = o.epochs * math.ceil(len(x) / o.batch)
    factor = {"constant": lambda k: 1.0, "cosine": lambda k: (1 + math.cos(math.pi * k / updates)) / 2}[o.schedule]
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, factor)
    seconds = 0.0
    for epoch in range(1, o.epochs + 1):
        begin, losses = time.perf_counter(), []
        for part in torch.randperm(len(x)).split(o.batch):
            adam.zero_grad()
            loss = nn.functional.cross_entropy(net(x[part])[0], y[part])
            loss.backward()
            adam.step()
            schedule.step()
            losses.append(loss.item())
        seconds += time.perf_counter() - begin
        with torch.no_grad():
            scores = [net(part) for part in tx.split(1000)]
        right = (torch.cat([s for s, _ in scores]).argmax(1) == ty).double().mean().item()
        print(json.dumps({
            "name": "snn-classifier", "system": "snntorch", "version": snntorch.__version__, "epoch": epoch, "seed": o.seed,
            "rate": o.rate, "batch": o.batch, "schedule": o.schedule, "train": len(x), "loss_train": float(np.mean(losses)),
            "accuracy_valid" if o.valid else "accuracy_test": right,
            "spikes_per_inference": sum(n for _, n in scores) / len(tx), "train_s": seconds}), flush=True)


if __name__ == "__main__":
    main()
