#!/usr/bin/env python3
"""Spindle and snnTorch on Fashion-MNIST or MNIST, 784-100-10, each with the settings that its own validation chose.

    peers/run classifier-compare --data FOLDER --out runs.jsonl

Each system tries two learning rates with batches of 64 and of 128 on the images of the training file but for the last
tenth, on which it is judged. The best setting then trains on the whole file, once per seed, and is judged on the test
images. Rates fall to 0 along half a cosine; decays are learned, by both. Runs whose lines stand in the file already
are not done again. At the end a table stands on standard output.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

import accuracy_table
import sweep_lines
from sweep_lines import machine

HERE = pathlib.Path(__file__).resolve().parent
SPINDLE = HERE.parents[2] / "spark-jobs/bin/spindle"
RATES = {"spindle": (0.003, 0.006), "snntorch": (0.001, 0.002)}
BATCHES = 64, 128
SHARE = 0.1
IMAGES = 10000  # of the test

SWEEP = """
sweep: trial
schema: 1
model: snn-classifier
fixed:
  data.set: idx
  data.dir: {data}
  learn.tau: yes
  train.rate: {rate}
  train.batch: {batch}
  train.epochs: {epochs}
  train.schedule: cosine
  train.valid: {valid}
replicates: {{n: 1, seed: {seed}}}
output: {{root: {folder}}}
"""


def spindle(o, run):
    """Metrics of one trial, which goes on from its checkpoint if it was killed."""
    folder = o.out.resolve().with_suffix("") / "-".join(map(str, run.values()))
    folder.mkdir(parents=True, exist_ok=True)
    sweep = folder / "trial.yaml"
    valid = SHARE if run["part"] == "valid" else 0
    sweep.write_text(SWEEP.format(data=o.data.resolve(), epochs=o.epochs, valid=valid, folder=folder, **run))
    call = [o.spindle, "run", sweep, "--master", "local[1]"], [o.spindle, "export", folder / "trial", "--csv", folder / "csv"]
    for command in call:
        subprocess.run(command, check=True, stdout=sys.stderr)
    (found,) = sweep_lines.lines(folder / "csv")
    shutil.rmtree(folder)
    return {"accuracy": found["accuracy_" + run["part"]], "spikes_per_inference": found["spikes_per_inference"],
            "train_s": found["t_train"], "version": found["engine_version"]}  # fmt: skip


def snntorch(o, run):
    """The line of the last epoch."""
    command = [sys.executable, HERE / "snntorch_classifier.py", "--data", o.data, "--epochs", o.epochs, "--schedule", "cosine"]
    command += ["--rate", run["rate"], "--batch", run["batch"], "--seed", run["seed"]]
    command += ["--valid", SHARE if run["part"] == "valid" else 0]
    text = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(text.splitlines()[-1])
    return {"accuracy": found["accuracy_" + run["part"]]} | {k: found[k] for k in ("spikes_per_inference", "train_s", "version")}


def once(o, system, **run):
    """The line of a run, from the file or made now."""
    key = {"name": "snn-classifier", "system": system, "epochs": o.epochs, "schedule": "cosine"} | run
    lines = o.out.read_text().splitlines() if o.out.exists() else []
    for line in map(json.loads, lines):
        if key.items() <= line.items():
            return line
    line = key | {"spindle": spindle, "snntorch": snntorch}[system](o, run) | machine.stamp()
    with o.out.open("a") as file:
        print(json.dumps(line), file=file)
    return line


def chosen(o, system):
    """Learning rate and batch with the highest accuracy on what was held out, at the first seed."""
    tried = [once(o, system, part="valid", rate=r, batch=b, seed=o.seeds[0]) for r in RATES[system] for b in BATCHES]
    best = max(tried, key=lambda line: line["accuracy"])
    return {k: best[k] for k in ("rate", "batch")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the four IDX files or .gz")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="file of JSON lines, appended to")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=lambda s: list(map(int, s.split(","))), default=[1, 2, 3])
    parser.add_argument("--spindle", type=pathlib.Path, default=SPINDLE)
    o = parser.parse_args()
    print("| system | rate, batch | test accuracy, mean ± standard error | each seed | spikes per image | training [s] |")
    print("|---|---|---|---|---|---|")
    for system in RATES:
        best = chosen(o, system)
        lines = [once(o, system, part="test", seed=seed, **best) for seed in o.seeds]
        each = [line["accuracy"] for line in lines]
        error = accuracy_table.error(each, IMAGES)
        mean = {k: statistics.fmean(line[k] for line in lines) for k in ("spikes_per_inference", "train_s")}
        print(f"| {system} | {best['rate']}, {best['batch']} | {statistics.fmean(each):.4f} ± {error:.4f} "
              f"| {', '.join(f'{a:.4f}' for a in each)} | {mean['spikes_per_inference']:.0f} | {mean['train_s']:.0f} |")  # fmt: skip


if __name__ == "__main__":
    main()
