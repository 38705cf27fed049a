#!/usr/bin/python3
"""Prints network.txt: whole networks in PyTorch, in double precision: logits, loss, every gradient, and what ten
updates make of the parameters. A network is four kinds of cases: its activation (with data and parameters), its
norm, its loss (with logits and gradients), its optimizers (with parameters after ten updates, running statistics,
and logits under them)."""
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROWS, FEATURES, STEPS = 8, 4, 10

ACTIVATIONS = {
    "relu": lambda z, w: F.relu(z),
    "tanh": lambda z, w: torch.tanh(z),
    "gelu": lambda z, w: F.gelu(z),
    "silu": lambda z, w: F.silu(z),
    "leaky_relu": lambda z, w: F.leaky_relu(z, 0.01),
    "prelu": F.prelu,
    "maxout pieces=3": lambda z, w: z.view(len(z), -1, 3).max(dim=2).values,
}


def hinge(z, target):
    right = z.gather(1, target.argmax(dim=1, keepdim=True))
    return (F.relu(1 - right + z) * (1 - target)).sum(dim=1).mean()


LOSSES = {
    "cross_entropy": lambda z, t, e: F.cross_entropy(z, t.argmax(dim=1), label_smoothing=e),
    "bce": lambda z, t, e: F.binary_cross_entropy_with_logits(z, t),
    "hinge": lambda z, t, e: hinge(z, t),
    "mse": lambda z, t, e: F.mse_loss(z, t),
    "mae": lambda z, t, e: F.l1_loss(z, t),
    "huber": lambda z, t, e: F.huber_loss(z, t),
}


def draw(*shape, digits=2, scale=1.0):
    """Short decimals, which float and double hold equally well for a float's test."""
    return torch.round(torch.randn(*shape) * scale * 10 ** digits) / 10 ** digits


def clip(params, most):
    """torch.nn.utils.clip_grad_norm_, which divides by norm + 1e-6, without the 1e-6. Returns the norm."""
    norm = float(torch.sqrt(sum((p.grad ** 2).sum() for p in params)))
    for p in params:
        p.grad *= min(1, most / norm)
    return norm


class Net:
    def __init__(self, activation, norm, loss, hidden, outputs, smoothing=0.0):
        self.activation, self.norm, self.loss, self.smoothing = activation, norm, loss, smoothing
        self.hidden, self.outputs = hidden, outputs
        self.pieces = 3 if activation.startswith("maxout") else 1
        self.x, self.params = draw(ROWS, FEATURES), {}
        fan_in = FEATURES
        for n, units in enumerate([*hidden, outputs], 1):
            last = n > len(hidden)
            columns = units if last else units * self.pieces
            self.params[f"layers.{n}.weight"] = draw(columns, fan_in, scale=0.7)
            self.params[f"layers.{n}.bias"] = draw(columns, scale=0.3)
            if norm != "none" and not last:
                self.params[f"layers.{n}.norm.weight"] = 1 + draw(columns, scale=0.2)
                self.params[f"layers.{n}.norm.bias"] = draw(columns, scale=0.2)
            if activation == "prelu" and not last:
                self.params[f"layers.{n}.activation.weight"] = torch.tensor([0.25])
            fan_in = units
        if loss in ("mse", "mae", "huber"):
            self.target = draw(ROWS, outputs)
        else:
            self.target = F.one_hot(torch.arange(ROWS) * 5 % 7 % outputs, outputs).to(torch.float64)
        self.reset()

    def reset(self):
        self.p = {name: value.clone().requires_grad_() for name, value in self.params.items()}
        self.running = {}
        for n, units in enumerate(self.hidden, 1):
            if self.norm == "batch":
                self.running[f"layers.{n}.norm.running_mean"] = torch.zeros(units * self.pieces)
                self.running[f"layers.{n}.norm.running_var"] = torch.ones(units * self.pieces)

    def normed(self, n, u, training):
        if self.norm == "none":
            return u
        weight, bias = self.p[f"layers.{n}.norm.weight"], self.p[f"layers.{n}.norm.bias"]
        if self.norm == "layer":
            return F.layer_norm(u, u.shape[1:], weight, bias, eps=1e-5)
        mean, var = (self.running[f"layers.{n}.norm.running_{what}"] for what in ("mean", "var"))
        return F.batch_norm(u, mean, var, weight, bias, training=training, momentum=0.1, eps=1e-5)

    def logits(self, training):
        """Leaves each layer's input, z and a in `trace`."""
        a, self.trace = self.x, []
        for n in range(1, len(self.hidden) + 2):
            x = a
            z = a = F.linear(x, self.p[f"layers.{n}.weight"], self.p[f"layers.{n}.bias"])
            if n <= len(self.hidden):
                z = self.normed(n, z, training)
                a = ACTIVATIONS[self.activation](z, self.p.get(f"layers.{n}.activation.weight"))
            self.trace.append((x, z, a))
        return a

    def value(self, training=True):
        z = self.logits(training)
        return z, LOSSES[self.loss](z, self.target, self.smoothing)

    def train(self, rule, lr, clip_norm, weight_decay, **options):
        self.reset()
        slopes = [p for name, p in self.p.items() if name.endswith("activation.weight")]
        others = [p for name, p in self.p.items() if not name.endswith("activation.weight")]
        optimizer = rule([{"params": others, "weight_decay": weight_decay}, {"params": slopes, "weight_decay": 0}],
                         lr=lr, **options)
        norms = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            self.value()[1].backward()
            norms.append(clip(self.p.values(), clip_norm))
            optimizer.step()
        assert min(norms) < clip_norm < max(norms), norms
        return norms


