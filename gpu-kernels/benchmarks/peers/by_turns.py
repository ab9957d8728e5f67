#!/usr/bin/env python3
"""Products of BrainPy and Spindle by turns, size by size and density by density; then the table of both.

    by_turns.py operators --out products.jsonl --sizes 2000,10000 --p 0.01,0.1 --turns 2 --rounds 3
    by_turns.py jit-connectivity --out jit.jsonl --spindle 'jdk17=env JAVA_HOME=/jdk17 bin/spindle bench' \\
        --spindle 'jdk25=env JAVA_HOME=/jdk25 bin/spindle bench'

Options that are not listed by --help go to all systems as they are: --operators, --fractions, --batches, --rounds
and --seconds of a line, --work. Each turn starts every system once per size and density, in an order that rotates;
lines gain turn (as round), system, processor, date and load. What FILE has already is not run again, so a comparison
that was interrupted goes on where it stopped. A system that leaves out a size (memory, --work) leaves a gap.
"""

import argparse
import collections
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
    return parser.parse_known_args()


def commands(o, rest):
    given = o.spindle or [f"spindle={HERE.parents[2] / 'spark-jobs/bin/spindle'} bench"]
    spindle = [interleave.pair(text, "--spindle") for text in given]
    found = [("brainpy", f"{HERE / 'run'} {o.bench}")]
    found += [(label, f"{command} {o.bench} --json") for label, command in spindle]
    return [(label, " ".join([command, *rest])) for label, command in found]


def done(path):
    """The (system, n, p, turn) that a file has lines of."""
    if not path.exists():
        return set()
    lines = map(json.loads, path.read_text().splitlines())
    return {(line["system"], line["n"], line["p"], line["round"]) for line in lines}


def lines(label, command, before):
    """What a system prints; nothing where it says that it leaves out every cell."""
    try:
        return interleave.run(label, command, before, least=0)
    except SystemExit as failed:
        if "nothing is measured" not in str(failed):
            raise
        print(failed, file=sys.stderr)
        return []


def main():
    o, rest = options()
    systems, out = commands(o, rest), pathlib.Path(o.out)
    finished, before = done(out), interleave.prefix(o)
    cells = [(n, p) for n in (o.sizes or SIZES[o.bench]).split(",") for p in (o.p or DENSITIES[o.bench]).split(",")]
    for turn in range(1, o.turns + 1):
        order = collections.deque(systems)
        order.rotate(-turn)
        for n, p in cells:
            for label, command in order:
                if (label, int(n), float(p), turn) in finished:
                    continue
                records = lines(label, f"{command} --sizes {n} --p {p}", before)
                print(f"turn {turn}  n {n}  p {p}  {label:10} {len(records)} lines", file=sys.stderr, flush=True)
                with out.open("a", encoding="utf-8") as file:
                    for record in records:
                        line = record | machine.stamp() | {"round": turn, "system": label}
                        file.write(json.dumps(line) + "\n")
    return subprocess.run([sys.executable, HERE / "compare.py", out, "--reference", "brainpy"]).returncode


if __name__ == "__main__":
    sys.exit(main())
