#!/usr/bin/python3
"""Compares what nnexp predict writes with a forward pass of PyTorch by the saved weights.

    tests/reference/predict.py MODEL.safetensors DATA.csv PREDICTED.csv

The model: standardize, ReLU layers, softmax; DATA.csv: numbers, the label last, as columns with a header. Reads the file
of tensors by hand: u64 length, JSON header, buffer. Prints the largest difference of a probability; exit status 1 where
it is over 1e-6, a class differs, or sklearn counts another accuracy than the rows do.
"""
import csv
import json
import struct
import sys

import numpy as np
import torch
from sklearn.metrics import accuracy_score


def tensors(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        buffer = file.read()
    meta = header.pop("__metadata__")
    types = {"F32": np.float32}
    return meta, {
        name: torch.tensor(np.frombuffer(buffer[slice(*entry["data_offsets"])], types[entry["dtype"]]).reshape(entry["shape"]))
        for name, entry in header.items()
    }


meta, tensor = tensors(sys.argv[1])
classes = json.loads(meta["classes"])
rows = list(csv.reader(open(sys.argv[2])))[1:]
x = torch.tensor(np.array([row[:-1] for row in rows], dtype=np.float32))
x = (x - tensor["preprocess.0.mean"]) / tensor["preprocess.0.scale"]
layers = sum(name.endswith(".weight") for name in tensor)
for k in range(1, layers + 1):
    x = torch.nn.functional.linear(x, tensor["layers.%d.weight" % k], tensor["layers.%d.bias" % k])
    x = torch.relu(x) if k < layers else x
p = torch.softmax(x.double(), 1)
written = list(csv.reader(open(sys.argv[3])))
assert written[0] == ["predicted"] + ["p_" + name for name in classes] + ["true"]
mine = np.array([row[1:-1] for row in written[1:]], dtype=np.float64)
difference = np.abs(mine - p.numpy()).max()
print("%d rows, largest difference %.3g" % (len(mine), difference))
predicted = [classes[i] for i in p.argmax(1)]
sys.exit(not (mine.shape == p.shape and difference < 1e-6 and predicted == [row[0] for row in written[1:]]
              and [row[-1] for row in rows] == [row[-1] for row in written[1:]]
              and accuracy_score([row[-1] for row in rows], predicted) > 0.95))
