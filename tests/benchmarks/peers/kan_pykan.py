"""pykan on the first target of chapter 2, exp(sin(pi x) + y^2), trained as its own example of function fitting does it:
shape [2, 1, 1], cubic splines with a base, 200 steps of LBFGS on each grid, and grids refined one after the other.

    OMP_NUM_THREADS=1 python kan_pykan.py [single|double] [SEED]

Beside it: build/chapters/expressivity/kan --threads 1 --cells 5,10,20,40 --samples 1. There are as many data as there,
6000 to train on and 2000 that are never seen. Single precision and one start, good or bad, are its defaults."""

import contextlib
import os
import sys
import tempfile
import time

os.environ.setdefault("MPLBACKEND", "Agg")
import torch
from kan import KAN, create_dataset

GRIDS = [5, 10, 20]  # 40 takes another ten minutes
STEPS, SEEN, UNSEEN = 200, 6000, 2000


def target(x):
    return torch.exp(torch.sin(torch.pi * x[:, [0]]) + x[:, [1]] ** 2)


def root_mean_square(model, x, y):
    with torch.no_grad():
        return float(torch.sqrt(torch.mean((model(x) - y) ** 2)))


def main(precision="single", seed="1"):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    torch.set_default_dtype(torch.float64 if precision == "double" else torch.float32)
    data = create_dataset(target, n_var=2, train_num=SEEN, test_num=UNSEEN, seed=int(seed))
    print("| cells | RMSE on the data | RMSE on new points | seconds |\n| --- | --- | --- | --- |", flush=True)
    os.chdir(tempfile.mkdtemp())  # it saves every stage of a model
    model = None
    for cells in GRIDS:
        start = time.perf_counter()
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            model = KAN(width=[2, 1, 1], grid=cells, k=3, seed=int(seed)) if model is None else model.refine(cells)
            model.fit(data, opt="LBFGS", steps=STEPS)
        seconds = time.perf_counter() - start
        on_data = root_mean_square(model, data["train_input"], data["train_label"])
        on_new = root_mean_square(model, data["test_input"], data["test_label"])
        print(f"| {cells} | {on_data:.2e} | {on_new:.2e} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
