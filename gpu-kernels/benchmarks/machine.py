"""What a measurement must say about where and when it was taken."""

import datetime
import os
import pathlib
import platform


def cpu():
    """Model name with family and model number: virtual machines often hide the name."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {}
    for line in lines:
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    if "model name" not in facts:
        return platform.machine()
    return f"{facts['model name']} (family {facts.get('cpu family')}, model {facts.get('model')})"


def stamp():
    """cpu, date (UTC) and load1, the machine's load average over the last minute: above 1 per core, times stretch."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return {"cpu": cpu(), "date": now, "load1": round(os.getloadavg()[0], 2)}
