#!/usr/bin/env python3
"""Products of BrainPy and Spindle by turns, size by size and density by density; then the table of both.

    by_turns.py operators --out products.jsonl --sizes 2000,10000 --p 0.01,0.1 --turns 2 --rounds 3
    by_turns.py jit-connectivity --out jit.jsonl --spindle 'jdk17=env JAVA_HOME=/jdk17 bin/spindle bench' \\
        --spindle 'jdk25=env JAVA_HOME=/jdk25 bin/spindle bench'

Options that are not listed by --help go to all systems as they are: --operators, --fractions, --batches, --rounds
and --seconds of a line, --work. Each turn starts every system once per size and density, in an order that rotates;
lines gain turn (as round), system, processor, date and load. What FILE has already is not run again, so a comparison
that was interrupted goes on where it stopped. A system that leaves out a size (memory, --work) leaves a gap.

    by_turns.py operators --together --core 1 --realtime --out dense.jsonl --p 1 --operators dense_mm --rounds 40 --seconds 6

With --together all systems run at once on that core, operator by operator and batch by batch, and the kernel's round
robin gives each turns of 10 ms: for machines whose neighbours come and go within seconds. Times are then the
processor's, which do not count the turns of others.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import pathlib
import subprocess
import sys

import interleave
from interleave import machine

HERE = pathlib.Path(__file__).resolve().parent
SIZES = {
    "operators": "2000,4000,6000,8000,10000,20000,30000,40000,50000,60000",
    "jit-connectivity": "10000,20000,50000,100000,300000,1000000",
}
BATCHES = "16,64"
SLICE = pathlib.Path("/proc/sys/kernel/sched_rr_timeslice_ms")
DENSITIES = {"operators": "0.01,0.1,1", "jit-connectivity": "0.01"}


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", choices=SIZES)
    parser.add_argument("--out", required=True, help="file of JSON lines, gone on with if it exists")
    parser.add_argument("--sizes")
    parser.add_argument("--p")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--spindle", action="append", metavar="LABEL=COMMAND", help="up to the word bench")
    parser.add_argument("--core", type=int, help="pin every command to this core")
    parser.add_argument("--realtime", action="store_true", help="run ahead of all else (needs root)")
    parser.add_argument("--together", action="store_true", help="all systems at once, which share the core by turns")
    parser.add_argument("--operators", help="with --together one by one")
    parser.add_argument("--batches", help="with --together one by one")
    o, rest = parser.parse_known_args()
    if o.together and not (o.realtime and o.core is not None and o.operators):
        parser.error("--together needs --core, --realtime and --operators: turns are those of one core")
    return o, rest


def commands(o, rest):
    given = o.spindle or [f"spindle={HERE.parents[2] / 'spark-jobs/bin/spindle'} bench"]
    spindle = [interleave.pair(text, "--spindle") for text in given]
    found = [("brainpy", f"{HERE / 'run'} {o.bench}")]
    found += [(label, f"{command} {o.bench} --json") for label, command in spindle]
    return [(label, " ".join([command, *rest])) for label, command in found]


def done(path, together):
    """What a file has lines of: (system, n, p, turn), with --together also operator and batch."""
    if not path.exists():
        return set()
    keys = {"system": str, "n": int, "p": float, "round": int} | ({"operator": str, "batch": int} if together else {})
    found = map(json.loads, path.read_text().splitlines())
    return {tuple(kind(line[key]) for key, kind in keys.items()) for line in found}


def starts(o):
    """(n, p, operators, batches) of each start of the systems, all of them where there is None."""
    for n in (o.sizes or SIZES[o.bench]).split(","):
        for p in (o.p or DENSITIES[o.bench]).split(","):
            if not o.together:
                yield int(n), float(p), o.operators, o.batches
                continue
            for operator in o.operators.split(","):
                for batch in (o.batches or BATCHES).split(",") if "mm" in operator else ["1"]:
                    yield int(n), float(p), operator, batch


def lines(label, command, before):
    """What a system prints; nothing where it says that it leaves out every cell."""
    try:
        return interleave.run(label, command, before, least=0)
    except SystemExit as failed:
        if "nothing is measured" not in str(failed):
            raise
        print(failed, file=sys.stderr)
        return []


def on_the_processor(record):
    """A line whose time is that of the processor."""
    events = record["events"]
    time = {"s_per_call": record["cpu_s_per_call"], "s_per_call_min": record["cpu_s_per_call_min"]}
    return record | time | {"ns_per_event": time["s_per_call"] / events * 1e9 if events else None, "together": True}


@contextlib.contextmanager
def short_turns():
    """Turns of 10 ms meanwhile: in one of 100 ms a system takes a single call for a slow product."""
    usual = SLICE.read_text()
    SLICE.write_text("10")
    try:
        yield
    finally:
        SLICE.write_text(usual)


def main():
    o, rest = options()
    with short_turns() if o.together else contextlib.nullcontext():
        compare(o, rest)
    return subprocess.run([sys.executable, HERE / "compare.py", o.out, "--reference", "brainpy"]).returncode


def compare(o, rest):
    systems, out = commands(o, rest), pathlib.Path(o.out)
    finished, before = done(out, o.together), interleave.prefix(o)
    for turn in range(1, o.turns + 1):
        order = collections.deque(systems)
        order.rotate(-turn)
        for n, p, operators, batches in starts(o):
            key = (n, p, turn) + ((operators, int(batches)) if o.together else ())
            left = [pair for pair in order if (pair[0], *key) not in finished]
            given = f"--sizes {n} --p {p:g}"
            given += f" --operators {operators}" if operators else ""
            given += f" --batches {batches}" if batches else ""
            jobs = [(label, f"{command} {given}", before) for label, command in left]
            with concurrent.futures.ThreadPoolExecutor(len(systems) if o.together else 1) as pool:
                for (label, *_), records in zip(jobs, pool.map(lambda job: lines(*job), jobs)):
                    print(f"turn {turn}  {given}  {label:10} {len(records)} lines", file=sys.stderr, flush=True)
                    with out.open("a", encoding="utf-8") as file:
                        for record in map(on_the_processor, records) if o.together else records:
                            line = record | machine.stamp() | {"round": turn, "system": label}
                            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
