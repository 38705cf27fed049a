"""Values and gradients of every loss: python3 tests/reference/loss.py > tests/reference/loss.txt

From torch.nn.functional (1.13, float64), gradients by its autograd. Where torch has no such weights, its loss of
each row (reduction none) is averaged with them here. Inputs are multiples of 1/64: exact in single precision.
"""
import random

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
draw = random.Random(1)


def numbers(rows, out, size=3.0):
    return torch.tensor([[round(64 * draw.gauss(0, size)) / 64 for _ in range(out)] for _ in range(rows)])


def positive(n):
    return torch.tensor([draw.randint(1, 128) / 32 for _ in range(n)])


def labels(rows, classes):
    return torch.tensor([draw.randrange(classes) for _ in range(rows)])


def show(name, logits, target, loss, smoothing=0.0, weight=None, class_weight=None, **fields):
    """`loss(z)`: the mean loss, a scalar tensor."""
    z = logits.clone().requires_grad_()
    value = loss(z)
    value.backward()
    print(" ".join(["case", name, *(f"{k}={v}" for k, v in fields.items())]))
    print("shape", *logits.shape)
    lists = dict(smoothing=torch.tensor([smoothing]), logits=logits, target=target, weight=weight,
                 class_weight=class_weight, value=value.detach(), d=z.grad)
    for key, tensor in lists.items():
        if tensor is not None:
            print(key, *map(repr, tensor.reshape(-1).tolist()))
    print()


def weighted(rows, s, c):
    """Mean of rows with sample weights s and class weights c, each a number a row or None."""
    weights = torch.ones_like(rows)
    for factor in (s, c):
        weights = weights if factor is None else weights * factor
    return (weights * rows).sum() / weights.sum()


def cross_entropy(rows, out, size=3.0, sample=False, classes=False, smoothing=0.0):
    z, y = numbers(rows, out, size), labels(rows, out)
    w = positive(out) if classes else None
    s = positive(rows) if sample else None

    def loss(z):
        if s is None:
            return F.cross_entropy(z, y, weight=w, label_smoothing=smoothing)
        each = F.cross_entropy(z, y, weight=w, label_smoothing=smoothing, reduction="none")
        return (s * each).sum() / (s * (1 if w is None else w[y])).sum()

    show("cross_entropy", z, F.one_hot(y, out).double(), loss, smoothing, s, w)


def mixed_entropy(rows, out, smoothing=0.0):
    z, share = numbers(rows, out), torch.tensor([[draw.randint(0, 64) / 64] for _ in range(rows)])
    target = share * F.one_hot(labels(rows, out), out) + (1 - share) * F.one_hot(labels(rows, out), out)
    show("cross_entropy", z, target, lambda z: F.cross_entropy(z, target, label_smoothing=smoothing), smoothing)


def bce(rows, out, size=3.0, sample=False, classes=False):
    z = numbers(rows, out, size)
    y = labels(rows, max(out, 2))
    target = y.double().reshape(rows, 1) if out == 1 else F.one_hot(y, out).double()
    w = positive(max(out, 2)) if classes else None
    s = positive(rows) if sample else None

    def loss(z):
        if s is None and w is None:
            return F.binary_cross_entropy_with_logits(z, target)
        each = F.binary_cross_entropy_with_logits(z, target, reduction="none").mean(dim=1)
        return weighted(each, s, None if w is None else w[y])

    show("bce", z, target, loss, 0.0, s, w)


def hinge(rows, out, margin=1.0, sample=False, classes=False):
    z, y = numbers(rows, out), labels(rows, out)
    w = positive(out) if classes else None
    s = positive(rows) if sample else None

    def loss(z):
        each = F.multi_margin_loss(z, y, margin=margin, reduction="none") * out
        return weighted(each, s, None if w is None else w[y])

    show("hinge", z, F.one_hot(y, out).double(), loss, 0.0, s, w, margin=margin)


def residual(name, rows, out, each, mean=None, sample=False, classes=False, size=3.0, **fields):
    """A loss of z - target; `mean` is torch's own mean, where no weights stand in its way."""
    z, y = numbers(rows, out, size), labels(rows, out)
    target = F.one_hot(y, out).double() if classes else numbers(rows, out)
    w = positive(out) if classes else None
    s = positive(rows) if sample else None

    def loss(z):
        if s is None and w is None:
            return mean(z, target)
        return weighted(each(z, target).mean(dim=1), s, None if w is None else w[y])

    show(name, z, target, loss, 0.0, s, w, **fields)


print(f"# made by tests/reference/loss.py with PyTorch {torch.__version__}\n")
cross_entropy(5, 3)
cross_entropy(32, 10)
cross_entropy(1, 2)
cross_entropy(6, 4, size=100.0)
cross_entropy(5, 3, smoothing=0.125)
cross_entropy(7, 4, classes=True)
cross_entropy(7, 4, classes=True, smoothing=0.25)
cross_entropy(7, 4, sample=True)
cross_entropy(7, 5, sample=True, classes=True, smoothing=0.5)
mixed_entropy(6, 4)
mixed_entropy(6, 4, smoothing=0.25)
bce(9, 1)
bce(7, 1, size=60.0)
bce(9, 1, classes=True)
bce(9, 1, sample=True, classes=True)
bce(6, 4)
bce(40, 10)
bce(6, 4, sample=True, classes=True)
hinge(6, 4)
hinge(6, 4, margin=2.5)
hinge(6, 4, sample=True, classes=True)


def mse_of(factor):
    return dict(each=lambda z, t: factor * F.mse_loss(z, t, reduction="none"),
                mean=lambda z, t: factor * F.mse_loss(z, t))


residual("mse", 6, 4, **mse_of(1.0))
residual("mse", 9, 1, **mse_of(0.5), factor=0.5)
residual("mse", 6, 4, **mse_of(1.0), sample=True)
residual("mse", 6, 4, **mse_of(1.0), sample=True, classes=True)
mae = dict(each=lambda z, t: F.l1_loss(z, t, reduction="none"), mean=F.l1_loss)
residual("mae", 6, 4, **mae)
residual("mae", 6, 4, **mae, sample=True)
for delta in (1.0, 0.25, 4.0):
    residual("huber", 6, 4, each=None, mean=lambda z, t: F.huber_loss(z, t, delta=delta), delta=delta)
residual("huber", 6, 4, each=lambda z, t: F.huber_loss(z, t, reduction="none"), sample=True, classes=True)
