"""PyTorch, single precision, no gradients kept; element-wise code compiled by torch.compile."""

import numpy as np
import torch

import protocol as p

torch.set_num_threads(p.threads())
torch.set_grad_enabled(False)
torch._dynamo.config.recompile_limit = 64  # every workload, and the size of its check, is a compilation of its own
compiled = torch.compile(dynamic=False)


class Networks:
    batch_size = 1024

    def __init__(self, activation):
        sigma = {"cos": torch.cos, "tanh": torch.tanh, "erf": torch.erf, "relu": torch.relu}[activation]
        x = torch.from_numpy(p.points())
        first, second = torch.from_numpy(p.FIRST), torch.from_numpy(p.SECOND)

        @compiled
        def outputs(w, b, a):
            z = sigma(w[:, None, :] * x[:, None] + b[:, None, :])
            return (a[:, None, :] * z).sum(2) / np.sqrt(p.WIDTH)

        def functions(phi):
            pairs = phi[:, first] * phi[:, second]
            fours = [(phi[:, : j + 1] * phi[:, j : j + 1]).T @ pairs[:, : p.COUNTS[j]] for j in range(p.POINTS)]
            return phi.T @ phi, fours

        self.outputs, self.functions = outputs, functions

    def batch(self):
        self.functions(self.outputs(*torch.randn(3, self.batch_size, p.WIDTH)))
        return self.batch_size

    def check(self, directory):
        phi = self.outputs(*map(torch.from_numpy, p.network_parameters(directory)))
        two, fours = self.functions(phi)
        return p.in_fieldbooks_order(two.numpy() / len(phi), [f.numpy() / len(phi) for f in fours])


def relu_duals(a, b, c):
    root = torch.sqrt(a * b)
    rho = torch.clamp(c / root, -1, 1)
    slope = (np.pi - torch.acos(rho)) / (2 * np.pi)
    return root * torch.sqrt(1 - rho * rho) / (2 * np.pi) + c * slope, slope


def erf_duals(a, b, c):
    norm = (1 + 2 * a) * (1 + 2 * b)
    return 2 / np.pi * torch.asin(2 * c / torch.sqrt(norm)), 4 / np.pi / torch.sqrt(norm - 4 * c * c)


class Kernels:
    def __init__(self, activation):
        duals = {"relu": relu_duals, "erf": erf_duals}[activation]
        self.x = torch.randn(p.KERNEL_POINTS, p.KERNEL_INPUTS)

        @compiled
        def recursion(k, d):
            theta = k
            for _ in range(p.DEPTH):
                value, slope = duals(d[:, None], d, k)
                d = p.WEIGHT_VARIANCE * duals(d, d, d)[0] + p.BIAS_VARIANCE
                k = p.WEIGHT_VARIANCE * value + p.BIAS_VARIANCE
                theta = k + p.WEIGHT_VARIANCE * slope * theta
            return k, theta

        self.recursion = recursion

    def kernel(self, x):
        k = p.WEIGHT_VARIANCE / x.shape[1] * (x @ x.T) + p.BIAS_VARIANCE
        return self.recursion(k, torch.diagonal(k).clone())

    def batch(self):
        self.kernel(self.x)
        return 1

    def check(self, directory):
        x = torch.from_numpy(p.read(directory, "x.f64", "f8").reshape(-1, p.KERNEL_INPUTS)).float()
        return np.concatenate([k.numpy().ravel() for k in self.kernel(x)])


