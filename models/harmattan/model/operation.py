"""The log likelihood as an operation of PyTensor, so that the PyMC model of `build.py` can be evaluated in seconds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key
from pytensor.tensor import as_tensor_variable
from pytensor.tensor.type import TensorType

from ..core.compiling import code_digest
from .likelihood import likelihood_and_gradient


class PanelLikelihood(Op):
    """PyTensor operation for `likelihood_and_gradient`; its own further outputs are the gradient of the first."""

    __props__ = ()
    _differentiable = 5

    def make_node(self, *inputs: Any) -> Apply:
        """Return the node with outputs: log likelihood and its gradient by the first five inputs."""
        variables = [as_tensor_variable(v).astype("float64") for v in inputs]
        outputs = [TensorType("float64", ())()]
        outputs += [TensorType("float64", v.type.shape)() for v in variables[: self._differentiable]]
        return Apply(self, variables, outputs)

    def perform(self, node: Apply, inputs: Sequence[Any], output_storage: Any) -> None:
        """Evaluate outside of compiled graphs."""
        results = likelihood_and_gradient(*(np.ascontiguousarray(v) for v in inputs))
        for storage, result in zip(output_storage, results, strict=True):
            storage[0] = np.asarray(result)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]) -> list:
        """Return the gradient of the log likelihood; the data have none."""
        from pytensor.gradient import disconnected_type

        gradient = [cotangents[0] * output for output in outputs[1:]]
        return gradient + [disconnected_type() for _ in inputs[self._differentiable :]]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Only the log likelihood depends, differentiably, on the first five inputs."""
        return [[i < self._differentiable] + [False] * self._differentiable for i in range(len(node.inputs))]


@register_funcify_default_op_cache_key(PanelLikelihood)
def _compile_panel_likelihood(op: PanelLikelihood, node: Apply, **kwargs: Any) -> Any:
    """Tell PyTensor's numba backend to call the compiled function."""

    @numba_njit
    def panel_likelihood(*arguments: Any) -> Any:
        total, g_series, g_shape, g_coupling, g_driver, g_shift = likelihood_and_gradient(*arguments)
        return np.asarray(total), g_series, g_shape, g_coupling, g_driver, g_shift

    # PyTensor keeps what it compiled on disk under this number: changed code must not be given its old self.
    return panel_likelihood, int(code_digest()[:12], 16)
