#!/usr/bin/env python3
"""Runs several systems by turns and keeps their JSON lines, so that a slow minute hits them all.

    interleave.py --rounds 5 --out runs.jsonl --set form=canonical \\
        'brian2=peers/run brian2 --seeds {seed} --record counts --method folded' \\
        'cpp=target/peers/coba_lif net.bin --repeat 1'

Each round starts every command once, in an order that rotates from round to round. {seed} and {round}
in a command become the round's number, from 1. Of a command's output, lines that are JSON objects count;
each gains round, system (the label before '='), process_s (wall time of the whole command), cpu, date and
what --set says.
A command that fails ends the comparison: half a round proves nothing.
"""

import argparse
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description="run systems by turns")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", required=True, help="file of JSON lines, appended to")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="added to every line")
    parser.add_argument("--core", type=int, help="pin every command to this core")
    parser.add_argument("--realtime", action="store_true",
                        help="run ahead of all else on a busy machine (needs root; starves others on that core)")
    parser.add_argument("systems", nargs="+", metavar="LABEL=COMMAND")
    return parser.parse_args()


def pair(text, what):
    key, equals, value = text.partition("=")
    if not equals or not key or not value:
        raise SystemExit(f"interleave: {what} must look like NAME=VALUE, got {text!r}")
    return key, value


def objects(text):
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def prefix(o):
    words = ["taskset", "-c", str(o.core)] if o.core is not None else []
    words += ["chrt", "-r", "10"] if o.realtime else []
    for tool in {"taskset", "chrt"}.intersection(words):
        if shutil.which(tool) is None:
            raise SystemExit(f"interleave: {tool} is missing (package util-linux)")
    return words


def run(label, command, before, least=1):
    words = before + shlex.split(command)
    start = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True)
    whole = {"process_s": round(time.monotonic() - start, 4)}
    records = [record | whole for record in objects(done.stdout)]
    if done.returncode != 0 or len(records) < least:
        why = f"exit {done.returncode}: {command}\n{done.stderr[-2000:]}"
        raise SystemExit(f"interleave: {label} gave no result, {why}")
    return records


def seen(record):
    """A line's result in a few words: of a simulation, a product, a reservoir or training."""
    if "operator" in record:
        cell = " ".join(str(record.get(key, "")) for key in ("operator", "variant", "n", "p", "fraction", "batch"))
        return f"{record['s_per_call'] * 1e6:.1f} us  {cell}"
    if "accuracy" in record:
        return f"{record['accuracy']:.4f}  n {record['n']} leak {record['leak']}"
    if "iteration_ms" in record:
        return f"{record['iteration_ms']:.1f} ms  {100 * record['density_last']:.2f} % spikes"
    if "gflops" in record:
        return f"{record['gflops']:.1f} GFLOP/s  n {record['n']}"
    return f"{record['run_s']:.4f} s  {record['rate_hz']:.2f} Hz"


def main():
    o = options()
    systems = [pair(text, "a system") for text in o.systems]
    extra = dict(pair(text, "--set") for text in o.set) | ({"realtime": True} if o.realtime else {})
    before = prefix(o)
    with open(o.out, "a", encoding="utf-8") as out:
        for number in range(1, o.rounds + 1):
            turn = number % len(systems)
            for label, command in systems[turn:] + systems[:turn]:
                command = command.replace("{seed}", str(number)).replace("{round}", str(number))
                for record in run(label, command, before):
                    line = {"seed": number} | record | extra | machine.stamp() | {"round": number, "system": label}
                    out.write(json.dumps(line) + "\n")
                    print(f"round {number}  {label:12} {seen(record)}", file=sys.stderr)
            out.flush()


if __name__ == "__main__":
    main()
