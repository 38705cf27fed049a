"""Factors of every schedule: python3 tests/reference/schedule.py > tests/reference/schedule.txt

From torch.optim.lr_scheduler (1.13, float64) where it has the schedule, else LambdaLR over the published formula.
`factor` lists the learning rate of an optimizer with rate 1 before each unit; plateau is fed `loss` after each.
"""
import math
import random
import warnings

import torch
import torch.optim.lr_scheduler as theirs

warnings.filterwarnings("ignore")


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def rates(make, total, losses=None):
    sgd = optimizer()
    scheduler, out = make(sgd), []
    for t in range(total):
        out.append(sgd.param_groups[0]["lr"])
        sgd.step()
        if t + 1 < total:
            scheduler.step(*([losses[t]] if losses else []))
    return out


def show(name, total, make, losses=None, **fields):
    words = [f"{k}={str(v).replace(' ', '').strip('[]')}" for k, v in fields.items()]
    print(" ".join(["case", name, *words]))
    print(f"total {total}")
    if losses:
        print("loss", *map(repr, losses))
    print("factor", *map(repr, rates(make, total, losses)))
    print()


def formula(name, total, f, **fields):
    show(name, total, lambda sgd: theirs.LambdaLR(sgd, f), **fields)


def cosine_from(eta_min, total):
    return lambda sgd: theirs.CosineAnnealingLR(sgd, total, eta_min)


print(f"# made by tests/reference/schedule.py with PyTorch {torch.__version__}\n")
formula("constant", 60, lambda t: 1)
show("step", 60, lambda sgd: theirs.StepLR(sgd, 10, 0.1))
show("step", 60, lambda sgd: theirs.StepLR(sgd, 7, 0.5), size=7, gamma=0.5, unit="step")
show("multistep", 60, lambda sgd: theirs.MultiStepLR(sgd, [3, 20, 50]), milestones=[3, 20, 50])
show("multistep", 90, lambda sgd: theirs.MultiStepLR(sgd, [1, 30, 30, 30, 89], 0.3), milestones=[1, 30, 30, 30, 89],
     gamma=0.3)
show("multistep", 60, lambda sgd: theirs.MultiStepLR(sgd, [20, 3, 20], 0.5), milestones=[20, 3, 20], gamma=0.5)
show("exponential", 60, lambda sgd: theirs.ExponentialLR(sgd, 0.95))
show("exponential", 60, lambda sgd: theirs.ExponentialLR(sgd, 0.75), gamma=0.75)
formula("inverse_time", 60, lambda t: 1 / (1 + 0.1 * t))
formula("inverse_time", 60, lambda t: 1 / (1 + 2.5 * t), decay=2.5)
formula("inverse_sqrt", 60, lambda t: 1 / math.sqrt(max(t, 1)))
formula("inverse_sqrt", 60, lambda t: math.sqrt(9) / math.sqrt(max(t, 9)), flat=9)
show("polynomial", 60, lambda sgd: theirs.PolynomialLR(sgd, 60, 1.0))
show("polynomial", 60, lambda sgd: theirs.PolynomialLR(sgd, 60, 2.5), power=2.5)
formula("polynomial", 60, lambda t: 0.25 + 0.75 * (1 - t / 60) ** 0.5, power=0.5, final_factor=0.25)
show("polynomial", 7, lambda sgd: theirs.PolynomialLR(sgd, 7, 0.5), power=0.5)
show("polynomial", 60, lambda sgd: theirs.PolynomialLR(sgd, 60, 0.0), power=0)
show("linear", 60, lambda sgd: theirs.LinearLR(sgd, 1.0, 0.0, 60))
show("linear", 13, lambda sgd: theirs.LinearLR(sgd, 1.0 / 3, 1.0, 13), start_factor=1.0 / 3, end_factor=1)
show("linear", 60, lambda sgd: theirs.LinearLR(sgd, 0.25, 0.75, 60), start_factor=0.25, end_factor=0.75)
show("cosine", 60, cosine_from(0.0, 60))
show("cosine", 60, cosine_from(0.125, 60), min_factor=0.125)
show("cosine", 7, cosine_from(0.5, 7), min_factor=0.5)
show("cosine", 1, cosine_from(0.0, 1))
show("cosine_restarts", 60, lambda sgd: theirs.CosineAnnealingWarmRestarts(sgd, 10))
show("cosine_restarts", 100, lambda sgd: theirs.CosineAnnealingWarmRestarts(sgd, 7, 2, 0.125), first=7, multiplier=2,
     min_factor=0.125)
show("cosine_restarts", 100, lambda sgd: theirs.CosineAnnealingWarmRestarts(sgd, 1, 3), first=1, multiplier=3)

show("cosine_restarts", 200, lambda sgd: theirs.CosineAnnealingWarmRestarts(sgd, 10, 2), first=10, multiplier=2)
show("cosine_restarts", 50, lambda sgd: theirs.CosineAnnealingWarmRestarts(sgd, 200), first=200)


def one_cycle(total, start_divisor=25.0, final_divisor=1e4, share=0.3, anneal="cos", **fields):
    show("one_cycle", total,
         lambda sgd: theirs.OneCycleLR(sgd, 1.0, total_steps=total, pct_start=share, anneal_strategy=anneal,
                                       cycle_momentum=False, div_factor=start_divisor,
                                       final_div_factor=final_divisor),
         start_divisor=start_divisor, final_divisor=final_divisor, share=share, anneal=anneal, **fields)


