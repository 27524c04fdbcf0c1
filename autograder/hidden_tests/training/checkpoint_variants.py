"""Right answers to Checkpoint, in other ways and other layouts of the file."""

import copy
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.exercise import Variant


class _BytesAndRename:
    """Bytes in memory, a file of a name that nobody has, renamed."""

    def __init__(self, path: Any) -> None:
        self.path = Path(path)

    def save(self, model: Any, optimizer: Any, step: int, loader: Any, rng: Any = None) -> None:
        whole = io.BytesIO()
        sources = [torch.default_generator] + ([rng] if rng is not None else [])
        parts = [part.state_dict() for part in (model, optimizer, loader)]
        torch.save([parts, step, [source.get_state() for source in sources]], whole)
        with tempfile.NamedTemporaryFile(dir=self.path.parent, delete=False) as file:
            file.write(whole.getbuffer())
        Path(file.name).replace(self.path)

    def load(self, model: Any, optimizer: Any, loader: Any, rng: Any = None) -> int:
        device = next(model.parameters()).device
        parts, step, sources = torch.load(io.BytesIO(self.path.read_bytes()), map_location=device)
        for part, state in zip((model, optimizer, loader), parts, strict=True):
            part.load_state_dict(state)
        for source, state in zip((torch.default_generator, rng), sources, strict=False):
            if source is not None:
                source.set_state(state.cpu())
        assert isinstance(step, int)
        return step


class _MovedWhenSaved:
    """On the CPU already in the file, so that no device has to be named when it is loaded."""

    def __init__(self, path: Any) -> None:
        self.path = os.fspath(path)

    def save(self, model: Any, optimizer: Any, step: int, loader: Any, rng: Any = None) -> None:
        moved = copy.deepcopy(optimizer.state_dict())
        for values in moved["state"].values():
            for name, value in values.items():
                if isinstance(value, Tensor):
                    values[name] = value.detach().cpu()
        state: dict[str, Any] = {"step": torch.tensor(step), "optimizer": moved}
        state["weights"] = [t.detach().to("cpu").clone() for t in model.state_dict().values()]
        state["names"] = list(model.state_dict())
        state["place"] = dict(loader.state_dict())
        state["random"] = torch.random.get_rng_state()
        if rng is not None:
            state["rng"] = rng.get_state()
        torch.save(state, self.path + ".tmp")
        os.rename(self.path + ".tmp", self.path)

    def load(self, model: Any, optimizer: Any, loader: Any, rng: Any = None) -> int:
        state = torch.load(self.path)
        there = model.state_dict()
        if list(there) != state["names"]:
            raise KeyError("another model")
        with torch.no_grad():
            for mine, saved in zip(there.values(), state["weights"], strict=True):
                mine.copy_(saved)
        optimizer.load_state_dict(state["optimizer"])
        loader.load_state_dict(state["place"])
        torch.random.set_rng_state(state["random"])
        if rng:
            rng.set_state(state["rng"])
        return int(state["step"].item())


class _NumPy:
    """Arrays by NumPy, everything else as text beside them, in one file."""

    def __init__(self, path: Any) -> None:
        self.path = str(path)

    def save(self, model: Any, optimizer: Any, step: int, loader: Any, rng: Any = None) -> None:
        arrays: list[np.ndarray[Any, Any]] = []

        def packed(value: Any) -> Any:
            if isinstance(value, Tensor):
                arrays.append(value.detach().cpu().numpy())
                return {"array": len(arrays) - 1}
            if isinstance(value, dict):
                return {"items": [[key, packed(item)] for key, item in value.items()]}
            if isinstance(value, list | tuple):
                return [packed(item) for item in value]
            return value

        everything = (model.state_dict(), optimizer.state_dict(), loader.state_dict())
        random = (torch.get_rng_state(), None if rng is None else rng.get_state())
        text = json.dumps([packed(part) for part in (*everything, *random)] + [step])
        unfinished = self.path + "~"
        with open(unfinished, "wb") as file:
            np.savez(file, *arrays, text=np.array(text))
        os.replace(unfinished, self.path)

    def load(self, model: Any, optimizer: Any, loader: Any, rng: Any = None) -> int:
        with np.load(self.path, allow_pickle=False) as file:

            def unpacked(value: Any) -> Any:
                if isinstance(value, dict) and "array" in value:
                    return torch.from_numpy(file[f"arr_{value['array']}"])
                if isinstance(value, dict):
                    return {key: unpacked(item) for key, item in value["items"]}
                return [unpacked(item) for item in value] if isinstance(value, list) else value

            *parts, step = [unpacked(part) for part in json.loads(str(file["text"]))]
        model.load_state_dict(parts[0])
        optimizer.load_state_dict(parts[1])
        loader.load_state_dict(parts[2])
        torch.set_rng_state(parts[3])
        if rng is not None and parts[4] is not None:
            rng.set_state(parts[4])
        return int(step)


class _ByName:
    """One dict, keyword by keyword; `p.data` is replaced, and the Parameters stay."""

    def __init__(self, path: Any) -> None:
        self.path = Path(path)
        self.partial = self.path.parent / f".{self.path.name}.partial"

    def save(self, model: Any, optimizer: Any, step: int, loader: Any, rng: Any = None) -> None:
        checkpoint = {
            "model": copy.deepcopy(model.state_dict()),
            "optimizer": copy.deepcopy(optimizer.state_dict()),
            "iter_num": step,
            "data": loader.state_dict(),
            "cpu": torch.random.get_rng_state(),
            "gpu": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        if rng is not None:
            checkpoint["own"] = rng.get_state()
        with self.partial.open("wb") as file:
            torch.save(checkpoint, file)
            file.flush()
        self.partial.rename(self.path)

    def load(self, model: Any, optimizer: Any, loader: Any, rng: Any = None) -> int:
        checkpoint = torch.load(self.path, map_location=lambda storage, place: storage)
        if set(checkpoint["model"]) != set(model.state_dict()):
            raise ValueError("these are the weights of another model")
        for name, p in model.named_parameters():
            p.data = checkpoint["model"][name].to(p)
        for name, buffer in model.named_buffers():
            buffer.copy_(checkpoint["model"][name])
        optimizer.load_state_dict(checkpoint["optimizer"])
        loader.load_state_dict(checkpoint["data"])
        torch.random.set_rng_state(checkpoint["cpu"])
        if checkpoint["gpu"]:
            torch.cuda.set_rng_state_all(checkpoint["gpu"])
        if "own" in checkpoint and rng is not None:
            rng.set_state(checkpoint["own"])
        step: int = checkpoint["iter_num"]
        return step


VARIANTS = (
    Variant("bytes, and a name that nobody has", _BytesAndRename),
    Variant("moved to the CPU when saved", _MovedWhenSaved),
    Variant("NumPy and text", _NumPy),
    Variant("by name, data replaced", _ByName),
)
