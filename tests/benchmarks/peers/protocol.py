"""What all peers share: the commands that they answer, and the shapes of the work (see ../contender.cpp, ../workload.cpp).

A peer hands `serve` a dictionary: name of a workload -> an object with `check(directory)`, which returns the values that
Fieldbook must have found, and `batch()`, which does some work with parameters of its own and returns how many units that was.
"""

import itertools
import os
import sys
import time

import numpy as np

WIDTH, POINTS = 1000, 32
DEPTH, KERNEL_POINTS, KERNEL_INPUTS = 10, 2000, 10
WEIGHT_VARIANCE, BIAS_VARIANCE = 1.5, 0.1
HIDDEN, STEP, STEPS = 256, 0.1, 50
CHAIN_WIDTH, CHAIN_DEPTH = 30, 6


def threads():
    return int(os.environ["OMP_NUM_THREADS"])


def read(directory, name, kind):
    return np.fromfile(os.path.join(directory, name), dtype=kind)


def points():
    return np.linspace(-2, 2, POINTS, dtype=np.float32)


def network_parameters(directory):
    """w, b, a (networks x neurons) of the networks to be checked."""
    return [read(directory, name, "f4").reshape(-1, WIDTH) for name in ("w.f32", "b.f32", "a.f32")]


def training_parameters(directory):
    """W1, b1, W2, b2, W3, b3 (Fieldbook stores matrices column by column), x and y."""
    values = read(directory, "parameters.f32", "f4")
    sizes = [HIDDEN, HIDDEN, HIDDEN * HIDDEN, HIDDEN, HIDDEN, 1]
    parts = np.split(values, np.cumsum(sizes)[:-1])
    parts[2] = parts[2].reshape(HIDDEN, HIDDEN).T.copy()
    return parts, read(directory, "x.f32", "f4"), read(directory, "y.f32", "f4")


def training_data():
    x = np.linspace(-1, 1, POINTS, dtype=np.float32)
    return x, np.sin(3 * x)


def chain_normals(directory):
    """Normals of the chains to be checked: chains x layers x inputs x neurons."""
    return read(directory, "normals.f32", "f4").reshape(-1, CHAIN_DEPTH, 2, CHAIN_WIDTH)


# Four-point functions with i <= j <= k <= l. For each j the products phi_i phi_j (i <= j) are multiplied with the products
# phi_k phi_l (j <= k <= l): 32 small matrix products with as many multiplications as there are functions. The pairs (k, l)
# are ordered by falling k, so that those with k >= j come first.
PAIRS = np.array([(k, l) for k in reversed(range(POINTS)) for l in range(k, POINTS)])
FIRST, SECOND = PAIRS[:, 0].copy(), PAIRS[:, 1].copy()
COUNTS = [(POINTS - j) * (POINTS - j + 1) // 2 for j in range(POINTS)]


def in_fieldbooks_order(two, four_by_j):
    """Two- and four-point functions as one vector in lexicographic order; four_by_j[j] is (j + 1) x COUNTS[j]."""
    place = {(int(k), int(l)): n for n, (k, l) in enumerate(PAIRS)}
    pairs = [two[i, j] for i, j in itertools.combinations_with_replacement(range(POINTS), 2)]
    fours = [
        four_by_j[j][i, place[k, l]]
        for i, j, k, l in itertools.combinations_with_replacement(range(POINTS), 4)
    ]
    return np.array(pairs + fours, dtype=np.float64)


def moments(z):
    z = z.astype(np.float64)
    return np.array([z.mean(), (z**2).mean(), (z**3).mean(), (z**4).mean(), (abs(z) > 3).mean()])


def serve(workloads):
    """Answers commands until the input ends."""
    for line in sys.stdin:
        command, name, *rest = line.split()
        answer = "no"
        if name in workloads:
            workload = workloads[name]
            answer = "yes"
            if command == "check":
                values = np.ascontiguousarray(workload.check(rest[0]), dtype=np.float64)
                values.tofile(os.path.join(rest[0], "measured.f64"))
                answer = "done"
            if command == "rate":
                units, start = 0, time.perf_counter()
                while time.perf_counter() - start < float(rest[0]):
                    units += workload.batch()
                answer = units / (time.perf_counter() - start)
        print(answer, flush=True)