one_cycle(60)
one_cycle(100, start_divisor=10.0, final_divisor=50.0, share=0.45, anneal="linear", unit="epoch")
one_cycle(3)
one_cycle(60, share=0.0)
one_cycle(60, share=1.0)
for total in (2, 7, 61, 101):
    for share in (0.1, 0.25, 1 / 3, 0.5, 0.9):
        if total * share == 1:
            continue  # torch divides by 0
        one_cycle(total, share=share, anneal="cos")
        one_cycle(total, share=share, anneal="linear", final_divisor=10.0)


def cyclic(total, base_factor=0.1, up=2000, down=None, mode="triangular", gamma=1.0):
    fields = dict(base_factor=base_factor, up=up, mode=mode, gamma=gamma)
    if down:
        fields["down"] = down
    show("cyclic", total,
         lambda sgd: theirs.CyclicLR(sgd, base_factor, 1.0, up, down, mode, gamma, cycle_momentum=False), **fields)


cyclic(60)
cyclic(100, up=8)
cyclic(100, up=5, down=13, base_factor=0.25)
cyclic(100, up=8, mode="triangular2", down=4)
cyclic(100, up=1, down=1, mode="triangular2")
for mode in ("triangular", "triangular2", "exp_range"):
    cyclic(100, up=7, down=16, mode=mode, base_factor=0.05, gamma=0.99 if mode == "exp_range" else 1.0)
    cyclic(100, up=13, down=2, mode=mode, gamma=0.9 if mode == "exp_range" else 1.0)
cyclic(100, up=10, mode="exp_range", gamma=0.97, base_factor=0.0)


def plateau(losses, factor=0.1, patience=10, threshold=1e-4, cooldown=0, min_factor=0.0):
    show("plateau", len(losses),
         lambda sgd: theirs.ReduceLROnPlateau(sgd, factor=factor, patience=patience, threshold=threshold,
                                              cooldown=cooldown, min_lr=min_factor, eps=0),
         losses, factor=factor, patience=patience, threshold=threshold, cooldown=cooldown, min_factor=min_factor)


draw = random.Random(1)
noisy = [round(math.exp(-t / 10) + 0.25 * draw.random(), 6) for t in range(100)]
plateau([1.0] * 60)
plateau(noisy)
plateau(noisy, factor=0.5, patience=2, cooldown=3, min_factor=0.01)
plateau(noisy, factor=0.5, patience=0, threshold=0.125)
plateau([1.0, 0.99991, 0.99989, 0.99990, 0.99978] * 4, factor=0.5, patience=1)
plateau([math.nan, math.nan, 0.5, math.inf, math.nan, 0.25, 0.3, -1.0, -0.5, -0.9999, -1.00005] * 3, factor=0.5,
        patience=1)
rising = [0.01 * t for t in range(60)]
ties = [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25] * 6
stairs = [2.0 ** -(t // 12) for t in range(100)]
holes = [math.nan if t % 3 == 1 else 1.0 / (1 + t // 7) for t in range(90)]
for losses in (rising, ties, stairs, holes, [math.inf] * 30, [math.nan] * 30, [0.0] * 30, [-1.0] * 30):
    for patience in (0, 1, 5):
        for cooldown in (0, 1, 4):
            plateau(losses, factor=0.5, patience=patience, cooldown=cooldown, min_factor=0.001)
    plateau(losses, factor=0.3, patience=3, threshold=0.0)
    plateau(losses, factor=0.9, patience=2, threshold=0.5, cooldown=2, min_factor=0.6)


def warmed(name, epochs, steps_per_epoch, warmup, start, after, **fields):
    """`rate`: the rate of every update, train.lr 1, `after` being stepped every update from the warm-up's end."""
    updates, n = epochs * steps_per_epoch, round(warmup * steps_per_epoch)

    def make(sgd):
        first = theirs.LinearLR(sgd, start, 1.0, n)
        return theirs.SequentialLR(sgd, [first, after(sgd, updates - n)], [n])

    words = [f"{k}={str(v).replace(' ', '').strip('[]')}" for k, v in fields.items()]
    print(" ".join(["case", name, *words]))
    print(f"warmup {warmup} {start}")
    print(f"epochs {epochs} {steps_per_epoch}")
    print("rate", *map(repr, rates(make, updates)))
    print()


warmed("constant", 6, 10, 2, 0.25, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 1.0))
warmed("cosine", 6, 10, 2, 0.125, lambda sgd, left: theirs.CosineAnnealingLR(sgd, left), unit="step")
warmed("constant", 4, 7, 1 / 7, 0.5, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 1.0))
warmed("constant", 4, 7, 3.9, 0.01, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 1.0))
warmed("cosine_restarts", 6, 10, 1.3, 0.2, lambda sgd, left: theirs.CosineAnnealingWarmRestarts(sgd, 6, 2),
       unit="step", first=6, multiplier=2)
warmed("step", 6, 10, 1.3, 0.2, lambda sgd, left: theirs.StepLR(sgd, 9, 0.5), unit="step", size=9, gamma=0.5)
warmed("multistep", 6, 10, 3, 0.2, lambda sgd, left: theirs.MultiStepLR(sgd, [10, 20], 0.5), milestones=[1, 2],
       gamma=0.5)
warmed("polynomial", 5, 8, 1.5, 0.5, lambda sgd, left: theirs.PolynomialLR(sgd, left, 2.0), unit="step", power=2.0)
warmed("exponential", 6, 10, 2, 0.25, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 0.5 ** (t // 10)), gamma=0.5)
warmed("linear", 6, 10, 2, 0.25, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 1 - (t // 10) / 4))
warmed("linear", 5, 10, 0.5, 0.25, lambda sgd, left: theirs.LambdaLR(sgd, lambda t: 1 - (t // 10) / 5))
