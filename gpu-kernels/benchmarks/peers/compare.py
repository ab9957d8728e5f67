#!/usr/bin/env python3
"""Turns JSON lines of any system into Markdown tables.

    compare.py FILE... [--reference LABEL] [--clock cpu]

Lines with the key operator become tables of times per event (operator_table.py), lines with accuracy a table of
accuracies (accuracy_table.py). --clock cpu compares operators by processor time. All others are simulations,
with two tables: firing rates, and times of interleaved runs.

Of a simulation, lines need neurons, steps, dt_ms, precision, rate_hz and run_s. A system is named by its key
`system`, or `spindle` where that is missing, with backend and precision. Systems are compared only where
neurons, simulated time and form (or, for form "file", network) say the same. The reference is the first system
read.

Rates: one value per seed; runs of one network file (form "file") are one value, whatever their seed. The
difference is judged against the seed-to-seed spread by Welch's t-test (unequal variances); p is two-sided.
One value has no spread, and then only the difference is printed.
Times: run_s of the same round are divided, system by reference; the table has the ratios' median and range.
"""

import argparse
import json
import math
import statistics
import sys

import accuracy_table
import mpmath
import operator_table


def welch(x, y):
    """(t, degrees of freedom, two-sided p) of the difference of two means; None where no spread exists.

    The first example of Wikipedia's article "Welch's t-test": t = -2.46, df = 25.0, p = 0.021.

    >>> a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    >>> b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4]
    >>> t, df, p = welch(a, b)
    >>> round(t, 2), round(df, 1), round(p, 3)
    (-2.46, 25.0, 0.021)
    >>> welch([1.0], [1.0, 2.0]) is None
    True
    """
    if min(len(x), len(y)) < 2:
        return None
    a, b = (statistics.variance(z) / len(z) for z in (x, y))
    if a + b == 0:
        return None
    t = (statistics.fmean(x) - statistics.fmean(y)) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a**2 / (len(x) - 1) + b**2 / (len(y) - 1))
    p = mpmath.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True)
    return t, df, float(p)


def label(run):
    parts = [run.get("system", "spindle"), run.get("backend"), run.get("method"), run.get("precision")]
    words = []
    for part in parts:
        if part and part not in words:
            words.append(part)
    return " ".join(words)


def needed(run):
    if "operator" in run:
        return operator_table.NEEDED
    return accuracy_table.NEEDED if "accuracy" in run else ("neurons", "steps", "dt_ms", "rate_hz", "run_s")


