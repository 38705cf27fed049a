#!/usr/bin/python3
"""Writes tests/reference/preprocess.txt: what scikit-learn's scalers make of a small table.

    tests/reference/preprocess.py > tests/reference/preprocess.txt

x: training rows [12][5]; other: rows not fitted on [3][5]; column 3 is constant in training alone,
column 4 has a large mean. x_out, other_out: both transformed; first, second: the scaler's own statistics.
"""
import numpy as np
import sklearn
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

rng = np.random.RandomState(3)
x = rng.randn(12, 5) * [1, 20, 0.01, 0, 3] + [0, -5, 0.5, 0.1, 1000]
other = rng.randn(3, 5) * [1, 20, 0.01, 0, 3] + [0, -5, 0.5, 0.1, 1000]
other[:, 3] = 0.35
x, other = x.astype(np.float32).astype(np.float64), other.astype(np.float32).astype(np.float64)


def show(key, values):
    print(key, *["%.9g" % v for v in np.ravel(values)])


def case(title, fit, first, second):
    print("case", title)
    show("x", x)
    show("other", other)
    show("x_out", fit.transform(x))
    show("other_out", fit.transform(other))
    if first is not None:
        show("first", first)
    if second is not None:
        show("second", second)
    print()


print("# Written by tests/reference/preprocess.py with scikit-learn", sklearn.__version__)
center = StandardScaler(with_std=False).fit(x)
case("center", center, center.mean_, None)
standard = StandardScaler().fit(x)
case("standardize", standard, standard.mean_, standard.scale_)
for low, high, title in [(0, 1, "minmax"), (-1, 1, "minmax low=-1 high=1"), (-3, 0.5, "minmax low=-3 high=0.5")]:
    scaler = MinMaxScaler((low, high)).fit(x)
    case(title, scaler, scaler.data_min_, scaler.data_max_)
case("scale factor=0.0625", FunctionTransformer(lambda v: v * 0.0625), None, None)
