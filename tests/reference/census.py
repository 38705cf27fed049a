#!/usr/bin/python3
"""Writes tests/reference/census.txt: figures of the columns of some sets in data/, by numpy and scipy.

    tests/reference/census.py > tests/reference/census.txt

A line a column: file, column, mean, population std, low, high, the three quartiles (numpy's method "lower"); then, for
classes, the best score of rows right less 3 for each change of class along the sorted values (a plain dynamic program
over all pairs of cuts), for a target the larger of abs(Pearson's r) and abs(Spearman's rho).
"""
import numpy as np
import scipy
from scipy.stats import pearsonr, spearmanr


def score(x, y):
    values = np.unique(x)
    classes = np.unique(y)
    # counts[i, c]: rows of class c among the i smallest values
    counts = np.zeros((len(values) + 1, len(classes)))
    for i, v in enumerate(values):
        counts[i + 1] = counts[i] + [(y[x == v] == c).sum() for c in classes]
    best = np.full(len(values) + 1, -np.inf)
    best[0] = 3  # the first interval is free
    for end in range(1, len(values) + 1):
        inside = counts[end] - counts[:end]
        best[end] = (best[:end] + inside.max(axis=1) - 3).max()
    return best[-1]


print("# Written by tests/reference/census.py with numpy", np.__version__, "and scipy", scipy.__version__)
for file, kind in [("moons", "class"), ("blobs", "class"), ("gaussian", "class"), ("digits", "class"), ("plane", "target")]:
    table = np.genfromtxt("data/%s.csv" % file, delimiter=",", skip_header=1).astype(np.float32).astype(np.float64)
    y = table[:, -1]
    for j, x in enumerate(table[:, :-1].T):
        if file == "digits" and j % 8 != 3:
            continue
        quartiles = np.percentile(x, [25, 50, 75], method="lower")
        told = score(x, y) if kind == "class" else max(abs(pearsonr(x, y)[0]), abs(spearmanr(x, y)[0]))
        print(file, j, *["%.9g" % v for v in [x.mean(), x.std(), x.min(), x.max(), *quartiles, told]])
