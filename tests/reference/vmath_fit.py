#!/usr/bin/python3
"""Fits the polynomials of src/base/vmath.h: prints each one's float coefficients, lowest power first, and the
largest relative error of the function with the rounded coefficients. Remez' exchange in 40 digits."""
import numpy as np
from mpmath import mp, mpf, matrix, lu_solve, erf, erfc, expm1, log, log1p, sqrt

mp.dps = 40


def exchange(basis, goal, low, high, rounds=12, points=1501):
    """Coefficients c that minimise max |sum c_i basis_i(x) - goal(x)| over [low, high]."""
    n = len(basis)
    grid = [low + (high - low) * (1 - mp.cos(mp.pi * i / points)) / 2 for i in range(points + 1)]
    table = [[b(x) for b in basis] for x in grid]
    goals = [goal(x) for x in grid]
    at = [round(points * i / n) for i in range(n + 1)]
    for _ in range(rounds):
        system = matrix([table[j] + [mpf(-1) ** i] for i, j in enumerate(at)])
        solution = lu_solve(system, matrix([goals[j] for j in at]))
        c = list(solution)[:n]
        error = [sum(a * b for a, b in zip(c, row)) - g for row, g in zip(table, goals)]
        signed = [j for j in range(points + 1) if error[j] != 0]
        extremes = signed[:1]
        for j in signed[1:]:
            if mp.sign(error[j]) == mp.sign(error[extremes[-1]]):
                if abs(error[j]) > abs(error[extremes[-1]]):
                    extremes[-1] = j
            else:
                extremes.append(j)
        while len(extremes) > n + 1:
            extremes.pop(0 if abs(error[extremes[0]]) < abs(error[extremes[-1]]) else -1)
        if len(extremes) < n + 1:
            break
        at = extremes
    return c


def powers(count, weight):
    return [lambda x, i=i: x ** i * weight(x) for i in range(count)]


def rounded(c):
    return [mpf(float(np.float32(float(v)))) for v in c]


def horner(c, x):
    total = mpf(0)
    for v in reversed(c):
        total = total * x + v
    return total


def show(name, c, approximation, function, low, high):
    grid = [low + (high - low) * i / 3000 for i in range(3001)]
    worst = max(abs(approximation(x) / function(x) - 1) for x in grid if x != 0)
    print(f"{name}: relative error {float(worst):.2e} on [{float(low):.4f}, {float(high):.4f}]")
    print("   ", ", ".join(f"{float(v):.9g}f" for v in c))


# expm1(r) = r + r^2 P(r), |r| <= ln 2 / 2
edge = log(2) / 2 * mpf("1.0001")
c = rounded(exchange(powers(5, abs), lambda r: abs(r) * (expm1(r) - r) / r ** 2 if r else mpf(0), -edge, edge))
show("expm1", c, lambda r: r + r ** 2 * horner(c, r), expm1, -edge, edge)

# log(1 + f) = f - f^2/2 + f^3 P(f), 1 + f in [sqrt(1/2), sqrt(2)]
low, high = sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1
c = rounded(exchange(powers(8, lambda f: f * f), lambda f: (log1p(f) - f + f * f / 2) / f if f else mpf(0), low, high))
show("log1p", c, lambda f: f - f * f / 2 + f ** 3 * horner(c, f), log1p, low, high)

# erf(x) = 1 - exp(-x S(x)), 0 <= x <= 3.925: in erf an error e of S counts x erfc(x) e / erf(x), relatively
goal = lambda x: -log(erfc(x)) / x if x else 2 / sqrt(mp.pi)
weight = lambda x: x * erfc(x) / erf(x) if x else sqrt(mp.pi) / 2
c = rounded(exchange(powers(8, weight), lambda x: goal(x) * weight(x), mpf(0), mpf("3.925")))
show("erf", c, lambda x: -expm1(-x * horner(c, x)), erf, mpf(0), mpf("3.925"))
