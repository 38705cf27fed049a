#!/usr/bin/python3
"""Writes tests/reference/student.txt: quantiles of Student's t, paired t-tests and t-intervals by scipy.stats.

    tests/reference/student.py > tests/reference/student.txt

quantile TAIL DF T                  P(T > t) = tail
paired N MEAN DEVIATION T P         ttest_rel of b and a, two-sided; two lines of N numbers follow, a and b
interval N HALF                     half the width of the 95 % interval of the mean; a line of N numbers follows
needed MEAN DEVIATION TAIL N        the smallest n >= 2 with ppf(1 - tail, n - 1) deviation / sqrt(n) < |mean|
"""
import os
import sys

sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]
import numpy as np
import scipy
from scipy import stats



def isf(tail, df):
    """stats.t.isf is good to nine digits only: a few Newton steps on stats.t.sf, which is good to fourteen."""
    t = stats.t.isf(tail, df)
    for _ in range(4):
        t += (stats.t.sf(t, df) - tail) / stats.t.pdf(t, df)
    return t


print(f"# made by tests/reference/student.py with scipy {scipy.__version__}")
for tail in (0.4, 0.25, 0.05, 0.025, 0.005, 0.05 / 12, 0.05 / 99, 1e-6, 0.05 / 9999999, 1e-12):
    for df in (1, 2, 3, 4, 7, 9, 29, 99, 999, 9999):
        print(f"quantile {tail:.17g} {df} {isf(tail, df):.17g}")

rng = np.random.default_rng(4)
for n, shift, noise in ((2, 0.1, 1), (3, 0, 1), (3, 0.05, 0.01), (5, -0.02, 0.01), (10, 1e-3, 1e-3), (50, 0.2, 1)):
    a = rng.normal(0.3, 0.2, n)
    b = a + rng.normal(shift, noise, n)
    t, p = stats.ttest_rel(b, a)
    d = b - a
    print(f"paired {n} {d.mean():.17g} {d.std(ddof=1):.17g} {t:.17g} {p:.17g}")
    print(" ".join(f"{v:.17g}" for v in a))
    print(" ".join(f"{v:.17g}" for v in b))

for n in (2, 3, 5, 20):
    x = rng.normal(0.1, 0.03, n)
    half = isf(0.025, n - 1) * stats.sem(x)
    assert np.allclose(stats.t.interval(0.95, n - 1, x.mean(), stats.sem(x)), (x.mean() - half, x.mean() + half))
    print(f"interval {n} {half:.17g}")
    print(" ".join(f"{v:.17g}" for v in x))

for mean, deviation in ((1, 1), (0.1, 1), (-0.5, 0.2), (1e-3, 0.02), (3, 0.01)):
    for tail in (0.05, 0.025, 0.05 / 12):
        n = 2
        while not stats.t.isf(tail, n - 1) * deviation / np.sqrt(n) < abs(mean):
            n += 1
        print(f"needed {mean} {deviation} {tail:.17g} {n}")
