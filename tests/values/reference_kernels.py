"""Makes reference_kernels.json: kernels of fully connected networks at infinite width by neural-tangents, in double precision.

  python3 -m venv venv && venv/bin/pip install -r ../benchmarks/peers/requirements-neural-tangents.txt
  venv/bin/python reference_kernels.py >reference_kernels.json

Its layers stax.Dense(n, W_std, b_std, parameterization="ntk") compute W_std / sqrt(n_in) W x + b_std b with standard normal W and
b: our weight_variance is W_std^2, bias_variance is b_std^2, and both kernels are those of the NTK parameterisation. Its Erf is our
erf, its Relu our relu. A network of depth L has L hidden layers and a linear output.
"""
import json
import platform
from importlib.metadata import version

import jax
import numpy

jax.config.update("jax_enable_x64", True)
from neural_tangents import stax  # noqa: E402: double precision must be chosen before

INPUTS = numpy.array([[1.0, 0.5, -0.25], [-0.75, 0.25, 2.0], [0.1, 0.2, 0.3], [1.0, 0.5, -0.5]])
LAWS = ((1, 1.0, 0.0), (1, 2.0, 0.125), (3, 2.0, 0.0), (3, 1.5, 0.25), (8, 1.75, 0.05))


def kernels(activation, depth, weight_variance, bias_variance):
    def dense():
        return stax.Dense(1, W_std=weight_variance**0.5, b_std=bias_variance**0.5, parameterization="ntk")

    hidden = [layer for _ in range(depth) for layer in (dense(), activation())]
    return stax.serial(*hidden, dense())[2](INPUTS, None, ("nngp", "ntk"))


packages = ("neural-tangents", "jax", "jaxlib", "numpy")
table = {
    "made_by": "reference_kernels.py",
    "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
    "inputs": INPUTS.tolist(),
    "networks": [],
}
for name, activation in (("relu", stax.Relu), ("erf", stax.Erf)):
    for depth, weight_variance, bias_variance in LAWS:
        both = kernels(activation, depth, weight_variance, bias_variance)
        table["networks"].append(
            {
                "activation": name,
                "depth": depth,
                "weight_variance": weight_variance,
                "bias_variance": bias_variance,
                "nngp": both.nngp.tolist(),
                "ntk": both.ntk.tolist(),
            }
        )
print(json.dumps(table, indent=1))
