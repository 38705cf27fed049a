#!/usr/bin/python3
"""Compares what nnexp surface writes with a forward pass by numpy, in double.

    tests/reference/surface.py RUN DATA.csv SURFACE.csv A B

The run: standardize, tanh layers, cross_entropy, no validation; DATA.csv: numbers, the class 0, 1, … last, as columns
with a header. A and B: "layers.1.weight[0,1]", "layers.1.bias[0]". Prints the largest difference relative to the loss; exit status 1
where it is over 1e-6, or where the weights at the grid's ends are not those of steps.csv and a tenth of their way.
"""
import csv
import json
import re
import struct
import sys

import numpy as np


def tensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        buffer = file.read()
    header.pop("__metadata__")
    return {
        name: np.frombuffer(buffer[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"]).astype(float)
        for name, entry in header.items()
    }


def loss(tensor, x, label):
    layers = sum(re.fullmatch(r"layers\.\d+\.weight", name) is not None for name in tensor)
    for k in range(1, layers + 1):
        x = x @ tensor["layers.%d.weight" % k].T + tensor["layers.%d.bias" % k]
        x = np.tanh(x) if k < layers else x
    most = x.max(1, keepdims=True)
    log_p = x - most - np.log(np.exp(x - most).sum(1, keepdims=True))
    return -log_p[np.arange(len(label)), label].mean()


run, data, surface, *names = sys.argv[1:]
tensor = tensors(run + "/model.safetensors")
rows = np.array(list(csv.reader(open(data)))[1:], dtype=float)
x, label = (rows[:, :-1] - tensor["preprocess.0.mean"]) / tensor["preprocess.0.scale"], rows[:, -1].astype(int)
place = []
for name in names:
    head, index = re.fullmatch(r"(.*)\[([\d,]+)\]", name).groups()
    place.append((head, tuple(map(int, index.split(",")))))
grid = list(csv.reader(open(surface)))
assert grid[0] == ["a", "b", "loss"]
grid = np.array(grid[1:], dtype=float)
side = round(len(grid) ** 0.5)
assert side * side == len(grid)
worst = 0
for i, (a, b, value) in enumerate(grid):
    assert a == grid[i % side, 0] and b == grid[i - i % side, 1]  # line by line
    for (head, index), weight in zip(place, (a, b)):
        tensor[head][index] = weight
    worst = max(worst, abs(value / loss(tensor, x, label) - 1))
ends = True
steps = list(csv.DictReader(open(run + "/steps.csv")))
for column, name in enumerate(names):
    way = [float(row[name]) for row in steps]
    margin = 0.1 * (max(way) - min(way))
    ends = ends and np.allclose([grid[:, column].min(), grid[:, column].max()], [min(way) - margin, max(way) + margin], 1e-5)
print("%d points, largest difference %.3g" % (len(grid), worst))
sys.exit(not (worst < 1e-6 and ends))
