#!/usr/bin/python3
"""Prints probe.txt: every column of layers.csv for whole networks: z, a and gradients by PyTorch's autograd, the
columns from them in plain numpy, as the contract with users defines them. A network is two cases: its activation
(with data and parameters), its norm (with a line a column, one number a layer). The loss is cross-entropy."""
import math

import numpy as np
import torch
from network import Net, draw, show, show_start

MAX_SLOPE = {"relu": 1, "tanh": 1, "gelu": 1.1289041451851547863, "silu": 1.0998393201288669170,
             "maxout pieces=3": 1, "identity": 1}


def one_sign(values):
    values = values[values != 0]
    return bool(np.all(values > 0) or np.all(values < 0))


def share(flags):
    return sum(flags) / len(flags) if flags else math.nan


def slope_of(z, a):
    if a is z:
        return np.ones(a.shape)
    return torch.autograd.grad(a.sum(), z, retain_graph=True)[0].numpy()


def columns(name, x, z, a, slope, delta, weight, grad):
    limit, (rows, units) = MAX_SLOPE[name], a.shape
    size = np.abs(slope)
    pairs = [one_sign(delta[r, u] * x[r]) for r in range(rows) for u in range(units)
             if delta[r, u] != 0 and np.any(x[r] != 0)]
    return {
        "z_mean": z.mean(), "z_std": z.std(), "a_mean": a.mean(), "a_std": a.std(), "a_min": a.min(),
        "a_max": a.max(), "zero": (a == 0).mean(), "saturated": (size < 0.05 * limit).mean(),
        "dead": np.all(size <= 0.001 * limit, axis=0).mean(), "slope": size.mean(),
        "delta_rms": np.sqrt((delta ** 2).mean()), "weight_mean": weight.mean(), "weight_std": weight.std(),
        "weight_norm": np.sqrt((weight ** 2).sum()), "grad_norm": np.sqrt((grad ** 2).sum()),
        "grad_mean": grad.mean(), "grad_std": grad.std(), "same_sign_row": share(pairs),
        "same_sign_batch": share([one_sign(column) for column in grad if np.any(column != 0)]),
    }


def of_chosen_pieces(z, dz, units):
    """[rows][units] of [rows][units * pieces]: the largest piece of a unit, and the gradient that belongs to it."""
    z, dz = z.reshape(len(z), units, -1), dz.reshape(len(z), units, -1)
    chosen = z.argmax(axis=2)[:, :, None]
    return np.take_along_axis(z, chosen, 2)[:, :, 0], np.take_along_axis(dz, chosen, 2)[:, :, 0]


def measure(net):
    logits, loss = net.value()
    for _, z, _ in net.trace:
        z.retain_grad()
    slopes = [None if net.pieces > 1 and z.shape != a.shape else slope_of(z, a) for _, z, a in net.trace]
    loss.backward()
    table = {}
    for n, (x, z, a) in enumerate(net.trace, 1):
        name = net.activation if n < len(net.trace) else "identity"
        own_z, dz = of_chosen_pieces(z.detach().numpy(), z.grad.numpy(), a.shape[1])
        slope = np.ones(a.shape) if slopes[n - 1] is None else slopes[n - 1]
        row = columns(name, x.detach().numpy(), own_z, a.detach().numpy(), slope, dz * len(net.x),
                      net.p[f"layers.{n}.weight"].detach().numpy(), net.p[f"layers.{n}.weight"].grad.numpy())
        for key, value in row.items():
            table.setdefault(key, []).append(value)
    return float(loss), table


def show_probe(net):
    """The first rows are zero, all positive, all negative."""
    net.x[0], net.x[1], net.x[2] = 0, net.x[1].abs() + 0.01, -net.x[2].abs() - 0.01
    show_start(net)
    loss, table = measure(net)
    print(f"\ncase {net.norm}")
    show("loss", loss)
    for key, values in table.items():
        show(key, values)
    for name, value in net.running.items():
        # a fit sets the running statistics to the batch's: PyTorch's momentum undone
        show(name, value / 0.1 if name.endswith("mean") else (value - 0.9) / 0.1)
    print()


torch.manual_seed(2)
print(f"# made by tests/reference/probe.py with PyTorch {torch.__version__} and numpy {np.__version__}\n")
wide = Net("tanh", "none", "cross_entropy", [6, 5], 3)
wide.x = draw(8, 4, scale=1.5)
wide.reset()
show_probe(wide)
dying = Net("relu", "none", "cross_entropy", [7, 5], 3)
dying.params["layers.1.bias"][:2] = -30
dying.reset()
show_probe(dying)
show_probe(Net("gelu", "batch", "cross_entropy", [5, 4], 3))
show_probe(Net("maxout pieces=3", "batch", "cross_entropy", [4, 3], 3))
show_probe(Net("silu", "layer", "cross_entropy", [5], 4))
