#!/usr/bin/env python3
"""COBA-LIF in Brian2, on the equations Spindle runs; one JSON object per run on standard output.

    tau dv/dt = (v_rest - v) + drive + g_e (E_e - v) + g_i (E_i - v)     held for t_ref after a spike
    tau_e dg_e/dt = -g_e,  tau_i dg_i/dt = -g_i                         g in units of the leak

Integration (--method):
  held         exponential_euler with the synaptic current declared "constant over dt": it is evaluated
               once from the old v and g, then v relaxes linearly towards it. This is BrainPy's
               exp_auto of a non-LTC neuron, and the map Spindle uses.
  folded       the same map in one pass: forward Euler with every rate 1/tau replaced by
               (1 - exp(-dt/tau))/dt. No user would write it; it is the cheapest way to give Brian2 these
               numerics, so it is what a time comparison should use.
  conductance  exponential_euler on the plain equations. Brian2 finds v conditionally linear and puts g
               into the time constant (BrainPy's LTC neuron): what a Brian2 user would write first.
  euler        forward Euler on the plain equations.

Step order: Brian2 integrates, thresholds, adds weights to g, resets; g is next read one step later.
Spindle decays g, adds the weights of the last step's spikes, then reads it. Both read the same g.
Refractoriness: Brian2 counts the spiking step as the first of t_ref / dt, Spindle holds the t_ref / dt
steps after it. So t_ref + dt is passed here; --network compares the trains spike by spike.
"""

import argparse
import json
import os
import pathlib
import sys
import time

import brian2 as b2
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402
import network  # noqa: E402

TARGET = pathlib.Path(__file__).resolve().parents[2] / "target" / "peers"
WARMUP_MS = 200.0

PLAIN = """
dv/dt = ((v_rest - v) + drive + ge * (e_e - v) + gi * (e_i - v)) / tau : volt (unless refractory)
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1
"""
FOLDED = """
dv/dt = ((v_rest - v) + drive + ge * (e_e - v) + gi * (e_i - v)) * (1 - exp(-dt / tau)) / dt : volt (unless refractory)
dge/dt = -ge * (1 - exp(-dt / tau_e)) / dt : 1
dgi/dt = -gi * (1 - exp(-dt / tau_i)) / dt : 1
"""
HELD = """
dv/dt = ((v_rest - v) + current) / tau : volt (unless refractory)
current = ge * (e_e - v) + gi * (e_i - v) + drive : volt (constant over dt)
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1
"""
FORMS = {
    "held": (HELD, "exponential_euler"),
    "folded": (FOLDED, "euler"),
    "conductance": (PLAIN, "exponential_euler"),
    "euler": (PLAIN, "euler"),
}


def options():
    parser = argparse.ArgumentParser(description="COBA-LIF in Brian2")
    parser.add_argument("--neurons", type=int, default=4000)
    parser.add_argument("--form", choices=("canonical", "literal"), default="canonical")
    parser.add_argument("--network", help="network file to run instead of drawing one per seed")
    parser.add_argument("--seeds", default="1", help="list and ranges, such as 1-5 or 1,4,9")
    parser.add_argument("--duration", type=float, default=5000.0, help="simulated time [ms]")
    parser.add_argument("--dt", type=float, default=0.1, help="time step [ms]")
    parser.add_argument("--precision", choices=("float32", "float64"), default="float64")
    parser.add_argument("--method", choices=tuple(FORMS), default="held")
    parser.add_argument("--target", choices=("cpp_standalone", "cython", "numpy"), default="cpp_standalone")
    parser.add_argument("--record", choices=("spikes", "counts"), default="spikes",
                        help="counts keeps one number per neuron: the leaner choice for timing")
    parser.add_argument("--spikes", help="write the (step, neuron) pairs of the last run, int32 little endian")
    return parser.parse_args()


def seeds(text):
    for part in text.split(","):
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)


def namespace(c):
    mV, ms = b2.mV, b2.ms
    return {
        "tau": network.TAU_M * ms, "tau_e": network.TAU_E * ms, "tau_i": network.TAU_I * ms,
        "v_rest": c["v_rest"] * mV, "v_th": c["v_th"] * mV, "v_reset": c["v_reset"] * mV,
        "drive": c["drive"] * mV, "e_e": c["e_e"] * mV, "e_i": c["e_i"] * mV,
        "w_e": c["w_e"], "w_i": c["w_i"],
        "hold": (c["n_ref"] + 1) * c["dt"] * ms,
    }  # fmt: skip


def build(o, stored):
    """The Brian2 network; `stored` is a network file's content, or an empty tuple."""
    neurons, (p, divisor, sigma) = o.neurons, network.form(o.form, o.neurons)
    c = stored[0] if stored else network.constants(o.dt) | {"w_e": 0.6 / divisor, "w_i": 6.7 / divisor}
    n_exc = stored[0]["n_exc"] if stored else round(0.8 * neurons)
    equations, integrator = FORMS[o.method]
    b2.defaultclock.dt = c["dt"] * b2.ms
    cells = b2.NeuronGroup(
        neurons, equations, threshold="v >= v_th", reset="v = v_reset", refractory="hold", method=integrator,
        namespace=namespace(c), name="cells")  # fmt: skip
    # Slices follow the population: published scripts that keep [:3200] at every size turn
    # most excitatory cells inhibitory above 4,000 neurons.
    exc = b2.Synapses(cells[:n_exc], cells, on_pre="ge_post += w_e", namespace=namespace(c), name="exc")
    inh = b2.Synapses(cells[n_exc:], cells, on_pre="gi_post += w_i", namespace=namespace(c), name="inh")
    if stored:
        _, indptr, columns, v = stored
        rows = np.repeat(np.arange(neurons), np.diff(indptr))
        cut = indptr[n_exc]
        exc.connect(i=rows[:cut], j=columns[:cut].astype(int))
        inh.connect(i=rows[cut:] - n_exc, j=columns[cut:].astype(int))
        cells.v = v.astype(float) * b2.mV
    else:
        exc.connect(p=p)
        inh.connect(p=p)
        cells.v = f"(-55 + {sigma} * randn()) * mV"
    monitor = b2.SpikeMonitor(cells, record=o.record == "spikes", name="monitor")
    return b2.Network(cells, exc, inh, monitor), cells, (exc, inh), monitor


