"""Trees of plain values and tensors as bytes: answer keys, and messages to and from the sandbox.

A tree is None, bool, int, float, str, bytes, a tensor, or a list or str-keyed dict of trees. On
the wire it is one safetensors file whose metadata holds the JSON; a tensor in it is named by its
number. Nothing here can run code on reading, which is why it is not pickle.
"""

import base64
import json
import math
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

__all__ = ["WireError", "pack", "unpack"]

Tree = Any


class WireError(ValueError):
    """The value cannot be sent, or the bytes are not a message of ours."""


def pack(tree: Tree) -> bytes:
    """Return `tree` as bytes. Equal tensors are stored once. Raises WireError on other types."""
    tensors: dict[str, torch.Tensor] = {}
    known: dict[tuple[torch.dtype, tuple[int, ...], bytes], str] = {}

    def store(tensor: torch.Tensor) -> str:
        tensor = tensor.detach().cpu().contiguous().clone()
        raw = tensor.flatten().view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        fingerprint = (tensor.dtype, tuple(tensor.shape), raw)
        name = known.setdefault(fingerprint, f"{len(known):05d}")
        tensors.setdefault(name, tensor)
        return name

    def encode(value: Tree) -> Any:
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"$float": repr(value)}
        if kind is bytes:
            return {"$bytes": base64.b64encode(value).decode()}
        if kind in (torch.Tensor, torch.nn.Parameter):
            return {"$tensor": store(value)}
        if kind in (list, tuple):
            return [encode(item) for item in value]
        if kind is dict:
            if any(type(key) is not str or key.startswith("$") for key in value):
                raise WireError("a dict needs str keys that do not begin with '$'")
            return {key: encode(item) for key, item in value.items()}
        raise WireError(f"cannot send a {kind.__module__}.{kind.__qualname__}")

    text = json.dumps(encode(tree), ensure_ascii=False, allow_nan=False)
    # An empty file is not a valid safetensors file for every reader: keep one tensor in it.
    return save(tensors or {"none": torch.zeros(0)}, metadata={"tree": text})


def unpack(data: bytes, max_tensors: int = 2000) -> Tree:
    """Return the tree in `data`. Raises WireError if it is not one, or has too many tensors."""
    try:
        header_size = int.from_bytes(data[:8], "little")
        header = data[8 : 8 + header_size]
        if len(header) != header_size or header.count(b'"dtype"') > max_tensors + 1:
            raise WireError(f"not a message, or one of more than {max_tensors} tensors")
        tree = json.loads(json.loads(header)["__metadata__"]["tree"])
        tensors = load(data)
        return _decode(tree, tensors)
    except WireError:
        raise
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"not a message: {type(error).__name__}") from error


def _decode(value: Any, tensors: dict[str, torch.Tensor]) -> Tree:
    if isinstance(value, list):
        return [_decode(item, tensors) for item in value]
    if isinstance(value, dict):
        if "$tensor" in value:
            return tensors[value["$tensor"]]
        if "$float" in value:
            return float(value["$float"])
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        return {key: _decode(item, tensors) for key, item in value.items()}
    return value
