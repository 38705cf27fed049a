#!/usr/bin/python3
"""Writes tests/reference/histogram.txt: values and their counts by numpy.histogram over equal bins.

    tests/reference/histogram.py > tests/reference/histogram.txt
"""
import numpy as np

LARGEST = np.finfo(np.float32).max
SMALLEST = np.float32(1e-45)


def show(name, bins, values):
    values = np.asarray(values, dtype=np.float32)
    finite = values[np.isfinite(values)].astype(np.float64)
    if len(finite) == 0:
        low, high, counts = np.nan, np.nan, []
    elif finite.min() == finite.max():
        low, high, counts = finite.min(), finite.max(), [len(finite)]
    else:
        low, high = finite.min(), finite.max()
        edges = low + (high - low) * (np.arange(bins + 1) / bins)
        edges[-1] = high
        counts = np.histogram(finite, bins=edges)[0]
    print(f"case {name} {bins} {len(values)} {len(counts)} {low:.17g} {high:.17g} {len(values) - len(finite)}")
    print("values", " ".join(f"{v:.9g}" for v in values))
    print("counts", " ".join(str(c) for c in counts))


rng = np.random.default_rng(3)
show("normal", 40, rng.normal(0, 1, 700))
show("on_the_edges", 10, np.repeat(np.arange(11), 2))
show("tenths", 7, np.arange(-30, 41) * 0.1)
show("thirds_of_tenths", 30, np.arange(0, 91) / 30)
show("neighbouring_floats", 40, np.nextafter(np.float32(1), np.float32(2)) + np.arange(5) * 2.0**-23)
show("offset", 13, 1000 + np.arange(64) * 2.0**-14)
show("whole_range", 9, [-LARGEST, -LARGEST / 2, 0, LARGEST / 3, LARGEST])
show("subnormal", 3, [0, SMALLEST, 2 * SMALLEST, 3 * SMALLEST])
show("relu", 5, np.maximum(rng.normal(0, 1, 300), 0))
show("not_finite", 4, [np.nan, 0, 1, np.inf, 2, -np.inf, 3, np.nan, 4])
show("inf_at_both_ends", 2, [np.inf, 1, 2, 3, -np.inf])
show("constant", 8, [0.3] * 5)
show("constant_and_nan", 8, [np.nan, -0.5, -0.5])
show("nothing_finite", 8, [np.nan, np.inf, -np.inf])
show("one_value", 1, [7])
show("one_bin", 1, [1, 2, 3])
show("most_bins", 1000, rng.uniform(-1, 1, 600))
