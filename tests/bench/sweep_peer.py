"""The loop of tests/bench/sweep.c in PyTorch: the digits, 64-64-64-10, relu, he, sgd with momentum 0.9, batches of 32;
an epoch is 45 updates and an evaluation of the validation rows. Prints milliseconds an epoch, a line a setting:
`THREADS PROCESSES MILLISECONDS` (of all processes together: the wall time divided by all their epochs).

The rows are one tensor and a batch is gathered from it by a slice of the epoch's permutation; DataLoader is several
times slower and would flatter nnexp."""
import csv
import multiprocessing
import sys
import time

import torch

EPOCHS, CELLS = 30, 3


def digits(path):
    with open(path) as file:
        rows = list(csv.reader(file))
    label = rows[0].index("digit")
    y = torch.tensor([int(row[label]) for row in rows[1:]])
    x = torch.tensor([[float(cell) for i, cell in enumerate(row) if i != label] for row in rows[1:]])
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(1))
    x, y = x[order], y[order]
    n = len(y) - len(y) // 5
    std = x[:n].std(0, unbiased=False)
    x = (x - x[:n].mean(0)) / torch.where(std > 0, std, torch.ones_like(std))
    return x[:n], y[:n], x[n:], y[n:]


def cell(data, lr, seed):
    x, y, val_x, val_y = data
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
              torch.nn.Linear(64, 10)]
    net = torch.nn.Sequential(*layers)
    for layer in layers[::2]:
        torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        torch.nn.init.zeros_(layer.bias)
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    for _ in range(EPOCHS):
        total = 0.0
        order = torch.randperm(len(y))
        for first in range(0, len(y), 32):
            rows = order[first:first + 32]
            optimizer.zero_grad()
            loss = loss_of(net(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        with torch.no_grad():
            logits = net(val_x)
            figures = (total / len(y), loss_of(logits, val_y).item(),
                       (logits.argmax(1) == val_y).float().mean().item())
    return figures


def cells(path, threads, count, start, done):
    torch.set_num_threads(threads)
    data = digits(path)
    cell(data, 0.01, 0)  # warm
    start.wait()
    for seed in range(count):
        cell(data, 0.01, seed)
    done.wait()


def milliseconds(path, threads, processes):
    start, done = multiprocessing.Barrier(processes + 1), multiprocessing.Barrier(processes + 1)
    workers = [multiprocessing.Process(target=cells, args=(path, threads, CELLS, start, done))
               for _ in range(processes)]
    for worker in workers:
        worker.start()
    start.wait()
    started = time.perf_counter()
    done.wait()
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.join()
    return 1e3 * seconds / (CELLS * EPOCHS * processes)


if __name__ == "__main__":
    for threads, processes in ((1, 1), (2, 1), (1, 2)):
        print(threads, processes, "%.3f" % milliseconds(sys.argv[1], threads, processes), flush=True)
