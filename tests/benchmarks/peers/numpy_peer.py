"""NumPy, single precision, in batches that fit the cache, one batch a thread (NumPy lets go of the lock while it computes)."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.special import erf

import protocol as p

F = np.float32
pool = ThreadPoolExecutor(p.threads())
generators = [np.random.Generator(np.random.SFC64(seed)) for seed in range(p.threads())]


def on_threads(work):
    """Calls work(generator) once a thread and adds what it returns."""
    return sum(pool.map(work, generators))


ACTIVATIONS = {
    "cos": lambda z: np.cos(z, out=z),
    "tanh": lambda z: np.tanh(z, out=z),
    "erf": lambda z: erf(z, out=z),
    "relu": lambda z: np.maximum(z, 0, out=z),
}


class Networks:
    batch_size, together = 1024, 8

    def __init__(self, activation):
        self.activation = ACTIVATIONS[activation]
        self.x = p.points()

    def outputs(self, w, b, a):
        z = w[:, :, None] * self.x
        z += b[:, :, None]
        self.activation(z)
        return (a[:, None, :] @ z)[:, 0, :] / F(np.sqrt(p.WIDTH))

    @staticmethod
    def functions(phi):
        pairs = phi[:, p.FIRST] * phi[:, p.SECOND]
        fours = [(phi[:, : j + 1] * phi[:, j : j + 1]).T @ pairs[:, : p.COUNTS[j]] for j in range(p.POINTS)]
        return phi.T @ phi, fours

    def draw(self, generator):
        phi = np.empty((self.batch_size, p.POINTS), F)
        for first in range(0, self.batch_size, self.together):
            w, b, a = generator.standard_normal((3, self.together, p.WIDTH), dtype=F)
            phi[first : first + self.together] = self.outputs(w, b, a)
        self.functions(phi)
        return self.batch_size

    def batch(self):
        return on_threads(self.draw)

    def check(self, directory):
        phi = self.outputs(*p.network_parameters(directory))
        two, fours = self.functions(phi)
        return p.in_fieldbooks_order(two / len(phi), [f / len(phi) for f in fours])


def relu_duals(a, b, c):
    root = np.sqrt(a * b)
    rho = np.clip(c / root, -1, 1)
    angle = np.arccos(rho)
    slope = (np.pi - angle) / F(2 * np.pi)
    return root * np.sqrt(1 - rho * rho) / F(2 * np.pi) + c * slope, slope


def erf_duals(a, b, c):
    norm = (1 + 2 * a) * (1 + 2 * b)
    value = F(2 / np.pi) * np.arcsin(2 * c / np.sqrt(norm))
    return value, F(4 / np.pi) / np.sqrt(norm - 4 * c * c)


class Kernels:
    rows = 50  # a stretch of rows at a time stays in the cache

    def __init__(self, activation):
        self.duals = {"relu": relu_duals, "erf": erf_duals}[activation]
        self.x = np.random.default_rng(1).standard_normal((p.KERNEL_POINTS, p.KERNEL_INPUTS)).astype(F)

    def kernel(self, x):
        n = len(x)
        nngp, ntk = np.empty((2, n, n), F)
        diagonals = [F(p.WEIGHT_VARIANCE) * (x * x).mean(1) + F(p.BIAS_VARIANCE)]
        for _ in range(p.DEPTH):
            d = diagonals[-1]
            diagonals.append(F(p.WEIGHT_VARIANCE) * self.duals(d, d, d)[0] + F(p.BIAS_VARIANCE))

        def stretch(first):
            # The matrices are symmetric: only columns from the diagonal on
            rows, columns = slice(first, first + self.rows), slice(first, n)
            k = F(p.WEIGHT_VARIANCE / x.shape[1]) * (x[rows] @ x[columns].T) + F(p.BIAS_VARIANCE)
            theta = k.copy()
            for d in diagonals[:-1]:
                value, slope = self.duals(d[rows, None], d[columns], k)
                k = F(p.WEIGHT_VARIANCE) * value + F(p.BIAS_VARIANCE)
                theta = k + F(p.WEIGHT_VARIANCE) * slope * theta
            nngp[rows, columns], ntk[rows, columns] = k, theta
            nngp[columns, rows], ntk[columns, rows] = k.T, theta.T

        list(pool.map(stretch, range(0, n, self.rows)))
        return nngp, ntk

    def batch(self):
        self.kernel(self.x)
        return 1

    def check(self, directory):
        x = p.read(directory, "x.f64", "f8").reshape(-1, p.KERNEL_INPUTS).astype(F)
        return np.concatenate([k.ravel() for k in self.kernel(x)])


class Training:
    """tanh or ReLU networks 1-256-256-1 in the NTK parameterisation with weight variance 2 and bias variance 0.1."""

    networks, steps = 8, 50

    def __init__(self, activation):
        self.relu = activation == "relu"
        self.x, self.y = p.training_data()

    def activate(self, z):
        if self.relu:
            return np.maximum(z, 0), (z > 0).astype(F)
        h = np.tanh(z)
        return h, 1 - h * h

    def train(self, parameters, x, y, steps):
        """Parameters with a leading axis for the network; z is networks x neurons x points."""
        w1, b1, w2, b2, w3, b3 = parameters
        m1, m, c = F(np.sqrt(2)), F(np.sqrt(2 / p.HIDDEN)), F(np.sqrt(0.1))
        eta = F(p.STEP / len(x))
        for step in range(steps + 1):
            h1, s1 = self.activate(m1 * w1[:, :, None] * x + c * b1[:, :, None])
            h2, s2 = self.activate(m * (w2 @ h1) + c * b2[:, :, None])
            f = m * (w3[:, None, :] @ h2)[:, 0] + c * b3
            if step == steps:
                return f
            d3 = eta * (y - f)
            d2 = m * w3[:, :, None] * d3[:, None, :] * s2
            d1 = m * (w2.transpose(0, 2, 1) @ d2) * s1
            w3 += m * (h2 @ d3[:, :, None])[:, :, 0]
            b3 += c * d3.sum(1, keepdims=True)
            w2 += m * (d2 @ h1.transpose(0, 2, 1))
            b2 += c * d2.sum(2)
            w1 += m1 * (d1 @ x)
            b1 += c * d1.sum(2)

    def draw(self, generator):
        shapes = [(p.HIDDEN,), (p.HIDDEN,), (p.HIDDEN, p.HIDDEN), (p.HIDDEN,), (p.HIDDEN,), (1,)]
        parameters = [generator.standard_normal((self.networks, *shape), dtype=F) for shape in shapes]
        self.train(parameters, self.x, self.y, self.steps)
        return self.networks * self.steps

    def batch(self):
        return on_threads(self.draw)

    def check(self, directory):
        parameters, x, y = p.training_parameters(directory)
        return self.train([part[None].copy() for part in parameters], x, y, p.STEPS)[0]


class Normals:
    def draw(self, generator):
        out = np.empty(4096, F)
        for _ in range(2000):
            generator.standard_normal(out=out, dtype=F)
        return 2000 * out.size

    def batch(self):
        return on_threads(self.draw)

    def check(self, directory):
        return p.moments(generators[0].standard_normal(4_000_000, dtype=F))


class Chains:
    chains = 512

    @staticmethod
    def layer(gram, normals):
        """The next Gram matrix (00, 01, 11 in rows); normals: chains x 2 x neurons."""
        g00, g01, g11 = gram
        # The larger diagonal first, as a pivoted factorisation has it
        swap = g11 > g00
        first, last = np.where(swap, g11, g00), np.where(swap, g00, g11)
        root = np.sqrt(first)
        slope = g01 / root
        rest = np.sqrt(np.maximum(last - slope * slope, 0))
        z = np.empty_like(normals)
        u = root[:, None] * normals[:, 0]
        v = slope[:, None] * normals[:, 0] + rest[:, None] * normals[:, 1]
        z[:, 0] = np.where(swap[:, None], v, u)
        z[:, 1] = np.where(swap[:, None], u, v)
        np.maximum(z, 0, out=z)
        g = F(2 / p.CHAIN_WIDTH) * (z @ z.transpose(0, 2, 1))
        return g[:, 0, 0], g[:, 0, 1], g[:, 1, 1]

    @staticmethod
    def start(chains):
        return [np.full(chains, value, F) for value in (1, 0.3, 0.8)]

    def draw(self, generator):
        gram = self.start(self.chains)
        for _ in range(p.CHAIN_DEPTH):
            gram = self.layer(gram, generator.standard_normal((self.chains, 2, p.CHAIN_WIDTH), dtype=F))
        return self.chains

    def batch(self):
        return on_threads(self.draw)

    def check(self, directory):
        normals = p.chain_normals(directory)
        gram = self.start(len(normals))
        for layer in range(p.CHAIN_DEPTH):
            gram = self.layer(gram, normals[:, layer])
        return np.stack(gram, 1).ravel()


if __name__ == "__main__":
    made = {f"networks-{name}": Networks(name) for name in ACTIVATIONS}
    made |= {f"kernels-{name}": Kernels(name) for name in ("relu", "erf")}
    made |= {f"training-{name}": Training(name) for name in ("tanh", "relu")}
    made |= {"normals": Normals(), "chains": Chains()}
    p.serve(made)
