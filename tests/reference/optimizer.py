"""Ten steps of every optimizer: python3 tests/reference/optimizer.py > tests/reference/optimizer.txt

The rules are torch.optim's (1.13, float64). Not in it: lion, written from the paper; and nadam's second momentum
product, in which 1.13 has a factor too many: nadam is written from PyTorch's documentation, and with that factor it
is checked here against torch.
"""
import math

import torch

torch.set_default_dtype(torch.float64)

START = [0.5, -1.25, 2.0, 0.0, -0.03125, 1.5]
# An entry that is always 0 (padding), changes of sign, a zero amid others, a large start, tiny values.
GRADIENTS = [
    [0.5, 8.0, -0.0078125, 0.0, 1e-3, 1.0],
    [0.25, -4.0, -0.015625, 0.0, -1e-3, 1.0],
    [-0.5, 2.0, 0.03125, 0.0, 2e-3, 0.0],
    [-0.75, -1.0, 0.0625, 0.0, 1e-4, 1.0],
    [-0.125, 0.5, 0.125, 0.0, -1e-5, 1.0],
    [0.625, 0.25, -0.25, 0.0, 3e-3, -1.0],
    [1.0, -0.125, -0.5, 0.0, 3e-3, -2.0],
    [1.5, 0.0625, -1.0, 0.0, -2e-3, -0.5],
    [-2.0, 0.03125, 2.0, 0.0, 1e-2, 0.25],
    [0.25, -0.015625, 4.0, 0.0, 5e-3, 0.75],
]


def by_torch(make):
    theta = torch.nn.Parameter(torch.tensor(START))
    optimizer = make([theta])
    rows = []
    for gradient in GRADIENTS:
        theta.grad = torch.tensor(gradient)
        optimizer.step()
        rows.append(theta.detach().tolist())
    return rows


def sign(x):
    return (x > 0) - (x < 0)


