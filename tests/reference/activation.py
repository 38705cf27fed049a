"""Values and derivatives of PyTorch's activations in float64: python3 activation.py > activation.txt

See reference.h for the format. Lines: the points z, f(z) as value, f'(z) as slope.
"""
import torch
import torch.nn.functional as F

GRID = [-1e30, -100, -20, -6.5, -4, -3, -2.5, -1.5, -1, -0.5, -0.1, -1e-4, -0.0,
        0.0, 1e-4, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5.5, 6, 6.5, 20, 100, 1e30]

# PyTorch's own hardsigmoid keeps 1/6 as a float: here it is spelt out.
def hardsigmoid(z):
    return F.relu6(z + 3) / 6

# Alphas are exact in float, to which PyTorch 1.13 rounds them on the way back.
CASES = [
    ("identity", lambda z: z * 1),
    ("sigmoid", torch.sigmoid),
    ("tanh", torch.tanh),
    ("relu", F.relu),
    ("leaky_relu", F.leaky_relu),
    ("leaky_relu slope=0.2", lambda z: F.leaky_relu(z, 0.2)),
    ("prelu", lambda z: F.prelu(z, torch.tensor([0.25], dtype=torch.float64))),
    ("prelu start=-1.5", lambda z: F.prelu(z, torch.tensor([-1.5], dtype=torch.float64))),
    ("elu", F.elu),
    ("elu alpha=2.5", lambda z: F.elu(z, 2.5)),
    ("celu", F.celu),
    ("celu alpha=0.25", lambda z: F.celu(z, 0.25)),
    ("selu", F.selu),
    ("gelu", F.gelu),
    ("gelu approximate=tanh", lambda z: F.gelu(z, approximate="tanh")),
    ("silu", F.silu),
    ("mish", F.mish),
    ("softplus", F.softplus),
    ("softplus beta=3", lambda z: F.softplus(z, beta=3)),
    ("softsign", F.softsign),
    ("relu6", F.relu6),
    ("hardtanh", F.hardtanh),
    ("hardtanh min=-0.1 max=2", lambda z: F.hardtanh(z, -0.1, 2.0)),
    ("hardsigmoid", hardsigmoid),
    ("hardswish", F.hardswish),
]

for head, function in CASES:
    z = torch.tensor(GRID, dtype=torch.float64, requires_grad=True)
    value = function(z)
    value.sum().backward()
    print("case", head)
    for key, numbers in ("z", z), ("value", value), ("slope", z.grad):
        print(key, " ".join("%.17g" % number for number in numbers.tolist()))
    print()
