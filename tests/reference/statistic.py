#!/usr/bin/python3
"""Writes tests/reference/statistic.txt: small layers and their statistics by numpy, straight from the definitions.

    tests/reference/statistic.py > tests/reference/statistic.txt
"""
import numpy as np

PIECES = 2


def relu(z):
    return np.maximum(z, 0), (z > 0) * 1.0, 1.0


def leaky_at_the_limit(z):
    return np.where(z > 0, z, 0.001 * z), np.where(z > 0, 1.0, 0.001), 1.0


def tanh(z):
    return np.tanh(z), 1 - np.tanh(z) ** 2, 1.0


def silu(z):
    s = 1 / (1 + np.exp(-z))
    return z * s, s * (1 + z * (1 - s)), 1.0998


def identity(z):
    return z, np.ones_like(z), 1.0


def one_sign(values):
    values = values[values != 0]
    return len(values) > 0 and (np.all(values > 0) or np.all(values < 0))


def share(flags):
    return np.mean(flags) if len(flags) else np.nan


def statistics(x, z, a, slope, delta, weight, grad, max_slope, ratio):
    x, steps, sums = np.nan_to_num(x), np.nan_to_num(delta), np.nan_to_num(grad)  # a nan has no sign
    row_pairs = [one_sign(x[r] * steps[r, u]) for r in range(len(x)) for u in range(delta.shape[1])
                 if steps[r, u] != 0 and np.any(x[r] != 0)]
    used = [one_sign(sums[:, c]) for c in range(grad.shape[1]) if np.any(sums[:, c] != 0)]
    with np.errstate(invalid="ignore"):
        steep = np.abs(slope)
        blown_up = np.isnan(slope).any()
        limit = np.float32(0.001 * max_slope)  # slopes are float32, so is the limit they are compared with
        flat = np.all(steep.astype(np.float32) <= limit, axis=0)
        return {
            "z_mean": z.mean(), "z_std": z.std(), "a_mean": a.mean(), "a_std": a.std(),
            "a_min": np.nanmin(a), "a_max": np.nanmax(a), "zero": np.nan if np.isnan(a).any() else np.mean(a == 0),
            "saturated": np.nan if blown_up else np.mean(steep < 0.05 * max_slope),
            "dead": np.nan if blown_up else flat.mean(), "slope": steep.mean(),
            "delta_rms": np.sqrt(np.mean(delta ** 2)),
            "weight_mean": weight.mean(), "weight_std": weight.std(), "weight_norm": np.sqrt(np.sum(weight ** 2)),
            "grad_norm": np.linalg.norm(grad), "grad_mean": grad.mean(), "grad_std": grad.std(),
            "same_sign_row": share(row_pairs), "same_sign_batch": share(used), "update_ratio": ratio,
        }


def single(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def show(name, arrays, max_slope, ratio):
    x, z, weight = arrays["x"], arrays["z"], arrays["weight"]
    print(f"case {name} {x.shape[0]} {x.shape[1]} {z.shape[1]} {weight.shape[1]} {max_slope:.17g} {ratio:.17g}")
    for key in ("x", "z", "a", "slope", "delta", "weight", "grad"):
        print(key, " ".join(f"{v:.9g}" for v in arrays[key].ravel()))
    for key, value in statistics(**arrays, max_slope=max_slope, ratio=ratio).items():
        print(key, f"{value:.17g}")


def layer(rng, name, x, units, activation, ratio, weight_std=1.0, bias=0.0, spoil=None):
    rows, fan_in = x.shape
    x = single(x)
    weight = single(rng.normal(0, weight_std, (fan_in, units)))
    z = single(x @ weight + bias)
    if spoil is not None:
        z[spoil] = np.nan
    a, slope, max_slope = activation(z)
    slope = single(slope)
    delta = single(rng.normal(0, 1, (rows, units)) * slope)
    show(name, {"x": x, "z": z, "a": single(a), "slope": slope, "delta": delta, "weight": weight,
                "grad": single(x.T @ delta / rows)}, max_slope, ratio)


def maxout(rng, x, units, ratio):
    """The logged z is the chosen piece; weight and gradient keep all pieces' columns."""
    rows, fan_in = x.shape
    x = single(x)
    weight = single(rng.normal(0, 1, (fan_in, units * PIECES)))
    pieces = (x @ weight).reshape(rows, units, PIECES)
    chosen = pieces.argmax(axis=2)
    z = single(pieces.max(axis=2))
    delta = single(rng.normal(0, 1, (rows, units)))
    spread = np.zeros((rows, units, PIECES))
    np.put_along_axis(spread, chosen[:, :, None], delta[:, :, None], axis=2)
    show("maxout", {"x": x, "z": z, "a": z, "slope": np.ones_like(z), "delta": delta, "weight": weight,
                    "grad": single(x.T @ spread.reshape(rows, -1) / rows)}, 1.0, ratio)


rng = np.random.default_rng(7)
centred = rng.normal(0, 1, (9, 5))
holes = np.where(rng.random((9, 5)) < 0.6, 0, np.abs(rng.normal(0, 1, (9, 5))))
holes[3] = 0
mixed = holes * np.sign(rng.normal(0, 1, (9, 5)))
layer(rng, "relu", centred, 7, relu, 1.25e-3)
layer(rng, "dead_units", np.abs(centred), 6, relu, 0.5, bias=np.array([-50, 1, -50, 0.5, -1, -3]))
layer(rng, "positive_with_holes", holes, 4, relu, np.inf)
layer(rng, "signed_with_holes", mixed, 4, relu, 1e-9, bias=0.3)
layer(rng, "saturated_tanh", centred, 8, tanh, np.nan, weight_std=2.0)
layer(rng, "silu", centred, 6, silu, 1e-3, weight_std=2.0)
layer(rng, "dead_at_the_limit", np.abs(centred), 3, leaky_at_the_limit, 1e-3, bias=np.array([-50, 50, 0]))
layer(rng, "all_dead", centred, 3, relu, 0.0, bias=-100.0)
layer(rng, "one_by_one", np.ones((1, 1)), 1, identity, 1.0)
layer(rng, "far_from_zero", 1000 + centred, 2, identity, 1e-3)
layer(rng, "nan_in_z", centred, 3, tanh, 1e-3, spoil=(2, 1))
maxout(rng, mixed, 5, 2e-3)
