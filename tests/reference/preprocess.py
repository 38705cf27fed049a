#!/usr/bin/python3
"""Writes tests/reference/preprocess.txt: what scikit-learn, and numpy by CS231n's lines, make of small tables.

    tests/reference/preprocess.py > tests/reference/preprocess.txt

shape: training rows, other rows, features, outputs; image (where there is one): height, width, channels, 1 for chw.
x: training rows; other: rows not fitted on. x_out, other_out: both transformed. Further lines are named after the
step's own tensors. In the first table column 3 is constant in training alone, column 4 has a large mean.
"""
import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.preprocessing import (FunctionTransformer, MinMaxScaler, Normalizer, OneHotEncoder, RobustScaler,
                                   StandardScaler)


def exact(values):
    return np.asarray(values).astype(np.float32).astype(np.float64)


rng = np.random.RandomState(3)
x = rng.randn(12, 5) * [1, 20, 0.01, 0, 3] + [0, -5, 0.5, 0.1, 1000]
other = rng.randn(3, 5) * [1, 20, 0.01, 0, 3] + [0, -5, 0.5, 0.1, 1000]
other[:, 3] = 0.35
table = exact(x), exact(other)
square = exact(rng.randn(9, 4) @ rng.randn(4, 4) + [3, 0, -1, 10]), exact(rng.randn(4, 4))  # full rank
wide = exact(rng.randn(5, 11) * 3 + 2), exact(rng.randn(3, 11))                             # rank 4
zeros = square[0].copy(), square[1].copy()
zeros[0][2] = zeros[1][0] = 0
pixels = exact(rng.rand(6, 12) * 255), exact(rng.rand(3, 12) * 255)
codes = exact(rng.choice([-1, 0.5, 2, 7], (10, 3))), None
codes = codes[0], codes[0][[4, 1, 9]]


def show(key, values):
    print(key, *["%.9g" % v for v in np.ravel(values)])


def case(title, data, transform, image=None, **tensors):
    outs = [transform(part) for part in data]
    print("case", title)
    show("shape", [*data[0].shape[:1], *data[1].shape, outs[0].shape[1]])
    if image:
        show("image", image)
    for key, values in zip(["x", "other", "x_out", "other_out"], [*data, *outs]):
        show(key, values)
    for key, values in tensors.items():
        show(key, values)
    print()


def signed(components):
    """Each component with its largest entry positive."""
    at = np.argmax(np.abs(components), axis=1)
    return components * np.sign(components[np.arange(len(components)), at])[:, None]


def scikit_pca(title, data, components=None, whiten=False):
    rank = np.linalg.matrix_rank(data[0] - data[0].mean(0), 1e-3)
    pca = PCA(components or rank, whiten=whiten, svd_solver="full").fit(data[0])
    pca.components_ = signed(pca.components_)
    spectrum = PCA(rank, svd_solver="full").fit(data[0]).explained_variance_
    case(title, data, pca.transform, mean=pca.mean_, components=pca.components_, deviation=np.sqrt(spectrum))


def cs231n(title, data, eps, ddof=0, zca=False, k=None):
    """Its lines: X -= mean; U, S, V = svd(XᵀX / n); X.dot(U) / sqrt(S + 1e-5); zca turns that back by Uᵀ. Directions
    without variance in training are left out, as rows have nothing in them but rounding, or what eps would blow up."""
    mean = data[0].mean(0)
    centred = data[0] - mean
    u, s, _ = np.linalg.svd(centred.T @ centred / (len(centred) - ddof))
    k = k or np.linalg.matrix_rank(centred, 1e-3)
    u, s = signed(u.T[:k]).T, s[:k]
    back = u.T if zca else np.eye(len(s))
    case(title, data, lambda rows: (rows - mean) @ u / np.sqrt(s + eps) @ back, mean=mean)


print("# Written by tests/reference/preprocess.py with scikit-learn", sklearn.__version__)
center = StandardScaler(with_std=False).fit(table[0])
case("center", table, center.transform, mean=center.mean_)
standard = StandardScaler().fit(table[0])
case("standardize", table, standard.transform, mean=standard.mean_, scale=standard.scale_)
for low, high, title in [(0, 1, "minmax"), (-1, 1, "minmax low=-1 high=1"), (-3, 0.5, "minmax low=-3 high=0.5")]:
    scaler = MinMaxScaler((low, high)).fit(table[0])
    case(title, table, scaler.transform, min=scaler.data_min_, max=scaler.data_max_)
