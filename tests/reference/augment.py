#!/usr/bin/python3
"""Writes tests/reference/augment.txt: what others make of a small image.

    tests/reference/augment.py > tests/reference/augment.txt

Images are planes [3][height][width] of values 0 ... 255 unless a case says otherwise. HSV is Python's colorsys. The formulas
of torchvision (transforms/functional_tensor.py: _blend, rgb_to_grayscale, adjust_*, rotate with a filled mask) are written
out with torch; resizing is torch.nn.functional.interpolate, turning and moving grid_sample, padding numpy.pad,
principal components numpy.linalg.eigh.
"""
import colorsys

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.RandomState(6)
H, W, MAX = 5, 6, 255.0
x = np.round(rng.rand(3, H, W) * MAX)
x[:, 0, 0] = 0, 0, 0
x[:, 0, 1] = 255, 255, 255
x[:, 0, 2] = 77, 77, 77
x[:, 0, 3] = 255, 0, 0
x[:, 0, 4] = 0, 255, 255
x[:, 0, 5] = 9, 200, 200
x[:, 1, 0] = 200, 9, 200
x[:, 1, 1] = 200, 200, 9
x[:, 1, 2] = 0, 0, 1
x[:, 1, 3] = 128, 127, 128


def show(key, values):
    print(key, *["%.9g" % v for v in np.ravel(values)])


def hsv(image, shift, saturation, value):
    out = np.empty_like(image)
    for i in np.ndindex(H, W):
        h, s, v = colorsys.rgb_to_hsv(*(image[(slice(None),) + i] / MAX))
        out[(slice(None),) + i] = colorsys.hsv_to_rgb((h + shift) % 1, min(s * saturation, 1), min(v * value, 1))
    return out * MAX


def blend(a, b, ratio):
    return (ratio * a + (1 - ratio) * b).clamp(0, 1)


def grey(image):
    return (0.2989 * image[0] + 0.587 * image[1] + 0.114 * image[2])[None]


def grid_sample(image, matrix, fill):
    """matrix: output to input, in pixels about the centre."""
    t = torch.tensor(image)[None]
    h, w = t.shape[2:]
    scale = torch.tensor([w / 2.0, h / 2.0], dtype=torch.float64)
    theta = torch.tensor(matrix, dtype=torch.float64)
    theta = torch.cat([theta[:, :2] * scale[None, :] / scale[:, None], theta[:, 2:] / scale[:, None]], 1)
    grid = F.affine_grid(theta[None], t.shape, align_corners=False)
    mask = F.grid_sample(torch.ones_like(t), grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    out = F.grid_sample(t, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return (out + (1 - mask) * fill)[0].numpy()


print("# Written by tests/reference/augment.py with torch", torch.__version__, "and numpy", np.__version__)

print("case color_jitter")
show("x", x)
for i, arguments in enumerate([(0.3, 1, 1), (-0.21, 1.4, 0.7), (0.5, 0.2, 1.3), (0, 1, 1), (1, 1, 1), (0.9, 0, 1), (0.08, 3, 5)]):
    show("arguments%d" % i, arguments)
    show("out%d" % i, hsv(x, *arguments))
print()

t = torch.tensor(x / MAX)
print("case color_jitter_torchvision")
show("x", x)
for i, factor in enumerate([0.35, 1.0, 1.8]):
    show("factor%d" % i, [factor])
    show("brightness%d" % i, blend(t, torch.zeros_like(t), factor).numpy() * MAX)
    show("contrast%d" % i, blend(t, grey(t).mean(), factor).numpy() * MAX)
    show("saturation%d" % i, blend(t, grey(t).expand_as(t), factor).numpy() * MAX)
print()

print("case gray")
show("x", x)
show("out", grey(torch.tensor(x)).expand(3, H, W).numpy())
print()

print("case brightness_contrast")
show("x", x)
for i, (gain, shift) in enumerate([(0.5, 0), (1.7, 30), (1, -60)]):
    show("arguments%d" % i, [gain, shift])
    show("out%d" % i, np.clip(x.mean() + gain * (x - x.mean()) + shift, 0, MAX))
print()

images = np.round(rng.rand(4, 12, 1) * [150, 120, 100] + rng.rand(4, 12, 3) * [80, 90, 40])  # [rows][pixels][3]
pixels = images.reshape(-1, 3) / MAX
value, vector = np.linalg.eigh(np.cov(pixels.T, bias=True))
value, vector = value[::-1], vector[:, ::-1].T
vector = np.array([v if v[np.argmax(abs(v))] > 0 else -v for v in vector])
print("case pca_color")
show("x", images)
show("covariance", np.cov(pixels.T, bias=True))
show("values", value)
show("vectors", vector)
print()

print("case resized_crop")
show("x", x)
for i, (top, left, h, w, oh, ow) in enumerate([(0, 0, H, W, H, W), (0, 0, H, W, 9, 8), (1, 2, 3, 2, 5, 6), (0, 1, 5, 4, 2, 3), (4, 5, 1, 1, 3, 2)]):
    show("arguments%d" % i, [top, left, h, w, oh, ow])
    cut = torch.tensor(x[:, top:top + h, left:left + w])[None]
    show("out%d" % i, F.interpolate(cut, size=(oh, ow), mode="bilinear", align_corners=False)[0].numpy())
print()

print("case rotate")
show("x", x)
for i, (degrees, fill) in enumerate([(90, 0), (180, 0), (10, 0), (-33, 128), (145, 255)]):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    out = grid_sample(x, [[c, -s, 0], [s, c, 0]], fill)
    if degrees == 180:
        assert np.allclose(out, np.rot90(x, 2, axes=(1, 2)))
    square = np.pad(x, ((0, 0), (0, 1), (0, 0)))
    assert np.allclose(grid_sample(square, [[0, -1, 0], [1, 0, 0]], 0), np.rot90(square, 1, axes=(1, 2)))  # anticlockwise
    show("arguments%d" % i, [degrees, fill])
    show("out%d" % i, out)
print()

print("case translate")
show("x", x)
for i, (down, right, fill) in enumerate([(1, 0, 0), (-2, 3, 50), (4, -5, 0)]):
    show("arguments%d" % i, [down, right, fill])
    show("out%d" % i, grid_sample(x, [[1, 0, -right], [0, 1, -down]], fill))
print()

print("case crop")
show("x", x)
for i, (mode, pad, top, left, h, w) in enumerate([("constant", 2, 0, 0, 5, 6), ("constant", 4, 8, 8, 5, 6), ("constant", 4, 8, 0, 3, 2),
                                                  ("edge", 7, 0, 14, 5, 6), ("edge", 2, 1, 3, 4, 4), ("reflect", 4, 0, 0, 5, 6),
                                                  ("reflect", 4, 8, 8, 5, 6), ("reflect", 2, 0, 4, 3, 5), ("reflect", 4, 0, 0, 13, 13)]):
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad)), mode)
    show("arguments%d" % i, [["constant", "edge", "reflect"].index(mode), top - pad, left - pad, h, w])
    show("out%d" % i, padded[:, top:top + h, left:left + w])
print()

print("case mixup")
logits = np.round(rng.randn(10, 4) * 3, 3)
z = torch.tensor(logits)
show("x", logits)
show("softmax", torch.log(torch.softmax(z, 1).mean(0)).numpy())
show("sigmoid", torch.logit(torch.sigmoid(z).mean(0)).numpy())
show("values", z.mean(0).numpy())
print()