def read(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.startswith("{"):
                    continue
                run = json.loads(line)
                missing = [key for key in needed(run) if key not in run]
                if missing:
                    raise SystemExit(f"{path}:{number}: lacks {', '.join(missing)}")
                yield run | {"place": path, "number": number}


def groups(runs):
    """Runs that may be compared, by what must agree; then by system."""
    found = {}
    for run in runs:
        key = (fixed(run) or run.get("form", "-"), run["neurons"], round(run["steps"] * run["dt_ms"]))
        found.setdefault(key, {}).setdefault(label(run), []).append(run)
    return found


def fixed(run):
    """The network file a run was given, if that is what its line compares; None where each seed drew one."""
    return run.get("network") if run.get("form", "file") == "file" else None


def origin(run):
    """What drew the network of a run; runs of one origin repeat each other."""
    return fixed(run) or run.get("seed", (run["place"], run["number"]))


def rates(runs, key="rate_hz"):
    """One rate per network drawn."""
    return list({origin(run): run[key] for run in runs if run.get(key) is not None}.values())


def spread(values, digits=2):
    mean = f"{statistics.fmean(values):.{digits}f}"
    return mean + (f" ± {statistics.stdev(values):.{digits}f}" if len(set(values)) > 1 else "")


def rate_table(systems, reference):
    base = rates(systems[reference])
    yield "| system | networks | synapses | rate [Hz] | after 200 ms [Hz] | CV of ISI | difference [Hz] | Welch t (df) | p |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, runs in systems.items():
        values = rates(runs)
        late, cv = rates(runs, "rate_hz_after_200ms"), rates(runs, "cv_isi")
        cells = [name, len(values), spread(rates(runs, "synapses") or [math.nan], 0), spread(values),
                 spread(late) if late else "-", spread(cv) if cv else "-"]  # fmt: skip
        if name == reference:
            cells += ["reference", "", ""]
        else:
            test = welch(values, base)
            cells.append(f"{statistics.fmean(values) - statistics.fmean(base):+.2f}")
            cells += [f"{test[0]:+.2f} ({test[1]:.1f})", f"{test[2]:.3f}"] if test else ["no spread", "-"]
        yield "| " + " | ".join(map(str, cells)) + " |"


def ratios(runs, base):
    """run_s over the reference's, for each round both took part in."""
    turns = {(run["place"], run["round"]): run["run_s"] for run in base if "round" in run}
    return [run["run_s"] / turns[at] for run in runs if (at := (run["place"], run.get("round"))) in turns]


def time_table(systems, reference):
    yield "| system | runs | run_s median (min .. max) | rate [Hz] | run_s / simulated time | time / reference |"
    yield "|---|---|---|---|---|---|"
    for name, runs in systems.items():
        times = [run["run_s"] for run in runs]
        simulated = runs[0]["steps"] * runs[0]["dt_ms"] / 1000
        middle = statistics.median(times)
        cells = [name, len(runs), f"{middle:.4f} ({min(times):.4f} .. {max(times):.4f})", spread(rates(runs)),
                 f"{middle / simulated:.3g}"]  # fmt: skip
        found = ratios(runs, systems[reference])
        if name == reference:
            cells.append("reference")
        elif found:
            cells.append(f"{statistics.median(found):.2f} ({min(found):.2f} .. {max(found):.2f})")
        else:
            cells.append("not interleaved")
        yield "| " + " | ".join(map(str, cells)) + " |"


def where(runs):
    """Machine, day and load of some lines."""
    machines = sorted({run.get("cpu", run.get("processor", "a machine not recorded")) for run in runs})
    loads = [run["load1"] for run in runs if "load1" in run]
    busy = f", load average {min(loads)} to {max(loads)}" if loads else ""
    days = sorted({run.get("date", "undated")[:10] for run in runs})
    when = " to ".join(dict.fromkeys([days[0], days[-1]]))
    return f"On {'; '.join(machines)}; {when}{busy}.\n"


def simulations(runs, wanted):
    for (what, neurons, simulated), found in groups(runs).items():
        reference = next((name for name in found if wanted and name.startswith(wanted)), next(iter(found)))
        systems = {reference: found[reference]} | {name: found[name] for name in sorted(found)}
        yield f"### {systems[reference][0].get('name', 'coba-lif')}, {what}, {neurons} neurons, {simulated} ms\n"
        yield where([run for runs in systems.values() for run in runs])
        yield "\n".join(rate_table(systems, reference)) + "\n"
        yield "\n".join(time_table(systems, reference)) + "\n"


def others(runs, wanted, clock):
    """Tables of the benchmarks that are no simulations, by their names."""
    named = {}
    for run in runs:
        if clock == "cpu" and "operator" in run:
            run = operator_table.on_cpu(run)
        named.setdefault(run.get("name", "operators"), []).append(run)
    for name, lines in named.items():
        systems = list(dict.fromkeys(line.get("system", "spindle") for line in lines))
        reference = next((system for system in systems if wanted and system.startswith(wanted)), systems[0])
        yield f"### {name}\n"
        yield where(lines)
        yield from (operator_table.tables if "operator" in lines[0] else accuracy_table.table)(lines, reference)


def main():
    parser = argparse.ArgumentParser(description="compare runs of several systems")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--reference", help="label of the system to compare with, or its beginning")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="time by which operators are compared")
    o = parser.parse_args()
    runs = list(read(o.files))
    simulated = [run for run in runs if "operator" not in run and "accuracy" not in run]
    rest = [run for run in runs if "operator" in run or "accuracy" in run]
    for text in (*simulations(simulated, o.reference), *others(rest, o.reference, o.clock)):
        print(text)


if __name__ == "__main__":
    sys.exit(main())
