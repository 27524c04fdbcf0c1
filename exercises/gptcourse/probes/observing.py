"""What probes observe besides a result: gradients, exceptions, and the device it is on."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .pretend_device import PretendDevice

__all__ = ["OneDevice", "attempt", "gradients", "shape"]


class OneDevice(PretendDevice):
    """A pretended device that also refuses a lookup or a sum across devices, as a GPU does.

    Indexing with square brackets is left: there torch itself takes positions from the CPU.
    """

    ACROSS = ("embedding", "index_select", "gather", "add", "__add__", "__radd__", "matmul")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._kept: dict[int, Tensor] = {}  # by address; kept, so that no address is used again

    def put(self, tensor: Tensor) -> None:
        """Count a tensor as being on the device from now on."""
        tensor._pretended = self  # type: ignore[attr-defined]

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        came = super().__torch_function__(func, types, args, kwargs)
        return self._leave(came) if getattr(func, "__name__", "") == "cpu" else came

    def _refuse_what_torch_refuses(self, func: Any, args: Any, leaves: list[Any]) -> None:
        super()._refuse_what_torch_refuses(func, args, leaves)
        elsewhere = [x for x in leaves if isinstance(x, Tensor) and x.dim() and not self._near(x)]
        if elsewhere and getattr(func, "__name__", "") in self.ACROSS:
            raise RuntimeError("Expected all tensors to be on the same device, cuda and cpu")

    def _near(self, tensor: Tensor) -> bool:
        """Say whether a tensor is here, or is a Parameter that was made around one that is."""
        return self.holds(tensor) or (
            isinstance(tensor, nn.Parameter) and tensor.data_ptr() in self._kept
        )

    def _mark(self, value: Any) -> Any:
        value = super()._mark(value)
        if self.holds(value) and value.layout is torch.strided:
            self._kept[value.data_ptr()] = value
        return value


def gradients(came: Any, upstream: Tensor, tables: list[Any]) -> list[Tensor | None] | None:
    """Return the gradient of `came * upstream`, summed, for each table; None if there is none."""
    if not isinstance(came, Tensor) or came.shape != upstream.shape or not came.requires_grad:
        return None
    if not all(isinstance(table, Tensor) and table.requires_grad for table in tables):
        return None
    upstream = upstream.to(came.dtype)
    found = torch.autograd.grad(came, tables, grad_outputs=upstream, allow_unused=True)
    return [None if g is None else g.to_dense() if g.is_sparse else g for g in found]


def attempt(what: str, call: Callable[[], Any]) -> dict[str, Any]:
    """Say whether a call raises, and in which shape a result comes if not.

    A body that is not written yet raises on.
    """
    try:
        came = call()
    except NotImplementedError:
        raise
    except Exception:
        return {f"{what} raises an exception": True, "shape of what came": None}
    return {f"{what} raises an exception": False, "shape of what came": shape(came)}


def shape(value: Any) -> Any:
    """Return the shape of a tensor, and what is none as it is."""
    return list(value.shape) if isinstance(value, Tensor) else value
