#!/usr/bin/env python3
"""Products of BrainPy and Spindle by turns, size by size and density by density; then the table of both.

    by_turns.py operators --out products.jsonl --sizes 2000,10000 --p 0.01,0.1 --turns 2 --rounds 3
    by_turns.py jit-connectivity --out jit.jsonl --spindle 'jdk17=env JAVA_HOME=/jdk17 bin/spindle bench' \\
        --spindle 'jdk25=env JAVA_HOME=/jdk25 bin/spindle bench'

--operators, --batches and options that are not listed by --help go to all systems as they are: --fractions, --rounds
and --seconds of a line, --work. Each turn starts every system once per size and density, in an order that rotates;
lines gain turn (as round), system, processor, date and load. What FILE has already is not run again, so a comparison
that was interrupted goes on where it stopped. A system that leaves out a size (memory, --work) leaves a gap.

    by_turns.py operators --together --core 1 --realtime --out dense.jsonl --p 1 --operators dense_mm \\
        --rounds 25 --seconds 5

With --together the systems are there at once, operator by operator and batch by batch, and take single rounds by turns
where they took whole runs: for machines whose neighbours come and go within seconds. Only one runs at a time. Where
BrainPy is timed in two ways (vectors of few neurons) the rounds of the second have no counterpart beside them.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import interleave
from interleave import machine

HERE = pathlib.Path(__file__).resolve().parent
SIZES = {
    "operators": "2000,4000,6000,8000,10000,20000,30000,40000,50000,60000",
    "jit-connectivity": "10000,20000,50000,100000,300000,1000000",
}
BATCHES = "16,64"
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
    parser.add_argument("--together", action="store_true", help="round by round where else run by run")
    parser.add_argument("--operators", help="of all systems; with --together one by one")
    parser.add_argument("--batches", help="of all systems; with --together one by one")
    o, rest = parser.parse_known_args()
    if o.together and not o.operators:
        parser.error("--together needs --operators")
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
    found = [line for line in map(json.loads, path.read_text().splitlines()) if line.get("together", False) == together]
    return {tuple(kind(line[key]) for key, kind in keys.items()) for line in found}


def starts(o):
    """(n, p, operators, batches) of each start of the systems, as given; all of them where there is None."""
    for n in (o.sizes or SIZES[o.bench]).split(","):
        for p in (o.p or DENSITIES[o.bench]).split(","):
            if not o.together:
                yield n, p, o.operators, o.batches
                continue
            for operator in o.operators.split(","):
                if o.bench == "operators" and ("dense" in operator) != (float(p) == 1):
                    continue  # dense operators are those of a full matrix
                for batch in (o.batches or BATCHES).split(",") if "mm" in operator else ["1"]:
                    yield n, p, operator, batch


def lines(label, command, before):
    """What a system prints; nothing where it says that it leaves out every cell."""
    try:
        return interleave.run(label, command, before, least=0)
    except SystemExit as failed:
        if "nothing is measured" not in str(failed):
            raise
        print(failed, file=sys.stderr)
        return []


class Player:
    """A system that waits for its turn before each round."""

    def __init__(self, pipes, label, command, before):
        self.label, self.command, self.start = label, command, time.monotonic()
        self.out, self.errors = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        for end in ("ready", "go"):
            os.mkfifo(f"{pipes}.{end}")
        # Both for reading and writing: neither end waits for the other to open it.
        self.ready, self.go = (os.open(f"{pipes}.{end}", os.O_RDWR) for end in ("ready", "go"))
        self.process = subprocess.Popen(
            before + shlex.split(command), stdout=self.out, stderr=self.errors,
            env=os.environ | {"SPINDLE_BENCH_TURNS": str(pipes)}, start_new_session=True,
        )  # fmt: skip

    def wait(self):
        """Until it is ready for a round or has ended."""
        poll = select.poll()
        poll.register(self.ready, select.POLLIN)
        while self.process.poll() is None:
            if poll.poll(50):
                os.read(self.ready, 1)
                return
        self.errors.seek(0)
        said = self.errors.read()
        if self.process.returncode and "nothing is measured" not in said:
            why = f"exit {self.process.returncode}: {self.command}\n{said[-2000:]}"
            raise SystemExit(f"by_turns: {self.label} gave no result, {why}")

    def play(self):
        if self.process.poll() is None:
            os.write(self.go, b".")
            self.wait()

    def records(self):
        self.out.seek(0)
        whole = {"together": True, "process_s": round(time.monotonic() - self.start, 4)}
        return [record | whole for record in interleave.objects(self.out.read())]

    def close(self):
        """Ends it with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for end in (self.ready, self.go):
            os.close(end)


def together(jobs):
    """(label, lines) of each system, which take their rounds by turns; none where one of them fails."""
    players = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for number, job in enumerate(jobs):
                players.append(Player(pathlib.Path(folder) / str(number), *job))
                players[-1].wait()
            while any(player.process.poll() is None for player in players):
                for player in players:
                    player.play()
            return [(player.label, player.records()) for player in players]
        finally:
            for player in players:
                player.close()


def main():
    o, rest = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("by_turns: ended"))  # so that nothing is left running
    systems, out = commands(o, rest), pathlib.Path(o.out)
    finished, before = done(out, o.together), interleave.prefix(o)
    for turn in range(1, o.turns + 1):
        order = collections.deque(systems)
        order.rotate(-turn)
        for n, p, operators, batches in starts(o):
            key = (int(n), float(p), turn) + ((operators, int(batches)) if o.together else ())
            left = [pair for pair in order if (pair[0], *key) not in finished]
            if o.together and left:
                left = list(order)  # rounds count only beside those of the others
            given = f"--sizes {n} --p {p}"
            given += f" --operators {operators}" if operators else ""
            given += f" --batches {batches}" if batches else ""
            jobs = [(label, f"{command} {given}", before) for label, command in left]
            for label, records in together(jobs) if o.together else ((job[0], lines(*job)) for job in jobs):
                print(f"turn {turn}  {given}  {label:10} {len(records)} lines", file=sys.stderr, flush=True)
                with out.open("a", encoding="utf-8") as file:
                    for record in records:
                        line = record | machine.stamp() | {"round": turn, "system": label}
                        file.write(json.dumps(line) + "\n")
    return subprocess.run([sys.executable, HERE / "compare.py", out, "--reference", "brainpy"]).returncode


if __name__ == "__main__":
    sys.exit(main())
