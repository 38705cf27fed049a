"""Both norms forward and backward: python3 tests/reference/norm.py > tests/reference/norm.txt

torch.nn.BatchNorm1d and LayerNorm (1.13, float64). z: training mode; running_mean, running_var: afterwards;
evaluated: evaluation mode with those; grad_*: of sum(z * d)."""
import torch

torch.set_default_dtype(torch.float64)


def entries(*shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return (torch.randint(-64, 65, shape, generator=generator) / 32).double()  # exact in float too


def show(key, tensor):
    print(key, *(f"{v:.17g}" for v in tensor.detach().flatten().tolist()))


def case(name, rows, columns, seed, offset=0.0, **fields):
    print(" ".join(["case", name, *(f"{k}={v}" for k, v in fields.items())]))
    u = (entries(rows, columns, seed=seed) + offset).requires_grad_()
    d = entries(rows, columns, seed=seed + 1)
    norm = torch.nn.BatchNorm1d(columns, **fields) if name == "batch" else torch.nn.LayerNorm(columns, **fields)
    with torch.no_grad():
        norm.weight.copy_(entries(columns, seed=seed + 2))
        norm.bias.copy_(entries(columns, seed=seed + 3))
        if name == "batch":
            norm.running_mean.copy_(entries(columns, seed=seed + 4))
            norm.running_var.copy_(entries(columns, seed=seed + 5).abs())
    print("rows", rows)
    show("u", u)
    show("d", d)
    show("gain", norm.weight)
    show("shift", norm.bias)
    if name == "batch":
        show("start_mean", norm.running_mean)
        show("start_var", norm.running_var)
    z = norm(u)
    (z * d).sum().backward()
    show("z", z)
    show("grad_u", u.grad)
    show("grad_gain", norm.weight.grad)
    show("grad_shift", norm.bias.grad)
    if name == "batch":
        show("running_mean", norm.running_mean)
        show("running_var", norm.running_var)
    show("evaluated", norm.eval()(u))
    print()


print(f"# made by tests/reference/norm.py with PyTorch {torch.__version__}\n")
case("batch", 7, 5, 10)
case("batch", 4, 70, 20, eps=0.25, momentum=0.5)
case("batch", 2, 3, 30, offset=100.0, momentum=1.0)
case("layer", 7, 5, 40)
case("layer", 3, 70, 50, eps=0.25)
case("layer", 2, 21, 60, offset=100.0)