def lion(lr, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Chen et al. 2023, algorithm 2."""
    theta, mean, rows = list(START), [0.0] * len(START), []
    for gradient in GRADIENTS:
        for i, g in enumerate(gradient):
            c = beta1 * mean[i] + (1 - beta1) * g
            theta[i] -= lr * (sign(c) + weight_decay * theta[i])
            mean[i] = beta2 * mean[i] + (1 - beta2) * g
        rows.append(list(theta))
    return rows


def nadam(lr, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=0.004, as_in_1_13=False):
    theta, mean, square = list(START), [0.0] * len(START), [0.0] * len(START)
    product, rows = 1.0, []
    for t, gradient in enumerate(GRADIENTS, 1):
        now = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        after = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        product *= now
        product_after = product * after * (now if as_in_1_13 else 1)
        for i, g in enumerate(gradient):
            mean[i] = beta1 * mean[i] + (1 - beta1) * g
            square[i] = beta2 * square[i] + (1 - beta2) * g * g
            m = after * mean[i] / (1 - product_after) + (1 - now) * g / (1 - product)
            theta[i] -= lr * m / (math.sqrt(square[i] / (1 - beta2 ** t)) + eps)
        rows.append(list(theta))
    return rows


def show(name, lr, rows, **fields):
    words = [f"{k}={str(v).lower()}" for k, v in fields.items()]
    print(" ".join(["case", name, *words]))
    print(f"lr {lr!r}")
    for t, row in enumerate(rows, 1):
        print(f"theta{t}", *map(repr, row))
    print()


def torch_case(name, lr, rule, fields=None, **options):
    fields = options if fields is None else fields
    show(name, lr, by_torch(lambda params: rule(params, lr=lr, **options)), **fields)


def adam_case(name, lr, rule, beta1=0.9, beta2=0.999, **options):
    fields = dict(options)
    if (beta1, beta2) != (0.9, 0.999):
        fields.update(beta1=beta1, beta2=beta2)
    torch_case(name, lr, rule, fields, betas=(beta1, beta2), **options)


def nadam_case(lr, **options):
    betas = options.get("beta1", 0.9), options.get("beta2", 0.999)
    rest = {k: v for k, v in options.items() if not k.startswith("beta")}
    theirs = by_torch(lambda params: torch.optim.NAdam(params, lr=lr, betas=betas, **rest))
    ours = nadam(lr, as_in_1_13=True, **options)
    assert torch.allclose(torch.tensor(ours), torch.tensor(theirs), rtol=1e-12, atol=1e-14)
    show("nadam", lr, nadam(lr, **options), **options)


def rprop_case(lr, eta_minus=0.5, eta_plus=1.2, step_min=1e-6, step_max=50):
    rows = by_torch(lambda params: torch.optim.Rprop(params, lr, (eta_minus, eta_plus), (step_min, step_max)))
    show("rprop", lr, rows, eta_minus=eta_minus, eta_plus=eta_plus, step_min=step_min, step_max=step_max)


optim = torch.optim
print(f"# made by tests/reference/optimizer.py with PyTorch {torch.__version__}\n")
print("case sgd")
print("start", *START)
for t, gradient in enumerate(GRADIENTS, 1):
    print(f"grad{t}", *gradient)
print()

torch_case("sgd", 0.01, optim.SGD)
torch_case("sgd", 0.05, optim.SGD, momentum=0.9)
torch_case("sgd", 0.05, optim.SGD, momentum=0.9, nesterov=True)
torch_case("sgd", 0.05, optim.SGD, momentum=0.5, dampening=0.25)
torch_case("adagrad", 0.01, optim.Adagrad)
torch_case("adagrad", 0.5, optim.Adagrad, lr_decay=0.1,
           fields=dict(lr_decay=0.1, initial_accumulator=0.25, eps=0.001), initial_accumulator_value=0.25, eps=0.001)
torch_case("rmsprop", 0.01, optim.RMSprop)
torch_case("rmsprop", 0.02, optim.RMSprop, alpha=0.9, eps=0.001)
torch_case("rmsprop", 0.01, optim.RMSprop, centered=True, eps=1e-4)
torch_case("rmsprop", 0.01, optim.RMSprop, momentum=0.9)
torch_case("rmsprop", 0.01, optim.RMSprop, momentum=0.5, centered=True, alpha=0.5, eps=1e-4)
torch_case("adadelta", 1.0, optim.Adadelta)
torch_case("adadelta", 0.5, optim.Adadelta, rho=0.5, eps=0.001)
adam_case("adam", 0.001, optim.Adam)
adam_case("adam", 0.1, optim.Adam, beta1=0.5, beta2=0.75, eps=0.01)
adam_case("adam", 0.1, optim.Adam, amsgrad=True)
adam_case("adam", 0.1, optim.Adam, beta1=0.0, beta2=0.0)
adam_case("adamw", 0.001, optim.AdamW)
adam_case("adamw", 0.1, optim.AdamW, weight_decay=0.5, eps=0.001, beta1=0.8, beta2=0.9)
adam_case("adamw", 0.1, optim.AdamW, weight_decay=0.25, amsgrad=True)
nadam_case(0.002)
nadam_case(0.1, momentum_decay=10.0)
nadam_case(0.1, beta1=0.5, beta2=0.75, eps=0.01, momentum_decay=0.5)
nadam_case(0.1, momentum_decay=0.0)
adam_case("radam", 0.001, optim.RAdam)
adam_case("radam", 0.1, optim.RAdam, beta1=0.5, beta2=0.9, eps=0.01)
adam_case("radam", 0.1, optim.RAdam, beta1=0.5, beta2=0.5)
show("lion", 0.0001, lion(0.0001))
show("lion", 0.05, lion(0.05, beta1=0.5, beta2=0.75, weight_decay=0.5), beta1=0.5, beta2=0.75, weight_decay=0.5)
rprop_case(0.01)
rprop_case(0.1, eta_minus=0.25, eta_plus=3.0, step_min=0.05, step_max=0.5)
