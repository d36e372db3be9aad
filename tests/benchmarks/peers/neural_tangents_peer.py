"""neural-tangents, single precision, compiled: kernels of infinite width only."""

import functools

import jax
import numpy as np
from neural_tangents import stax

import protocol as p


class Kernels:
    def __init__(self, nonlinearity):
        dense = functools.partial(stax.Dense, p.HIDDEN, W_std=p.WEIGHT_VARIANCE**0.5, b_std=p.BIAS_VARIANCE**0.5)
        layers = [layer for _ in range(p.DEPTH) for layer in (dense(), nonlinearity())]
        kernel = stax.serial(*layers, dense())[2]
        self.kernel = jax.jit(lambda x: kernel(x, None, ("nngp", "ntk")))
        self.x = jax.random.normal(jax.random.PRNGKey(1), (p.KERNEL_POINTS, p.KERNEL_INPUTS))

    def batch(self):
        jax.block_until_ready(self.kernel(self.x))
        return 1

    def check(self, directory):
        x = p.read(directory, "x.f64", "f8").reshape(-1, p.KERNEL_INPUTS).astype(np.float32)
        kernel = self.kernel(x)
        return np.concatenate([np.asarray(kernel.nngp).ravel(), np.asarray(kernel.ntk).ravel()])


if __name__ == "__main__":
    p.serve({"kernels-relu": Kernels(stax.Relu), "kernels-erf": Kernels(stax.Erf)})