def cv_isi(times, ids, neurons):
    """Mean over neurons with at least three spikes of std / mean of their intervals, and their number."""
    order = np.lexsort((times, ids))
    gaps, same = np.diff(times[order]), np.diff(ids[order]) == 0
    owner, gaps = ids[order][1:][same], gaps[same]
    n = np.bincount(owner, minlength=neurons)
    keep = n >= 2
    mean = np.bincount(owner, gaps, neurons)[keep] / n[keep]
    square = np.bincount(owner, gaps**2, neurons)[keep] / n[keep]
    cv = np.sqrt(np.maximum(square - mean**2, 0)) / mean
    return (float(cv.mean()) if len(cv) else None), len(cv)


def measure(o, parts):
    """Everything one run yields but its times."""
    cells, synapses, monitor = parts
    counts = np.asarray(monitor.count[:], dtype=np.int64)
    # A subgroup's array is as long as its last neuron's index and zero before its first.
    outgoing = np.concatenate([np.asarray(s.N_outgoing_pre)[s.source.start :] for s in synapses])
    seconds = o.duration / 1000
    result = {
        "neurons": o.neurons,
        "synapses": int(sum(len(s) for s in synapses)),
        "steps": round(o.duration / o.dt),
        "spikes": int(counts.sum()),
        "events": int(counts @ outgoing),
        "rate_hz": counts.sum() / o.neurons / seconds,
    }
    if o.record == "spikes":
        steps = np.rint(np.asarray(monitor.t / b2.ms) / o.dt).astype("<i4")
        ids = np.asarray(monitor.i).astype("<i4")
        late = steps * o.dt >= WARMUP_MS
        cv, used = cv_isi(steps[late] * o.dt, ids[late], o.neurons)
        if seconds > WARMUP_MS / 1000:
            result["rate_hz_after_200ms"] = late.sum() / o.neurons / (seconds - WARMUP_MS / 1000)
        result |= {"cv_isi": cv, "cv_isi_neurons": used}
        if o.spikes:
            order = np.lexsort((ids, steps))
            np.stack((steps[order], ids[order]), axis=1).tofile(o.spikes)
    return result


def standalone(o, stored):
    """Compiles once, then one process of the compiled program per seed; yields one record each."""
    kind = f"file-{pathlib.Path(o.network).stem}" if stored else o.form
    folder = TARGET / f"brian2-{kind}-{o.neurons}-{o.duration:g}-{o.dt:g}-{o.precision}-{o.method}-{o.record}"
    b2.set_device("cpp_standalone", build_on_run=False, directory=str(folder))
    started = time.perf_counter()
    # The seed is read when the program starts, so that one compilation serves every seed.
    b2.device.insert_code("after_start", "brian::_random_generators[0].seed(std::strtoul(getenv(\"SEED\"), 0, 10));")
    net, *parts = build(o, stored)
    net.run(o.duration * b2.ms)
    b2.device.build(str(folder), compile=True, run=False, debug=False)
    compiled = time.perf_counter() - started
    for seed in seeds(o.seeds):
        os.environ["SEED"] = str(seed)
        started = time.perf_counter()
        b2.device.run(str(folder), None, with_output=False)
        process = time.perf_counter() - started
        run = b2.device._last_run_time
        yield measure(o, parts) | {"seed": seed, "compile_s": compiled, "build_s": process - run, "run_s": run}


def runtime(o, stored):
    """Python loop over compiled (cython) or NumPy blocks; run_s is the loop alone."""
    b2.prefs.codegen.target = o.target
    for seed in seeds(o.seeds):
        b2.start_scope()
        b2.seed(seed)
        started = time.perf_counter()
        net, *parts = build(o, stored)
        seen = []
        report = lambda elapsed, *_: seen.append(float(elapsed))  # noqa: E731
        net.run(o.duration * b2.ms, report=report, report_period=3600 * b2.second)
        total = time.perf_counter() - started
        yield measure(o, parts) | {"seed": seed, "compile_s": None, "build_s": total - seen[-1], "run_s": seen[-1]}


def main():
    o = options()
    stored = network.read(o.network) if o.network else ()
    if stored:
        o.neurons, o.dt = stored[0]["neurons"], stored[0]["dt"]
    b2.prefs.core.default_float_dtype = np.float32 if o.precision == "float32" else np.float64
    about = {
        "name": "coba-lif", "system": "brian2", "version": b2.__version__, "backend": o.target, "device": "cpu",
        "threads": 1, "form": "file" if stored else o.form, "network": pathlib.Path(o.network).name if stored else None,
        "method": o.method, "precision": o.precision, "dt_ms": o.dt, "record": o.record,
    }  # fmt: skip
    for record in (standalone if o.target == "cpp_standalone" else runtime)(o, stored):
        print(json.dumps(about | record | machine.stamp()), flush=True)


if __name__ == "__main__":
    main()
