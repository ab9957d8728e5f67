#!/usr/bin/env python3
"""JSON lines of a published sweep, one per trial that is ok, as compare.py reads them.

    spindle export ROOT/SWEEP --csv CSV
    sweep_lines.py CSV >lines.jsonl

CSV is the folder that `spindle export` wrote. A line has every parameter and metric of the trial by name; the keys
that the table of accuracies needs stand beside them. run_s is the time of the states and of the readout, wherever
and whenever they were made; cpu is that of the machine that calls this, which should be the one of the sweep.
"""

import csv
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402

ALIASES = {
    "res.n": "n", "res.leak": "leak", "data.train": "train", "data.test": "test", "res.p_in": "p_in", "res.p": "p",
    "accuracy_test": "accuracy", "accuracy_test_se": "standard_error", "accuracy_train": "train_accuracy",
}  # fmt: skip


def rows(folder, table):
    csv.field_size_limit(1 << 30)
    with open(folder / f"{table}.csv", newline="") as file:
        yield from csv.DictReader(file)


def value(row):
    """Of a parameter: the first of its typed columns that is filled."""
    if row["value_l"]:
        return int(row["value_l"])
    return float(row["value_d"]) if row["value_d"] else row["value_s"]


def lines(folder):
    """The trials as dictionaries, in the order of the table.

    >>> import tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> def table(name, head, line):
    ...     _ = (folder / f"{name}.csv").write_text(head + chr(10) + line + chr(10))
    >>> table("trials", "trial_id,status,seed,backend,device,finished_at,engine_version", "a,ok,7,cpu,cpu,2026,0.1")
    >>> table("params", "trial_id,name,value_d,value_l,value_s", "a,res.n,,500,")
    >>> table("metrics", "trial_id,metric,step,value", "a,accuracy_test,,0.8")
    >>> [(line["n"], line["seed"], line["accuracy"]) for line in lines(folder)]
    [(500, 7, 0.8)]
    """
    facts = {}
    for row in rows(folder, "params"):
        facts.setdefault(row["trial_id"], {})[row["name"]] = value(row)
    for row in rows(folder, "metrics"):
        if not row["step"]:  # else a point of a curve
            facts[row["trial_id"]][row["metric"]] = float(row["value"])
    for trial in rows(folder, "trials"):
        if trial["status"] == "ok":
            found = facts[trial["trial_id"]]
            keys = "backend", "device", "engine_version"
            line = {"system": "spindle"} | {key: trial[key] for key in keys} | {"seed": int(trial["seed"])}
            line |= {ALIASES[name]: found[name] for name in ALIASES if name in found}
            line["data"] = pathlib.PurePath(str(found.get("data.dir", ""))).name or found.get("data.set", "-")
            line["run_s"] = found.get("t_states", 0) + found.get("t_readout", 0)
            yield line | found | {"date": trial["finished_at"]}


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    for line in lines(pathlib.Path(sys.argv[1])):
        print(json.dumps(line | {"cpu": machine.cpu()}))


if __name__ == "__main__":
    main()
