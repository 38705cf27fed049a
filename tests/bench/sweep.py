"""100 cells of the digits by `nnexp sweep` beside the same loop in PyTorch (sweep_peer.py), turn by turn: milliseconds an
epoch, the share of the cores that was busy, what the second core is worth, and the ratio to PyTorch in one process: of
the sweep as it is by default, with the statistics of every layer each epoch, and of one that measures them at the first
and the last epoch alone, which leaves the work that PyTorch's loop does.

    sweep.py NNEXP          prints medians and the bounds they are held to; exits 1 beyond one

All the command does counts: reading the data, checking the cells, writing their directories and sweep.csv. Without
PyTorch there is no ratio. The bounds are for an idle machine, where PyTorch 1.13 took 8 ms an epoch; where others work on it
too PyTorch takes 13 to 18, two cells at once no less than twice theirs, and the ratios say little."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

EPOCHS, TURNS = 30, 5
BUSY, FASTER, BARE_FASTER = 0.95, 10, 14
CONFIG = {
    "name": "digits",
    "data": {"file": os.path.abspath("data/digits.csv"), "label": "digit", "validation": 0.2},
    "preprocess": ["standardize"],
    "model": {"hidden": [64, 64], "activation": "relu", "init": "he"},
    "train": {"optimizer": {"name": "sgd", "momentum": 0.9}, "batch": 32, "epochs": EPOCHS},
}
PEERS = ("PyTorch, one process, 1 thread", "PyTorch, one process, 2 threads", "PyTorch, a process a core")


def sweep(nnexp, directory, name, jobs, rates, *more):
    """Seconds on the wall and of the processors, for `rates` learning rates with ten seeds each."""
    out = os.path.join(directory, name)
    command = [nnexp, "sweep", "--config", os.path.join(directory, "digits.json"), "--axis",
               "train.lr=log:0.001:0.1:%d" % rates, "--repeat", "10", "--jobs", str(jobs), "--out", out, "--quiet", *more]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        sys.exit("sweep.py: %s: status %d" % (" ".join(command), status))
    return wall, usage.ru_utime + usage.ru_stime


def peer():
    """Milliseconds an epoch of each of PEERS, or None."""
    script = os.path.join(os.path.dirname(__file__), "sweep_peer.py")
    done = subprocess.run(["/usr/bin/python3", script, CONFIG["data"]["file"]], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return [float(line.split()[2]) for line in done.stdout.splitlines()] if done.returncode == 0 else None


def tell(name, values, unit):
    print("  %-40s %8.3f %s   (%.3f to %.3f)" % (name, statistics.median(values), unit, min(values), max(values)))
    return statistics.median(values)


def held(name, value, bound):
    print("  %-40s %8.3f   bound %g" % (name, value, bound))
    return value >= bound


def main(nnexp):
    cores = len(os.sched_getaffinity(0))
    every, bare, alone, processors, busy, peers = [], [], [], [], [], []
    print("100 cells of the digits 64-64-64-10, batch 32, %d epochs; medians of %d turns" % (EPOCHS, TURNS), flush=True)
    # the cells go at the end: the file system is slow to give the places of files just removed to new ones
    with tempfile.TemporaryDirectory(prefix="nnexp-bench-") as directory:
        with open(os.path.join(directory, "digits.json"), "w") as file:
            json.dump(CONFIG, file)
        for turn in range(TURNS):
            wall, cpu = sweep(nnexp, directory, "every-%d" % turn, cores, 10)
            every.append(1e3 * wall / (100 * EPOCHS))
            processors.append(1e3 * cpu / (100 * EPOCHS))
            busy.append(cpu / wall / cores)
            wall, cpu = sweep(nnexp, directory, "bare-%d" % turn, cores, 10, "--set", "log.every=%d" % EPOCHS)
            bare.append(1e3 * wall / (100 * EPOCHS))
            if cores > 1:
                wall, cpu = sweep(nnexp, directory, "alone-%d" % turn, 1, 5)
                alone.append(1e3 * wall / (50 * EPOCHS))
            figures = peer()
            if figures:
                peers.append(figures)
    here = tell("an epoch, %d cells at once" % cores, every, "ms")
    like = tell("the same, statistics twice a run", bare, "ms")
    if alone:
        one = tell("an epoch, one cell at a time", alone, "ms")
        print("  %-40s %8.3f" % ("%d cores are worth" % cores, one / here))
    tell("an epoch, of processor time", processors, "ms")
    ok = held("share of the cores busy", statistics.median(busy), BUSY)
    for i, name in enumerate(PEERS if peers else ()):
        print("    %.1f times nnexp's" % (tell(name, [turn[i] for turn in peers], "ms") / here))
    if peers:
        quickest = statistics.median(min(turn[:2]) for turn in peers)
        ok = held("times faster than PyTorch in one process", quickest / here, FASTER) and ok
        ok = held("the same, statistics twice a run", quickest / like, BARE_FASTER) and ok
    else:
        print("  no PyTorch for /usr/bin/python3: no ratio")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