def show(key, values):
    print(key, *(repr(float(v)) for v in torch.as_tensor(values).detach().flatten()))


def show_start(net, steps=0):
    print("case", net.activation)
    print("shape", len(net.x), FEATURES, net.outputs, *net.hidden)
    print("steps", steps)
    show("x", net.x)
    show("target", net.target)
    for name, value in net.params.items():
        show(name, value)


def show_net(net, steps):
    show_start(net, len(steps))
    print(f"\ncase {net.norm}\n\ncase {net.loss}")
    show("smoothing", net.smoothing)
    z, loss = net.value()
    loss.backward()
    show("logits", z)
    show("loss", loss)
    for name, value in net.p.items():
        show("d." + name, value.grad)
    print()
    for step in steps:
        show_steps(net, *step)


def show_steps(net, words, rule, lr, clip_norm, weight_decay, decoupled, options):
    norms = net.train(rule, lr, clip_norm, weight_decay, **options)
    print("case", words)
    show("lr", lr)
    show("clip_norm", clip_norm)
    show("weight_decay", 0 if decoupled else weight_decay)
    show("grad_norm", sum(norms) / STEPS)
    show("grad_norm_max", max(norms))
    for name, value in [*net.p.items(), *net.running.items()]:
        show(name, value)
    z, loss = net.value(training=False)
    show("evaluated", z)
    show("evaluated_loss", loss)
    print()


def sgd(lr, clip_norm):
    return ("sgd momentum=0.9", torch.optim.SGD, lr, clip_norm, 0.01, False, dict(momentum=0.9))


def adam(lr, clip_norm):
    return ("adam eps=0.01", torch.optim.Adam, lr, clip_norm, 0.02, False, dict(eps=0.01))


def adamw(lr, clip_norm):
    return ("adamw eps=0.01 weight_decay=0.3", torch.optim.AdamW, lr, clip_norm, 0.3, True, dict(eps=0.01))


if __name__ == "__main__":
    torch.manual_seed(1)
    print(f"# made by tests/reference/network.py with PyTorch {torch.__version__}\n")
    show_net(Net("relu", "none", "cross_entropy", [6, 5], 3), [sgd(0.1, 0.5), adam(0.05, 0.6)])
    show_net(Net("tanh", "batch", "cross_entropy", [5, 4], 3, smoothing=0.1), [sgd(0.1, 0.4), adam(0.05, 0.4), adamw(0.05, 0.4)])
    show_net(Net("gelu", "layer", "bce", [5, 4], 3), [sgd(0.3, 0.3)])
    show_net(Net("prelu", "none", "mse", [6, 5], 2), [sgd(0.05, 12), adamw(0.05, 30)])
    show_net(Net("prelu", "batch", "huber", [5, 4], 2), [adam(0.05, 0.35)])
    show_net(Net("leaky_relu", "none", "hinge", [5], 4), [sgd(0.03, 2)])
    show_net(Net("maxout pieces=3", "batch", "mae", [4], 2), [sgd(0.05, 1.2)])
    show_net(Net("silu", "none", "cross_entropy", [], 3), [adam(0.05, 0.6)])
