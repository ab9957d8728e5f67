#!/usr/bin/env python3
"""Compares two spike files (int32 pairs step, neuron): how far do two systems give the same spikes?

    agree.py A B [--until STEP]     exit 1 if they differ before STEP (default: anywhere)
"""

import argparse
import sys

import numpy as np


def main():
    parser = argparse.ArgumentParser(description="compare two spike files")
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--until", type=int)
    o = parser.parse_args()
    a, b = (np.fromfile(path, "<i4").reshape(-1, 2) for path in (o.a, o.b))
    n = min(len(a), len(b))
    wrong = np.flatnonzero((a[:n] != b[:n]).any(axis=1))
    if len(wrong) == 0 and len(a) == len(b):
        print(f"identical: {len(a)} spikes in {a[-1, 0] + 1 if len(a) else 0} steps")
        return 0
    same = wrong[0] if len(wrong) else n
    step = min(train[same, 0] for train in (a, b) if same < len(train))
    print(f"identical: the first {same} spikes, up to step {step}; {len(a)} and {len(b)} spikes in all")
    return int(o.until is None or step < o.until)


if __name__ == "__main__":
    sys.exit(main())
