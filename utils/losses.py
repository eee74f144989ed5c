r"""Losses: a number to make small, and its derivative with respect to z[L].

A loss is an object with two methods. Both take the arrays of the *last* layer: `z` and `a`, with
one column a sample, and the targets `y` of the same shape. `value` is the mean over the N columns,
`delta` its derivative with respect to z[L], the 1/N included: the start vector of
`utils.gradients.backward`.
"""

from typing import Any

import numpy as np

from utils.activations import Activation
from utils.inputs import columns_mend, describe, numbers, shape_error

__all__ = ["MeanSquaredError", "mse"]


def _check_last_layer(z: Any, a: Any, y: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a = numbers("a", a, "(..., n_L, N)")
    if a.ndim < 2:
        raise shape_error("a", a, "(..., n_L, N)", "write a[:, None] for one sample")
    z = numbers("z", z, "(..., n_L, N)")
    if z.shape != a.shape:
        raise shape_error("z", z, f"{a.shape}, the shape of a", "pass z[L] and a[L] of one pass")
    rows, N = a.shape[-2:]
    y = numbers("y", y, f"({rows}, {N})")
    if y.ndim < 2 or y.shape[-2:] != (rows, N):
        raise shape_error("y", y, f"({rows}, {N}), one column a sample as in a[L]",
                          columns_mend("y", y, rows))  # fmt: skip
    for p, q in zip(reversed(y.shape[:-2]), reversed(a.shape[:-2]), strict=False):
        if p != q and 1 not in (p, q):
            raise shape_error("y", y, f"leading axes that fit those of a[L], {a.shape}",
                              "one y for all replicas, or one for each")  # fmt: skip
    return z, a, y


class MeanSquaredError:
    r"""Half the squared error, averaged over the columns.

    .. math:: C = \frac1N \sum_{i=1}^N \tfrac12 \lVert a_i - y_i \rVert^2, \qquad
              \frac{\partial C}{\partial z^{[L]}} =
              \frac1N \, (a - y) \circ \sigma'(z^{[L]})

    (Higham & Higham 2019, equations (3.5) and (5.5).) Zero columns count 0.

    Examples
    --------
    >>> a = np.array([[0.5, 1.0]])
    >>> mse.value(a, a, [[1.0, 1.0]]).item()  # z plays no part here
    0.0625
    """

    name = "mse"

    def value(self, z: Any, a: Any, y: Any) -> Any:
        """C, one number for each replica.

        Parameters
        ----------
        z, a : array_like, shape (..., n_L, N)
            Weighted inputs and activations of the last layer.
        y : array_like, shape (..., n_L, N)
            Targets.

        Returns
        -------
        float or array, shape () or (R,)

        Raises
        ------
        TypeError, ValueError
            Values that are no finite numbers, shapes that disagree.
        """
        z, a, y = _check_last_layer(z, a, y)
        return ((a - y) ** 2).sum(axis=(-2, -1)) / (2 * max(a.shape[-1], 1))

    def delta(self, z: Any, a: Any, y: Any, activation: Activation) -> np.ndarray:
        """∂C/∂z[L], shape (..., n_L, N); parameters as `value`, and layer L's activation."""
        z, a, y = _check_last_layer(z, a, y)
        if not isinstance(activation, Activation):
            raise TypeError(
                f"activation is {describe(activation)}; expected an Activation: "
                "pass that of the last layer, net.activation[net.L]"
            )
        return (a - y) * activation.derivative(a) / max(a.shape[-1], 1)

    def __repr__(self) -> str:
        return "<loss mse>"


mse = MeanSquaredError()