class Training:
    networks, steps = 16, 50

    def __init__(self, activation):
        self.x, self.y = map(torch.from_numpy, p.training_data())

        def activate(z):
            if activation == "relu":
                return torch.relu(z), (z > 0).float()
            h = torch.tanh(z)
            return h, 1 - h * h

        m1, m, c, eta = np.sqrt(2), np.sqrt(2 / p.HIDDEN), np.sqrt(0.1), p.STEP / p.POINTS

        @compiled
        def step(w1, b1, w2, b2, w3, b3, x, y):
            h1, s1 = activate(m1 * w1[:, :, None] * x + c * b1[:, :, None])
            h2, s2 = activate(m * torch.bmm(w2, h1) + c * b2[:, :, None])
            f = m * torch.bmm(w3[:, None, :], h2)[:, 0] + c * b3
            d3 = eta * (y - f)
            d2 = m * w3[:, :, None] * d3[:, None, :] * s2
            d1 = m * torch.bmm(w2.transpose(1, 2), d2) * s1
            return (
                f,
                w1 + m1 * (d1 * x).sum(2),
                b1 + c * d1.sum(2),
                torch.baddbmm(w2, d2, h1.transpose(1, 2), alpha=m),
                b2 + c * d2.sum(2),
                w3 + m * (h2 * d3[:, None, :]).sum(2),
                b3 + c * d3.sum(1, keepdim=True),
            )

        self.step = step

    def train(self, parameters, x, y, steps):
        for _ in range(steps):
            f, *parameters = self.step(*parameters, x, y)
        return self.step(*parameters, x, y)[0]

    def batch(self):
        shapes = [(p.HIDDEN,), (p.HIDDEN,), (p.HIDDEN, p.HIDDEN), (p.HIDDEN,), (p.HIDDEN,), (1,)]
        self.train([torch.randn(self.networks, *shape) for shape in shapes], self.x, self.y, self.steps - 1)
        return self.networks * self.steps

    def check(self, directory):
        parameters, x, y = p.training_parameters(directory)
        return self.train(
            [torch.from_numpy(part[None].copy()) for part in parameters], torch.from_numpy(x), torch.from_numpy(y), p.STEPS
        )[0].numpy()


class Normals:
    out = torch.empty(1_000_000)

    def batch(self):
        for _ in range(10):
            torch.randn(self.out.shape, out=self.out)
        return 10 * self.out.numel()

    def check(self, directory):
        return p.moments(torch.randn(4_000_000).numpy())


class Chains:
    chains = 4096

    def __init__(self):
        @compiled
        def layer(g00, g01, g11, normals):
            # The larger diagonal first, as a pivoted factorisation has it
            swap = g11 > g00
            first, last = torch.where(swap, g11, g00), torch.where(swap, g00, g11)
            root = torch.sqrt(first)
            slope = g01 / root
            rest = torch.sqrt(torch.clamp(last - slope * slope, 0))
            u = root[:, None] * normals[:, 0]
            v = slope[:, None] * normals[:, 0] + rest[:, None] * normals[:, 1]
            z = torch.relu(torch.where(swap[:, None], v, u))
            y = torch.relu(torch.where(swap[:, None], u, v))
            factor = 2 / p.CHAIN_WIDTH
            return factor * (z * z).sum(1), factor * (z * y).sum(1), factor * (y * y).sum(1)

        self.layer = layer

    @staticmethod
    def start(chains):
        return [torch.full((chains,), value) for value in (1.0, 0.3, 0.8)]

    def batch(self):
        gram = self.start(self.chains)
        for _ in range(p.CHAIN_DEPTH):
            gram = self.layer(*gram, torch.randn(self.chains, 2, p.CHAIN_WIDTH))
        return self.chains

    def check(self, directory):
        normals = torch.from_numpy(p.chain_normals(directory))
        gram = self.start(len(normals))
        for layer in range(p.CHAIN_DEPTH):
            gram = self.layer(*gram, normals[:, layer].contiguous())
        return torch.stack(list(gram), 1).numpy().ravel()


if __name__ == "__main__":
    made = {f"networks-{name}": Networks(name) for name in ("cos", "tanh", "erf", "relu")}
    made |= {f"kernels-{name}": Kernels(name) for name in ("relu", "erf")}
    made |= {f"training-{name}": Training(name) for name in ("tanh", "relu")}
    made |= {"normals": Normals(), "chains": Chains()}
    p.serve(made)
