"""Markdown tables of operator timings: systems side by side for each (operator, n, p, fraction, batch).

Lines need operator, n, p, events and s_per_call; fraction and batch are 1 where missing. What is compared is the
time per event, so that systems may draw matrices of their own as long as p and the number of spikes agree. Where a
system has several variants of one cell (ways of calling, orientations), its fastest counts and is named.
"""

import statistics

NEEDED = ("n", "p", "events", "s_per_call")


def on_cpu(line):
    """The line with processor time in place of time: on a busy machine, what a thread would take on a quiet one.

    >>> on_cpu({"s_per_call": 2.0, "s_per_call_min": 1.5, "s_per_call_max": 4.0, "cpu_s_per_call": 1.0})
    {'cpu_s_per_call': 1.0, 's_per_call': 1.0}
    """
    if "cpu_s_per_call" not in line:
        raise SystemExit(f"{line.get('place', '-')}:{line.get('number', '-')}: lacks cpu_s_per_call")
    kept = {key: value for key, value in line.items() if not key.startswith("s_per_call")}
    return kept | {key[4:]: value for key, value in line.items() if key.startswith("cpu_s_per_call")}


def place(line):
    return line["operator"], line["n"], line["p"], line.get("fraction", 1.0), line.get("batch", 1)


def times(lines):
    """(low, median, high) time per event [ns] over the lines of one variant; one line brings its own extremes."""
    per = [1e9 / line["events"] for line in lines]
    middle = statistics.median(line["s_per_call"] * k for line, k in zip(lines, per))
    low = min(line.get("s_per_call_min", line["s_per_call"]) * k for line, k in zip(lines, per))
    high = max(line.get("s_per_call_max", line["s_per_call"]) * k for line, k in zip(lines, per))
    return low, middle, high


def fastest(lines):
    """The variant of a system with the least median, and its lines."""
    variants = {}
    for line in lines:
        variants.setdefault(line.get("variant", ""), []).append(line)
    return min(variants.items(), key=lambda item: times(item[1])[1])


def ratio(lines, base):
    """(low, median, high) of time / reference: round by round where both took turns, else from their extremes.

    >>> line = {"place": "a", "events": 10, "s_per_call": 2e-8}
    >>> turns = [line | {"round": k, "s_per_call": k * 4e-8} for k in (1, 2)]
    >>> ratio(turns, [line | {"round": k, "s_per_call": k * 2e-8} for k in (1, 2)])
    (2.0, 2.0, 2.0)
    >>> other = line | {"s_per_call": 6e-8, "s_per_call_min": 5e-8, "s_per_call_max": 8e-8}
    >>> [round(x, 6) for x in ratio([other], [line])]
    [2.5, 3.0, 4.0]
    """
    turns = {(line["place"], line["round"]): line for line in base if "round" in line}
    pairs = [(line, turns[at]) for line in lines if (at := (line["place"], line.get("round"))) in turns]
    if pairs:
        found = [a["s_per_call"] / a["events"] / (b["s_per_call"] / b["events"]) for a, b in pairs]
        return min(found), statistics.median(found), max(found)
    (low, middle, high), (base_low, base_middle, base_high) = times(lines), times(base)
    return low / base_high, middle / base_middle, high / base_low


def number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def span(low, middle, high):
    return f"{number(middle)} ({number(low)} .. {number(high)})"


def cells(lines):
    found = {}
    for line in lines:
        if line["events"]:
            found.setdefault(place(line), {}).setdefault(line.get("system", "spindle"), []).append(line)
    return found


def row(at, systems, names):
    """One line of the table, and the ratios in it by system."""
    chosen = {name: fastest(systems[name]) for name in names if name in systems}
    events = statistics.fmean(line["events"] for _, lines in chosen.values() for line in lines)
    texts, ratios = [*map(str, (at[0], at[1], at[3], at[4])), f"{events:.0f}"], {}
    for name in names:
        variant, lines = chosen.get(name, ("", []))
        # Of the whole process where a line tells it apart from what the product itself holds.
        peak = [line.get("resident_bytes", line.get("peak_bytes")) for line in lines]
        peak = [value for value in peak if value is not None]
        texts.append(span(*times(lines)) + (f" {variant}" if variant else "") if lines else "-")
        texts.append(f"{statistics.median(peak) / 1e6:.0f}" if peak else "-")
        if name == names[0]:
            continue
        both = lines and names[0] in chosen
        if both:
            ratios[name] = ratio(lines, chosen[names[0]][1])
        texts.append(span(*ratios[name]) if both else "-")
    return "| " + " | ".join(texts) + " |", ratios


def summary(name, reference, ratios):
    middles = [middle for _, middle, _ in ratios]
    return (
        f"{name} / {reference}, time per event: median {number(statistics.median(middles))}, "
        f"{number(min(middles))} to {number(max(middles))} over {len(middles)} cells; "
        f"{reference} is faster in {sum(m > 1 for m in middles)}."
    )


def tables(lines, reference):
    """The Markdown lines of one benchmark, a table for each p, the reference system first."""
    names = list(dict.fromkeys(line.get("system", "spindle") for line in lines))
    names.sort(key=lambda name: name != reference)
    found, ratios = cells(lines), {}
    for p in sorted({at[2] for at in found}):
        yield f"p = {p:g}. Times per event [ns], median (range); memory [MB].\n"
        heads = ["operator", "n", "spike fraction", "batch", "events"]
        for name in names:
            heads += [name, f"{name} MB"] + ([f"{name} / {names[0]}"] if name != names[0] else [])
        yield "| " + " | ".join(heads) + " |"
        yield "|---" * len(heads) + "|"
        for at in (at for at in found if at[2] == p):
            text, new = row(at, found[at], names)
            yield text
            for name, value in new.items():
                ratios.setdefault(name, []).append(value)
        yield ""
    for name, values in ratios.items():
        yield summary(name, names[0], values) + "\n"
