#!/usr/bin/env python3
"""Runs several systems by turns and keeps their JSON lines, so that a slow minute hits them all.

    interleave.py --rounds 5 --out runs.jsonl --set form=canonical \\
        'brian2=peers/run brian2 --seeds {seed} --record counts --method folded' \\
        'cpp=target/peers/coba_lif net.bin --repeat 1'

Each round starts every command once, in an order that rotates from round to round. {seed} and {round}
in a command become the round's number, from 1. Of a command's output, lines that are JSON objects count;
each gains round, system (the label before '='), cpu, date and what --set says.
A command that fails ends the comparison: half a round proves nothing.
"""

import argparse
import json
import pathlib
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description="run systems by turns")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", required=True, help="file of JSON lines, appended to")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="added to every line")
    parser.add_argument("--core", type=int, help="pin every command to this core")
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


def run(label, command, core):
    words = shlex.split(command)
    if core is not None:
        if shutil.which("taskset") is None:
            raise SystemExit("interleave: --core needs taskset (package util-linux)")
        words = ["taskset", "-c", str(core), *words]
    done = subprocess.run(words, capture_output=True, text=True)
    records = list(objects(done.stdout))
    if done.returncode != 0 or not records:
        raise SystemExit(f"interleave: {label} gave no result (exit {done.returncode}): {command}\n{done.stderr[-2000:]}")
    return records


def main():
    o = options()
    systems = [pair(text, "a system") for text in o.systems]
    extra = dict(pair(text, "--set") for text in o.set)
    with open(o.out, "a", encoding="utf-8") as out:
        for number in range(1, o.rounds + 1):
            turn = number % len(systems)
            for label, command in systems[turn:] + systems[:turn]:
                command = command.replace("{seed}", str(number)).replace("{round}", str(number))
                for record in run(label, command, o.core):
                    line = {"seed": number} | record | extra | machine.stamp() | {"round": number, "system": label}
                    out.write(json.dumps(line) + "\n")
                    print(f"round {number}  {label:12} {record['run_s']:.4f} s  {record['rate_hz']:.2f} Hz", file=sys.stderr)
            out.flush()


if __name__ == "__main__":
    main()
