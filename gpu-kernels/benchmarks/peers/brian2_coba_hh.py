#!/usr/bin/env python3
"""COBA-HH in Brian2, C++ standalone, on the equations Spindle runs; one JSON object per run on standard output.

    C dv/dt = g_l (E_l - v) + g_na m^3 h (E_na - v) + g_k n^4 (E_k - v) + g_e (E_e - v) + g_i (E_i - v)
    dx/dt = alpha_x (1 - x) - beta_x x     for m, h, n: rates of Traub and Miles, in exprel form

Integration is exponential_euler, which Brian2 finds by itself: every equation is linear in its own variable.
A spike is a crossing of -20 mV from below: threshold and refractoriness are both v > -20 mV. Brian2's own
example has no such refractoriness and counts an event at every step above the threshold.

Graph, weights and initial state are those of a file that `spindle bench coba-hh --dump FILE` wrote. Spindle
decays g before its first use, Brian2 after it, so g starts here as it is after one decay: then both read the
same g at every step, and spikes agree one by one until rounding parts the chaotic trajectories. run_s is the
time loop alone, as the compiled program reports it.
"""

import argparse
import json
import pathlib
import sys
import time

import brian2 as b2
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402
import network  # noqa: E402

TARGET = pathlib.Path(__file__).resolve().parents[2] / "target" / "peers"

EQUATIONS = """
dv/dt = (g_l * (E_l - v) + ge * (E_e - v) + gi * (E_i - v) - g_na * (m * m * m) * h * (v - E_na)
         - g_k * (n * n * n * n) * (v - E_k)) / C : volt
dm/dt = alpha_m * (1 - m) - beta_m * m : 1
dn/dt = alpha_n * (1 - n) - beta_n * n : 1
dh/dt = alpha_h * (1 - h) - beta_h * h : 1
dge/dt = -ge / tau_e : siemens
dgi/dt = -gi / tau_i : siemens
alpha_m = 0.32 * (mV**-1) * 4 * mV / exprel((13 * mV - v + V_t) / (4 * mV)) / ms : Hz
beta_m = 0.28 * (mV**-1) * 5 * mV / exprel((v - V_t - 40 * mV) / (5 * mV)) / ms : Hz
alpha_h = 0.128 * exp((17 * mV - v + V_t) / (18 * mV)) / ms : Hz
beta_h = 4 / (1 + exp((40 * mV - v + V_t) / (5 * mV))) / ms : Hz
alpha_n = 0.032 * (mV**-1) * 5 * mV / exprel((15 * mV - v + V_t) / (5 * mV)) / ms : Hz
beta_n = 0.5 * exp((10 * mV - v + V_t) / (40 * mV)) / ms : Hz
"""


def options():
    parser = argparse.ArgumentParser(description="COBA-HH in Brian2")
    parser.add_argument("--network", required=True, help="file that spindle bench coba-hh --dump wrote")
    parser.add_argument("--duration", type=float, default=300.0, help="simulated time [ms]")
    parser.add_argument("--precision", choices=("float32", "float64"), default="float64")
    parser.add_argument("--again", action="store_true", help="run what an earlier call has compiled")
    parser.add_argument("--repeat", type=int, default=1, help="runs of the compiled program")
    return parser.parse_args()


def constants(c):
    mV, nS, ms = b2.mV, b2.nS, b2.ms
    return {
        "C": 200 * b2.pF, "g_l": 10 * nS, "g_na": 20000 * nS, "g_k": 6000 * nS, "V_t": -63 * mV,
        "E_l": -60 * mV, "E_na": 50 * mV, "E_k": -90 * mV, "E_e": c["e_e"] * mV, "E_i": c["e_i"] * mV,
        "tau_e": network.TAU_E * ms, "tau_i": network.TAU_I * ms, "w_e": c["w_e"] * nS, "w_i": c["w_i"] * nS,
    }  # fmt: skip


def build(stored):
    c, indptr, columns, (v, g_exc, g_inh) = stored
    b2.defaultclock.dt = c["dt"] * b2.ms
    names = constants(c)
    cells = b2.NeuronGroup(
        c["neurons"], EQUATIONS, threshold="v > -20 * mV", refractory="v > -20 * mV", method="exponential_euler",
        namespace=names, name="cells")  # fmt: skip
    cut, n_exc = indptr[c["n_exc"]], c["n_exc"]
    rows = np.repeat(np.arange(c["neurons"]), np.diff(indptr))
    exc = b2.Synapses(cells[:n_exc], cells, on_pre="ge_post += w_e", namespace=names, name="exc")
    exc.connect(i=rows[:cut], j=columns[:cut].astype(int))
    inh = b2.Synapses(cells[n_exc:], cells, on_pre="gi_post += w_i", namespace=names, name="inh")
    inh.connect(i=rows[cut:] - n_exc, j=columns[cut:].astype(int))
    cells.v = v.astype(float) * b2.mV
    cells.ge = g_exc.astype(float) * c["decay_e"] * b2.nS
    cells.gi = g_inh.astype(float) * c["decay_i"] * b2.nS
    monitor = b2.SpikeMonitor(cells, record=False, name="monitor")
    return b2.Network(cells, exc, inh, monitor), cells, monitor


def main():
    o = options()
    stored = network.read(o.network)
    header, degrees = stored[0], np.diff(stored[1])
    b2.prefs.core.default_float_dtype = np.float32 if o.precision == "float32" else np.float64
    folder = TARGET / f"brian2-hh-{pathlib.Path(o.network).stem}-{o.duration:g}-{o.precision}"
    b2.set_device("cpp_standalone", build_on_run=False, directory=str(folder))
    started = time.perf_counter()
    net, cells, monitor = build(stored)
    net.run(o.duration * b2.ms)
    b2.device.build(str(folder), compile=not o.again, run=False, debug=False)
    compiled = None if o.again else time.perf_counter() - started
    for _ in range(o.repeat):
        started = time.perf_counter()
        b2.device.run(str(folder), None, with_output=False)
        process, run = time.perf_counter() - started, b2.device._last_run_time
        counts = np.asarray(monitor.count[:], dtype=np.int64)
        record = {
            "name": "coba-hh", "system": "brian2", "version": b2.__version__, "backend": "cpp_standalone", "device": "cpu",
            "threads": 1, "form": "file", "network": pathlib.Path(o.network).name, "method": "exponential_euler",
            "precision": o.precision, "neurons": header["neurons"], "synapses": header["synapses"],
            "steps": round(o.duration / header["dt"]), "dt_ms": header["dt"], "spikes": int(counts.sum()),
            "events": int(counts @ degrees), "rate_hz": counts.sum() / header["neurons"] / (o.duration / 1000),
            "finite": bool(np.isfinite(np.asarray(cells.v)).all()), "compile_s": compiled, "build_s": process - run,
            "run_s": run,
        }  # fmt: skip
        print(json.dumps(record | machine.stamp()), flush=True)


if __name__ == "__main__":
    main()
