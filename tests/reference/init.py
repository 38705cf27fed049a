"""Moments of PyTorch's initialisations of a [768 out, 512 in] weight: python3 init.py > init.txt

See reference.h for the format. Lines: the variance; the kurtosis, fourth moment over squared variance; the share of
exact zeros.
"""
import torch
from torch.nn import init

torch.manual_seed(1)
OUT, IN = 768, 512

CASES = [
    ("gaussian std=0.02", lambda w: init.normal_(w, 0, 0.02)),
    ("uniform low=-0.3 high=0.1", lambda w: init.uniform_(w, -0.3, 0.1)),
    ("he", lambda w: init.kaiming_normal_(w, nonlinearity="relu")),
    ("he fan=out", lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")),
    ("he distribution=uniform", lambda w: init.kaiming_uniform_(w, nonlinearity="relu")),
    ("lecun", lambda w: init.kaiming_normal_(w, nonlinearity="linear")),
    ("xavier distribution=uniform", lambda w: init.kaiming_uniform_(w, nonlinearity="linear")),
    ("glorot", init.xavier_normal_),
    ("glorot gain=1.5", lambda w: init.xavier_normal_(w, 1.5)),
    ("glorot distribution=uniform", init.xavier_uniform_),
    # Rescaled to the stated variance, as Keras does: trunc_normal_ itself is not.
    ("lecun distribution=truncated", lambda w: init.trunc_normal_(w, 0, 1, -2, 2).mul_(IN ** -0.5 / 0.87962566103423978)),
    ("variance_scaling scale=0.5", lambda w: init.normal_(w, 0, (2 * IN) ** -0.5)),
    ("orthogonal", init.orthogonal_),
    ("orthogonal gain=2", lambda w: init.orthogonal_(w, 2)),
    # PyTorch zeroes a share of each input's weights; nnexp, as Martens (2010), of each unit's: hence transposed.
    ("sparse sparsity=0.7", lambda w: init.sparse_(w.t(), 0.7)),
]

for head, fill in CASES:
    w = torch.empty(OUT, IN, dtype=torch.float64)
    fill(w)
    centred = w - w.mean()
    variance = centred.pow(2).mean()
    kurtosis = centred.pow(4).mean() / variance ** 2
    zeros = (w == 0).double().mean()
    print(f"case {head}\nvariance {variance:.6g}\nkurtosis {kurtosis:.4f}\nzeros {zeros:.6f}\n")
