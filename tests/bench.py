"""How fast the library is, as ratios measured in one run: `python3 -m utils bench`.

Each row times, interleaved on one core, a bare NumPy forward pass (one line a layer), the library's
`forward` and `input_gradient`, and, where PyTorch is installed, its autograd doing the same. The
figure shown is the median over rounds of each round's ratio, so that a noisy neighbour disturbs
numerator and denominator alike.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from utils.data import ten_points
from utils.gradients import input_gradient
from utils.losses import mse
from utils.network import forward, init_network
from utils.training import train

SIZES = [(8, 8, 8, 1), (8, 8, 8, 8, 8, 1), (64, 64, 64, 1), (256, 256, 256, 1)]
COLUMNS = [1, 10, 100, 400, 2000]


def bare_forward(net, x):
    a = x
    for l in range(2, net.L + 1):
        a = 1 / (1 + np.exp(-(net.W[l] @ a + net.b[l])))
    return a


def torch_gradient(net, x):
    """Return a function that computes the same gradient with PyTorch, or None without it."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    layers = [(torch.tensor(net.W[l]), torch.tensor(net.b[l])) for l in range(2, net.L + 1)]
    start = torch.tensor(x)

    def run():
        point = start.detach().requires_grad_(True)
        a = point
        for W, b in layers:
            a = torch.sigmoid(W @ a + b)
        return torch.autograd.grad(a.sum(), point)[0]

    np.testing.assert_allclose(run().numpy(), input_gradient(net, x), rtol=1e-9, atol=1e-12)
    return run


def seconds(task, calls):
    start = time.perf_counter()
    for _ in range(calls):
        task()
    return (time.perf_counter() - start) / calls


def measure(tasks, rounds, budget):
    """Time all tasks in turn, `rounds` times over; return one list of seconds for each."""
    times = {name: [] for name in tasks}
    calls = {
        name: max(1, int(budget / max(seconds(task, 3), 1e-7))) for name, task in tasks.items()
    }
    for _ in range(rounds):
        for name, task in tasks.items():
            times[name].append(seconds(task, calls[name]))
    return times


def row(sizes, N, rounds, budget):
    rng = np.random.default_rng(0)
    net, x = init_network(sizes, rng), rng.standard_normal((sizes[0], N))
    tasks = {
        "bare": lambda: bare_forward(net, x),
        "forward": lambda: forward(net, x),
        "gradient": lambda: input_gradient(net, x),
    }
    torch = torch_gradient(net, x)
    if torch is not None:
        tasks["torch"] = torch
    times = measure(tasks, rounds, budget)

    def ratio(name, other):
        return statistics.median(p / q for p, q in zip(times[name], times[other], strict=True))

    shown = [
        statistics.median(times["bare"]) * 1e6,
        ratio("forward", "bare"),
        ratio("gradient", "bare"),
    ]
    return shown + ([ratio("gradient", "torch")] if torch is not None else [])


def plain_training(net, x, y, steps, rng, rate=0.05):
    """A hundred 2-2-3-2 networks, one point a step, written out layer by layer."""
    W, b = ({l: v.copy() for l, v in d.items()} for d in (net.W, net.b))
    for _ in range(steps // 1000):
        for i in rng.integers(x.shape[1], size=(1000, *net.replicas)):
            a1, t = x.T.take(i, axis=0)[..., None], y.T.take(i, axis=0)[..., None]
            a2 = 1 / (1 + np.exp(-(W[2] @ a1 + b[2])))
            a3 = 1 / (1 + np.exp(-(W[3] @ a2 + b[3])))
            a4 = 1 / (1 + np.exp(-(W[4] @ a3 + b[4])))
            d4 = (a4 - t) * a4 * (1 - a4)
            d3 = a3 * (1 - a3) * (W[4].mT @ d4)
            d2 = a2 * (1 - a2) * (W[3].mT @ d3)
            for l, d, before in ((4, d4, a3), (3, d3, a2), (2, d2, a1)):
                W[l] -= rate * d * before.mT
                b[l] -= rate * d
    return W


def training_row(rounds, steps=2000):
    """Microseconds a step of `train` and of the plain loop, interleaved: the best of the rounds."""
    x, y = ten_points()
    net = init_network([2, 2, 3, 2], np.random.default_rng(1), "paper", replicas=100)
    options = {"steps": steps, "learning_rate": 0.05, "batch_size": 1, "record_every": steps}
    tasks = {
        "train": lambda: train(net, x, y, mse, rng=np.random.default_rng(2), **options),
        "plain": lambda: plain_training(net, x, y, steps, np.random.default_rng(2)),
    }
    np.testing.assert_allclose(tasks["train"]().net.W[3], tasks["plain"]()[3], rtol=1e-9)
    times = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            times[name].append(seconds(task, 1) / steps * 1e6)
    return min(times["train"]), min(times["plain"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--milliseconds", type=float, default=5.0, help="of each task in a round")
    parser.add_argument("--explorers", action="store_true", help="in a browser, instead")
    parser.add_argument("--site", action="store_true", help="the static site, instead")
    options = parser.parse_args()
    if options.site:
        import bench_site

        return bench_site.main()
    if options.explorers:
        import bench_explorers

        bench_explorers.main()
        return
    print(f"NumPy {np.__version__}, one thread, sigmoid, {options.rounds} rounds, median ratios")
    print(f"{'network':>16}{'N':>6}{'bare µs':>10}{'forward':>9}{'gradient':>10}{'/ torch':>9}")
    for sizes in SIZES:
        for N in COLUMNS:
            shown = row(sizes, N, options.rounds, options.milliseconds / 1000)
            last = f"{shown[3]:9.2f}" if len(shown) > 3 else f"{'-':>9}"
            name = "-".join(map(str, sizes))
            print(
                f"{name:>16}{N:6}{shown[0]:10.1f}{shown[1]:9.2f}{shown[2]:10.2f}{last}", flush=True
            )
    ours, plain = training_row(options.rounds)
    print(f"100 × 2-2-3-2, one point a step: {ours:.0f} µs a step, a plain loop {plain:.0f}")


if __name__ == "__main__":
    sys.exit(main())
