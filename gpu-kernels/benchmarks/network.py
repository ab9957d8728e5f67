#!/usr/bin/env python3
"""Network files: what the C++ loop and Brian2 read so that every system runs the same network.

Layout, all little endian, no padding:

    8 bytes   magic "SPINDLEN"
    int32     version, 1
    int32     count of header entries
    count x   24 bytes name (ASCII, zero filled) + float64 value
    int32     indptr[neurons + 1]
    uint16    columns[synapses]     (int32 where header column_bytes is 4)
    float32   v[neurons]            initial membrane potential [mV]
    float32   g_exc[neurons], g_inh[neurons]      initial conductances [nS]; Hodgkin-Huxley neurons only

Header entries (order free, integers are stored as float64, which is exact below 2**53):

    neurons n_exc synapses steps column_bytes
    dt [ms]  drive e_e e_i [mV]
    w_e w_i                     conductance per spike: in units of the leak, of Hodgkin-Huxley neurons in nS
    decay_e decay_i             exp(-dt / tau_e), exp(-dt / tau_i)

Only integrate-and-fire neurons have
    n_ref                       number of steps held after a spike
    v_rest v_th v_reset [mV]
    a                           1 - exp(-dt / tau_m)

Row i lists the targets of neuron i; rows below n_exc excite, the others inhibit. The constants are
the values a system computes with: a float32 run rounds each of them once, on loading.

As a command it writes a COBA-LIF network drawn by NumPy:
    network.py --neurons 4000 --form canonical --seed 1 --out net.bin
"""

import argparse
import math
import struct

import numpy as np

MAGIC = b"SPINDLEN"
VERSION = 1
INTEGERS = ("neurons", "n_exc", "synapses", "steps", "column_bytes", "n_ref")
TAU_M, TAU_E, TAU_I, T_REF = 20.0, 5.0, 10.0, 5.0


def constants(dt):
    """The constants of COBA-LIF that depend on no network."""
    return {
        "dt": dt,
        "n_ref": round(T_REF / dt),
        "v_rest": -60.0,
        "v_th": -50.0,
        "v_reset": -60.0,
        "drive": 20.0,
        "e_e": 0.0,
        "e_i": -80.0,
        "decay_e": math.exp(-dt / TAU_E),
        "decay_i": math.exp(-dt / TAU_I),
        "a": -math.expm1(-dt / TAU_M),
    }


def form(name, neurons):
    """(connection probability, weight divisor, standard deviation of the initial v [mV])."""
    if name == "canonical":
        return 80.0 / neurons, 1.0, 5.0
    if name == "literal":
        return 0.02, neurons / 4000.0, 2.0
    raise ValueError(f"form must be canonical or literal, got {name!r}")


def draw(neurons, name, seed, steps, dt=0.1):
    """A Bernoulli network: (header, indptr, columns, v)."""
    p, divisor, sigma = form(name, neurons)
    rng = np.random.default_rng(seed)
    v = rng.normal(-55.0, sigma, neurons).astype("<f4")
    degree = rng.binomial(neurons, p, neurons)
    rows = [np.sort(rng.choice(neurons, k, replace=False, shuffle=False)) for k in degree]
    indptr = np.concatenate(([0], np.cumsum(degree))).astype("<i4")
    wide = neurons > 65536
    columns = np.concatenate(rows).astype("<i4" if wide else "<u2")
    header = constants(dt) | {
        "neurons": neurons,
        "n_exc": round(0.8 * neurons),
        "synapses": int(indptr[-1]),
        "steps": steps,
        "column_bytes": 4 if wide else 2,
        "w_e": 0.6 / divisor,
        "w_i": 6.7 / divisor,
    }
    return header, indptr, columns, v


def write(path, header, indptr, columns, v):
    with open(path, "wb") as out:
        out.write(MAGIC + struct.pack("<ii", VERSION, len(header)))
        for name, value in header.items():
            out.write(struct.pack("<24sd", name.encode("ascii"), float(value)))
        for array in (indptr, columns, v):
            array.tofile(out)


def read(path):
    with open(path, "rb") as source:
        if source.read(8) != MAGIC:
            raise SystemExit(f"{path}: not a network file (magic is not {MAGIC.decode()})")
        version, count = struct.unpack("<ii", source.read(8))
        if version != VERSION:
            raise SystemExit(f"{path}: version {version}, this reader knows {VERSION}")
        header = {}
        for _ in range(count):
            name, value = struct.unpack("<24sd", source.read(32))
            header[name.rstrip(b"\0").decode("ascii")] = value
        header |= {name: int(header[name]) for name in INTEGERS if name in header}
        indptr = np.fromfile(source, "<i4", header["neurons"] + 1)
        wide = header["column_bytes"] == 4
        columns = np.fromfile(source, "<i4" if wide else "<u2", header["synapses"])
        rows = 1 if "a" in header else 3
        state = np.fromfile(source, "<f4", rows * header["neurons"])
    if len(state) != rows * header["neurons"]:
        raise SystemExit(f"{path}: ends early, {len(state)} of {rows * header['neurons']} initial values")
    v = state if rows == 1 else state.reshape(rows, -1)
    return header, indptr, columns, v


def main():
    options = argparse.ArgumentParser(description="write a COBA-LIF network file")
    options.add_argument("--neurons", type=int, default=4000)
    options.add_argument("--form", choices=("canonical", "literal"), default="canonical")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--duration", type=float, default=5000.0, help="ms")
    options.add_argument("--out", required=True)
    o = options.parse_args()
    write(o.out, *draw(o.neurons, o.form, o.seed, round(o.duration / 0.1)))


if __name__ == "__main__":
    main()