case("scale factor=0.0625", table, lambda rows: rows * 0.0625)
for title, low, high in [("robust", 25, 75), ("robust low=10 high=100", 10, 100), ("robust low=0 high=33.3", 0, 33.3)]:
    scaler = RobustScaler(quantile_range=(low, high)).fit(table[0])
    case(title, table, scaler.transform, center=scaler.center_, scale=scaler.scale_)
case("log1p", pixels, FunctionTransformer(np.log1p).transform)
case("log1p symmetric=true", table, lambda rows: np.sign(rows) * np.log1p(np.abs(rows)))
case("clip low=-1 high=2.5", table, lambda rows: np.clip(rows, -1, 2.5))
case("clip low=0.25", table, lambda rows: np.clip(rows, 0.25, None))
case("clip high=0.25", table, lambda rows: np.clip(rows, None, 0.25))
low, high = np.quantile(table[0], [0.1, 0.75], axis=0)
case("clip by=quantile low=0.1 high=0.75", table, lambda rows: np.clip(rows, low, high), low=low, high=high)
for norm in ["l1", "l2", "max"]:
    case("per_row_norm norm=" + norm, zeros, Normalizer(norm).transform)
case("mean_image", pixels, lambda rows: rows - pixels[0].mean(0), image=[2, 2, 3, 0], mean=pixels[0].mean(0))
for layout, axes, shape in [("hwc", (0, 1, 2), (2, 2, 3)), ("chw", (0, 2, 3), (3, 2, 2))]:
    for std in [True, False]:
        images = [part.reshape(-1, *shape) for part in pixels]
        mean = images[0].mean(axes, keepdims=True)
        scale = images[0].std(axes, keepdims=True) if std else np.ones_like(mean)
        case("per_channel std=%s" % str(std).lower(), pixels,
             lambda rows: ((rows.reshape(-1, *shape) - mean) / scale).reshape(len(rows), -1),
             image=[2, 2, 3, int(layout == "chw")], mean=np.broadcast_to(mean[0], shape),
             scale=np.broadcast_to(scale[0], shape))
scikit_pca("pca", table)
scikit_pca("pca", square)
scikit_pca("pca components=2", square, 2)
scikit_pca("pca components=1", wide, 1)
scikit_pca("pca components=0.8", square, 0.8)
scikit_pca("pca components=0.6", wide, 0.6)
scikit_pca("pca", wide)
scikit_pca("whiten eps=0 ddof=1", square, whiten=True)
scikit_pca("whiten eps=0 ddof=1", wide, whiten=True)
scikit_pca("whiten eps=0 ddof=1 components=2", wide, 2, whiten=True)
cs231n("whiten", square, 1e-5)
cs231n("whiten", table, 1e-5)
cs231n("whiten components=3 eps=0.5", wide, 0.5, k=3)
cs231n("whiten method=zca", square, 1e-5, zca=True)
cs231n("whiten method=zca eps=0.1 ddof=1", square, 0.1, 1, True)
cs231n("whiten method=zca eps=0", square, 0, zca=True)
cs231n("whiten method=zca eps=0.01", wide, 0.01, zca=True)
cs231n("whiten method=zca eps=1e-12", wide, 1e-12, zca=True)
cs231n("whiten method=zca eps=0", wide, 0, zca=True)
encoder = OneHotEncoder(sparse_output=False).fit(codes[0])
case("onehot", codes, encoder.transform, counts=[len(c) for c in encoder.categories_],
     categories=np.concatenate(encoder.categories_))
last = OneHotEncoder(sparse_output=False).fit(codes[0][:, [0, 2]])
middle = len(last.categories_[0])
case("onehot columns=-1,0", codes, lambda rows: np.insert(last.transform(rows[:, [0, 2]]), middle, rows[:, 1], axis=1),
     counts=[middle, 0, len(last.categories_[1])], categories=np.concatenate(last.categories_))
