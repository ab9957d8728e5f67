"""Markdown table of accuracies, systems side by side for each size, leak and number of images.

Lines need n, leak, seed, train, test and accuracy. A system's accuracy is its mean over seeds; its standard error
joins the spread over seeds with the sampling error of the test images, which all systems share.
"""

import math
import statistics

NEEDED = ("n", "leak", "seed", "train", "test", "accuracy")


def place(line):
    return line.get("data", "-"), line["train"], line["test"], line["leak"], line["n"]


def by_seed(lines):
    """One accuracy per seed; a seed that was run in several ways counts once, with their mean."""
    seeds = {}
    for line in lines:
        seeds.setdefault(line["seed"], []).append(line["accuracy"])
    return [statistics.fmean(values) for values in seeds.values()]


def error(values, test):
    """Standard error of the mean accuracy on `test` images: over seeds, and over images drawn.

    >>> round(error([0.8, 0.8], 1600), 3)
    0.01
    >>> round(error([0.79, 0.81], 10**12), 3)
    0.01
    """
    mean = statistics.fmean(values)
    seeds = statistics.variance(values) / len(values) if len(values) > 1 else 0.0
    return math.sqrt(seeds + mean * (1 - mean) / test)


def table(lines, reference):
    """The Markdown lines, the reference system first in each group."""
    found = {}
    for line in lines:
        found.setdefault(place(line), {}).setdefault(line.get("system", "spindle"), []).append(line)
    heads = "images (training + test)", "leak", "n", "system", "seeds", "accuracy", "standard error", "difference"
    yield "| " + " | ".join(heads) + " | run_s, median |"
    yield "|---" * (len(heads) + 1) + "|"
    for at in sorted(found):
        data, train, test, leak, n = at
        systems = found[at]
        names = sorted(systems, key=lambda name: (name != reference, name))
        base = statistics.fmean(by_seed(systems[names[0]]))
        for name in names:
            values = by_seed(systems[name])
            mean, times = statistics.fmean(values), [line["run_s"] for line in systems[name] if "run_s" in line]
            cells = [f"{data}, {train} + {test}", leak, n, name, len(values), f"{mean:.4f}"]
            cells.append(f"{error(values, test):.4f}")
            cells.append("reference" if name == names[0] else f"{mean - base:+.4f}")
            cells.append(f"{statistics.median(times):.1f}" if times else "-")
            yield "| " + " | ".join(map(str, cells)) + " |"
    yield ""
