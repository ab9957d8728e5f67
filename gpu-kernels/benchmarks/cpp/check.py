#!/usr/bin/env python3
"""Judges coba_lif against a NumPy version of the same arithmetic: equal spike hashes, rate in the published band.

NumPy rounds every operation once, vector by vector, so it is an independent witness of the contract.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import network  # noqa: E402


def fnv1a(pairs):
    value = 14695981039346656037
    for byte in pairs.astype("<i4").tobytes():
        value = ((value ^ byte) * 1099511628211) % 2**64
    return f"{value:016x}"


def simulate(header, indptr, columns, v, steps, real, direct=False):
    """The step of coba_lif.cpp in whole-array operations; (step, neuron) pairs."""
    c = {name: real(value) for name, value in header.items()}
    n, n_exc = header["neurons"], header["n_exc"]
    v = v.astype(real)
    ge, gi, count_e, count_i = (np.zeros(n, real) for _ in range(4))
    refr = np.zeros(n, int)
    pairs = []
    for step in range(steps):
        if not direct:
            ge = ge * c["decay_e"] + c["w_e"] * count_e
            gi = gi * c["decay_i"] + c["w_i"] * count_i
        current = (ge * (c["e_e"] - v) + gi * (c["e_i"] - v)) + c["drive"]
        f = (c["v_rest"] - v) + current
        v = np.where(refr == 0, v + c["a"] * f, v)
        spike = v >= c["v_th"]
        v[spike] = c["v_reset"]
        refr = np.where(spike, header["n_ref"], np.maximum(refr - 1, 0))
        ids = np.flatnonzero(spike)
        pairs += [(step, i) for i in ids]
        rows = [columns[indptr[i] : indptr[i + 1]].astype(int) for i in ids]
        cut = np.searchsorted(ids, n_exc)
        exc, inh = (np.concatenate(part) if part else np.empty(0, int) for part in (rows[:cut], rows[cut:]))
        if direct:
            ge, gi = ge * c["decay_e"], gi * c["decay_i"]
            np.add.at(ge, exc, c["w_e"])
            np.add.at(gi, inh, c["w_i"])
        else:
            count_e = np.bincount(exc, minlength=n).astype(real)
            count_i = np.bincount(inh, minlength=n).astype(real)
    return np.array(pairs, "<i4").reshape(-1, 2)


def run(binary, path, *flags):
    return json.loads(subprocess.check_output([binary, path, "--repeat", "1", *flags], text=True))


def main():
    binary = sys.argv[1]
    failures = 0

    def check(what, good):
        nonlocal failures
        failures += not good
        print(("ok    " if good else "FAIL  ") + what)

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/net"
        for neurons, form in ((4000, "canonical"), (4000, "literal"), (1000, "canonical"), (66000, "canonical")):
            steps = 100 if neurons > 10000 else 1500
            drawn = network.draw(neurons, form, 7, steps)
            network.write(path, *drawn)
            label = f"{neurons} neurons, {form}, {steps} steps"
            for real, precision in ((np.float32, ()), (np.float64, ("--double",))):
                for direct, order in ((False, ()), (True, ("--direct",))):
                    want = fnv1a(simulate(*drawn, steps, real, direct))
                    for branch in ((), ("--branch",)):
                        flags = (*precision, *order, *branch)
                        got = run(binary, path, *flags)["spike_hash"]
                        check(f"{' '.join((label, *flags))}: spikes equal NumPy's", got == want)
        rates = []
        for seed in range(1, 6):
            network.write(path, *network.draw(4000, "canonical", seed, 50000))
            rates.append(run(binary, path)["rate_hz"])
        text = ", ".join(f"{rate:.2f}" for rate in rates)
        check(f"canonical, 4000 neurons, 5 s: mean of {text} Hz is in [20, 23]", 20 <= np.mean(rates) <= 23)
    print("all good" if failures == 0 else f"{failures} failed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
