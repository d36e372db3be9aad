"""JAX, single precision, everything compiled, with its default generator (threefry; rbg is six times slower on a CPU)."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

import protocol as p

ERF = jax.scipy.special.erf


class Keys:
    """A new key for every batch."""

    def __init__(self):
        self.key = jax.random.key(1)

    def __call__(self):
        self.key, key = jax.random.split(self.key)
        return key


class Networks:
    def __init__(self, activation):
        sigma = {"cos": jnp.cos, "tanh": jnp.tanh, "erf": ERF, "relu": jax.nn.relu}[activation]
        x = jnp.asarray(p.points())[:, None]
        self.keys = Keys()
        # The fastest of what was tried: cos one network after the other, all else 64 together in one fused loop
        self.batch_size = 1024 if activation == "cos" else 64

        def network(w, b, a):
            return (sigma(x * w + b) * a).sum(-1) / np.sqrt(p.WIDTH)

        def outputs(w, b, a):
            if activation == "cos":
                return jax.lax.map(lambda parameters: network(*parameters), (w, b, a))
            return jax.vmap(network)(w, b, a)

        @jax.jit
        def functions(w, b, a):
            phi = outputs(w, b, a)
            pairs = phi[:, p.FIRST] * phi[:, p.SECOND]
            fours = [(phi[:, : j + 1] * phi[:, j : j + 1]).T @ pairs[:, : p.COUNTS[j]] for j in range(p.POINTS)]
            return phi.T @ phi, fours

        @jax.jit
        def draw(key):
            return functions(*jax.random.normal(key, (3, self.batch_size, p.WIDTH)))

        self.functions, self.draw = functions, draw

    def batch(self):
        jax.block_until_ready(self.draw(self.keys()))
        return self.batch_size

    def check(self, directory):
        w, b, a = p.network_parameters(directory)
        two, fours = self.functions(w, b, a)
        return p.in_fieldbooks_order(np.asarray(two) / len(w), [np.asarray(f) / len(w) for f in fours])


def relu_duals(a, b, c):
    root = jnp.sqrt(a * b)
    rho = jnp.clip(c / root, -1, 1)
    slope = (jnp.pi - jnp.arccos(rho)) / (2 * jnp.pi)
    return root * jnp.sqrt(1 - rho * rho) / (2 * jnp.pi) + c * slope, slope


def erf_duals(a, b, c):
    norm = (1 + 2 * a) * (1 + 2 * b)
    return 2 / jnp.pi * jnp.arcsin(2 * c / jnp.sqrt(norm)), 4 / jnp.pi / jnp.sqrt(norm - 4 * c * c)


class Kernels:
    def __init__(self, activation):
        duals = {"relu": relu_duals, "erf": erf_duals}[activation]
        self.x = jax.random.normal(jax.random.key(1), (p.KERNEL_POINTS, p.KERNEL_INPUTS))

        @jax.jit
        def kernel(x):
            k = p.WEIGHT_VARIANCE / x.shape[1] * (x @ x.T) + p.BIAS_VARIANCE
            d = jnp.diagonal(k)
            theta = k
            for _ in range(p.DEPTH):
                value, slope = duals(d[:, None], d, k)
                d = p.WEIGHT_VARIANCE * duals(d, d, d)[0] + p.BIAS_VARIANCE
                k = p.WEIGHT_VARIANCE * value + p.BIAS_VARIANCE
                theta = k + p.WEIGHT_VARIANCE * slope * theta
            return k, theta

        self.kernel = kernel

    def batch(self):
        jax.block_until_ready(self.kernel(self.x))
        return 1

    def check(self, directory):
        x = p.read(directory, "x.f64", "f8").reshape(-1, p.KERNEL_INPUTS).astype(np.float32)
        return np.concatenate([np.asarray(k).ravel() for k in self.kernel(x)])


class Training:
    networks, steps = 8, 50

    def __init__(self, activation):
        self.x, self.y = p.training_data()
        self.keys = Keys()

        def activate(z):
            if activation == "relu":
                return jax.nn.relu(z), (z > 0).astype(z.dtype)
            h = jnp.tanh(z)
            return h, 1 - h * h

        m1, m, c, eta = np.sqrt(2), np.sqrt(2 / p.HIDDEN), np.sqrt(0.1), p.STEP / p.POINTS

        def step(x, y, parameters):
            w1, b1, w2, b2, w3, b3 = parameters
            h1, s1 = activate(m1 * w1[:, None] * x + c * b1[:, None])
            h2, s2 = activate(m * (w2 @ h1) + c * b2[:, None])
            d3 = eta * (y - (m * (w3 @ h2) + c * b3))
            d2 = m * w3[:, None] * d3 * s2
            d1 = m * (w2.T @ d2) * s1
            return (
                w1 + m1 * (d1 @ x),
                b1 + c * d1.sum(1),
                w2 + m * (d2 @ h1.T),
                b2 + c * d2.sum(1),
                w3 + m * (h2 @ d3),
                b3 + c * d3.sum(),
            )

        def output(x, parameters):
            w1, b1, w2, b2, w3, b3 = parameters
            h1 = activate(m1 * w1[:, None] * x + c * b1[:, None])[0]
            h2 = activate(m * (w2 @ h1) + c * b2[:, None])[0]
            return m * (w3 @ h2) + c * b3

        def train_one(x, y, steps, parameters):
            parameters = jax.lax.fori_loop(0, steps, lambda _, now: step(x, y, now), parameters)
            return output(x, parameters)

        # One network after the other; vmap over 2, 8 or 32 of them is slower on one core
        @functools.partial(jax.jit, static_argnums=2)
        def train(x, y, steps, parameters):
            return jax.lax.map(functools.partial(train_one, x, y, steps), parameters)

        @jax.jit
        def draw(key):
            shapes = [(p.HIDDEN,), (p.HIDDEN,), (p.HIDDEN, p.HIDDEN), (p.HIDDEN,), (p.HIDDEN,), (1,)]
            keys = jax.random.split(key, len(shapes))
            drawn = tuple(jax.random.normal(k, (self.networks, *shape)) for k, shape in zip(keys, shapes))
            return train(self.x, self.y, self.steps, drawn)

        self.train, self.draw = train, draw

    def batch(self):
        jax.block_until_ready(self.draw(self.keys()))
        return self.networks * self.steps

    def check(self, directory):
        parameters, x, y = p.training_parameters(directory)
        return np.asarray(self.train(x, y, p.STEPS, tuple(part[None] for part in parameters)))[0]


class Normals:
    count = 1_000_000

    def __init__(self):
        self.keys = Keys()
        self.draw = jax.jit(lambda key: jax.random.normal(key, (self.count,)))

    def batch(self):
        jax.block_until_ready(self.draw(self.keys()))
        return self.count

    def check(self, directory):
        return p.moments(np.concatenate([np.asarray(self.draw(self.keys())) for _ in range(4)]))


class Chains:
    chains = 512

    def __init__(self):
        self.keys = Keys()

        def layer(gram, normals):
            g00, g01, g11 = gram
            # The larger diagonal first, as a pivoted factorisation has it
            swap = g11 > g00
            first, last = jnp.where(swap, g11, g00), jnp.where(swap, g00, g11)
            root = jnp.sqrt(first)
            slope = g01 / root
            rest = jnp.sqrt(jnp.maximum(last - slope * slope, 0))
            u = root[:, None] * normals[:, 0]
            v = slope[:, None] * normals[:, 0] + rest[:, None] * normals[:, 1]
            z = jax.nn.relu(jnp.where(swap[:, None], v, u))
            y = jax.nn.relu(jnp.where(swap[:, None], u, v))
            factor = 2 / p.CHAIN_WIDTH
            return factor * (z * z).sum(1), factor * (z * y).sum(1), factor * (y * y).sum(1)

        @jax.jit
        def chain(normals):
            gram = tuple(jnp.full(len(normals), value) for value in (1.0, 0.3, 0.8))
            for number in range(p.CHAIN_DEPTH):
                gram = layer(gram, normals[:, number])
            return gram

        @jax.jit
        def draw(key):
            return chain(jax.random.normal(key, (self.chains, p.CHAIN_DEPTH, 2, p.CHAIN_WIDTH)))

        self.chain, self.draw = chain, draw

    def batch(self):
        jax.block_until_ready(self.draw(self.keys()))
        return self.chains

    def check(self, directory):
        return np.stack([np.asarray(g) for g in self.chain(p.chain_normals(directory))], 1).ravel()


if __name__ == "__main__":
    made = {f"networks-{name}": Networks(name) for name in ("cos", "tanh", "erf", "relu")}
    made |= {f"kernels-{name}": Kernels(name) for name in ("relu", "erf")}
    made |= {f"training-{name}": Training(name) for name in ("tanh", "relu")}
    made |= {"normals": Normals(), "chains": Chains()}
    p.serve(made)
