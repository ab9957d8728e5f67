"""Timing of one cell (operator, size, density, spike fraction) under JAX on one thread.

A product is timed in two ways. `call`: Python calls the jitted operator once per input and waits for the
result. `scan`: one jitted loop walks over a stack of inputs, as a simulation does, and the wait comes at its
end; the Python call is then paid once for many products. In both the input is an argument that differs from
product to product, so that nothing can be hoisted, and every result is used.

Peak memory is the highest resident set while the operator ran (VmHWM, reset in /proc/self/clear_refs after the
first product) above the resident set of the same process when it had imported everything and run a 64 x 64 case.
It counts the stored matrix, vectors and work space, but neither the interpreter nor drawing the matrix. What the
compiler leaves behind shifts it by a few MB, which matters at small sizes only.
"""

import concurrent.futures
import ctypes
import gc
import multiprocessing
import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import machine  # noqa: E402

ONE_THREAD = {
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
SCAN_BELOW = 5_000_000  # work per product above which the Python call, some 0.03 ms, is lost in it
WARMEST_S = 20.0  # a first call longer than this is not repeated before the timed ones


def one_thread():
    """To be called before JAX or numba is imported."""
    os.environ.update(ONE_THREAD)


def versions():
    import brainevent
    import brainpy
    import jax
    import numba

    return {
        "system": "brainpy", "backend": "numba", "device": "cpu", "threads": 1, "precision": "float32",
        "version": f"brainpy {brainpy.__version__}, brainevent {brainevent.__version__}, jax {jax.__version__}, "
                   f"numba {numba.__version__}",
    }  # fmt: skip


def resident(entry="VmRSS"):
    """Resident set of this process [bytes]; entry VmHWM is its highest since the start or the last reset."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(entry + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status has no {entry}")


def reset_peak():
    trim()
    pathlib.Path("/proc/self/clear_refs").write_text("5")


def trim():
    """Gives freed memory back to the system, where the C library can (glibc)."""
    gc.collect()
    getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)(0)


def base():
    """The resident set from which memory is counted."""
    trim()
    return resident()


def available():
    """Memory one may still take [bytes]."""
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/meminfo has no MemAvailable")


def stacks(work):
    """Number of different inputs a cell of this much work per product takes."""
    return int(min(16, max(2, 200_000_000 // max(1, work))))


def ways(function, matrix, inputs, work):
    """The ways to run function(matrix, x) over all x of a stack: name -> callable that waits for the results.

    The matrix is an argument of the jitted code: arrays it closes over would be copied into it.
    """
    import jax
    import jax.numpy as jnp

    one = jax.jit(function)
    single = [jax.block_until_ready(jnp.asarray(x)) for x in inputs]

    def call():
        for x in single:
            one(matrix, x).block_until_ready()

    yield "call", call
    if work >= SCAN_BELOW:
        return
    stacked = jnp.asarray(inputs)

    @jax.jit
    def loop(matrix, xs):
        # The sum reads one entry of each result: less would let the compiler drop the product.
        return jax.lax.scan(lambda sum, x: (sum + function(matrix, x).ravel()[0], None), jnp.float32(0), xs)[0]

    yield "scan", lambda: loop(matrix, stacked).block_until_ready()


def turn(pipes=os.environ.get("SPINDLE_BENCH_TURNS"), opened=[]):
    """Says that a round is ready and waits until it may begin, where systems take rounds by turns (by_turns.py)."""
    if pipes and not opened:
        opened += [open(pipes + ".ready", "wb", buffering=0), open(pipes + ".go", "rb", buffering=0)]
    if pipes:
        opened[0].write(b".")
        if not opened[1].read(1):
            raise SystemExit(f"SPINDLE_BENCH_TURNS={pipes}: whoever gives turns has gone")


def timed(run, passes=1):
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(passes):
        run()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(run, products, rounds, seconds, wait=turn):
    """Times of one product over several rounds of about seconds / rounds each, first run (compilation) apart.

    Before each round it waits for what `wait` waits for.
    """
    first, _ = timed(run)
    reset_peak()
    one = first if first > WARMEST_S else timed(run)[0]
    passes = max(1, int(seconds / rounds / max(one, 1e-6)))
    rounds = max(1, min(rounds, int(3 * seconds / one)))
    found = [wait() or timed(run, passes) for _ in range(rounds)]
    walls, cpus = ([pair[k] / passes / products for pair in found] for k in (0, 1))
    return {
        "s_per_call": statistics.median(walls), "s_per_call_min": min(walls), "s_per_call_max": max(walls),
        "cpu_s_per_call": statistics.median(cpus), "cpu_s_per_call_min": min(cpus), "cpu_s_per_call_max": max(cpus),
        "rounds": rounds, "repeats": rounds * passes * products, "first_run_s": first,
    }  # fmt: skip


def apart(function, *arguments):
    """Runs `function` in a process of its own, so that its memory is nobody else's; None if it was killed."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        try:
            return pool.submit(function, *arguments).result()
        except concurrent.futures.process.BrokenProcessPool:
            return None


def say(text):
    print(text, file=sys.stderr, flush=True)


def numbers(kind):
    """Argument type of a comma-separated list."""
    return lambda text: [kind(part) for part in text.split(",")]
