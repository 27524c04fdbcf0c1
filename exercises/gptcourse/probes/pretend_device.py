"""A second device that needs no hardware: tensors are on it in name, and computed on the CPU."""

from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

__all__ = ["PretendDevice", "StrictPretendDevice"]


class PretendDevice(TorchFunctionMode):
    """While active, whatever is put on `name` counts as being there, and so does what follows.

    `.to(device)`, `device=` and operations on tensors that are already there are all seen; a
    result is there if one of its inputs is. Unlike `device="meta"`, the values can still be read,
    so any way of writing a function that would run on a GPU runs here.

    >>> with PretendDevice("cuda") as elsewhere:
    ...     x = torch.arange(3).to("cuda") + 1
    ...     elsewhere.holds(x), elsewhere.holds(torch.arange(3))
    (True, False)
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.device = torch.device(name)

    def holds(self, value: Any) -> bool:
        """Say whether a value is a tensor on the device."""
        return isinstance(value, Tensor) and getattr(value, "_pretended", None) is self

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is torch.device:
            return func(*args, **kwargs)
        leaves = tree_leaves((args, kwargs))
        here = any(self.holds(leaf) for leaf in leaves)
        if func == Tensor.device.__get__:
            return self.device if here else func(*args, **kwargs)
        if getattr(func, "__name__", "") == "pin_memory":
            return args[0]
        named = [leaf for leaf in leaves if _is_device(leaf)]
        if named:
            here = any(torch.device(leaf).type == self.device.type for leaf in named)
            args, kwargs = tree_map(self._to_cpu, (args, kwargs))
        if here:
            self._refuse_what_torch_refuses(func, args, leaves)
        return tree_map(self._mark if here else self._leave, func(*args, **kwargs))

    def _refuse_what_torch_refuses(self, func: Any, args: Any, leaves: list[Any]) -> None:
        """Raise RuntimeError where a real device would: the two ways learners meet in a batch."""
        if any(isinstance(leaf, torch.Generator) for leaf in leaves):
            raise RuntimeError(f"Expected a '{self.device}' device type for generator")
        if func == Tensor.__getitem__ and not self.holds(args[0]):
            raise RuntimeError("indices should be on the same device as the indexed tensor (cpu)")

    def _to_cpu(self, leaf: Any) -> Any:
        ours = _is_device(leaf) and torch.device(leaf).type == self.device.type
        return torch.device("cpu") if ours else leaf

    def _mark(self, value: Any) -> Any:
        """Return a tensor as one on the device, apart from the CPU tensor it came from."""
        if type(value) is Tensor and not self.holds(value):
            value = value.detach()
            value._pretended = self
        return value

    def _leave(self, value: Any) -> Any:
        """Return a tensor as one that is not on the device: `.to("cpu")` brings it back."""
        return value.detach() if self.holds(value) else value


class StrictPretendDevice(PretendDevice):
    """A device that refuses, as a real one does, to compute with tensors of two devices."""

    def _refuse_what_torch_refuses(self, func: Any, args: Any, leaves: list[Any]) -> None:
        super()._refuse_what_torch_refuses(func, args, leaves)
        # A bias such as `causal_lower_right` holds no numbers: torch makes it where q is.
        plain = (Tensor, torch.nn.Parameter)
        tensors = [x for x in leaves if type(x) in plain and x.dim() > 0]
        # These read one tensor to say where, or copy from one device to another.
        moves = getattr(func, "__name__", "") in (
            "to", "type_as", "copy_", "__setitem__", "__getitem__", "__get__", "__set__",
        )  # fmt: skip
        if not moves and len({self.holds(x) for x in tensors}) > 1:
            raise RuntimeError("Expected all tensors to be on the same device")


def _is_device(value: Any) -> bool:
    if isinstance(value, torch.device):
        return True
    return isinstance(value, str) and value.split(":")[0] in ("cpu", "cuda", "mps", "xpu", "meta")
