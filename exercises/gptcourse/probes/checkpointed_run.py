"""A small run of training in which every part of its state matters to the next step."""

import copy
from typing import Any

import torch
from torch import Tensor, nn, serialization
from torch.nn import functional
from torch.overrides import TorchFunctionMode

__all__ = ["AsIfFromAGPU", "Run", "same"]


class _Model(nn.Module):
    """Dropout, a buffer that moves with each batch, and a head that is the table."""

    level: Tensor

    def __init__(self, weights: Tensor, kind: str) -> None:
        super().__init__()
        V, C = weights.shape
        exact: Any = {"dtype": torch.float64}
        self.table = nn.Embedding(V, C, **exact)
        self.head = nn.Linear(C, V, bias=kind != "one less", **exact)
        with torch.no_grad():
            self.table.weight.copy_(weights)
            if self.head.bias is not None:
                self.head.bias.zero_()
        self.head.weight = self.table.weight
        self.register_buffer("level", torch.zeros(C, **exact))
        if kind == "one more":
            self.scale = nn.Parameter(torch.ones(C, **exact))
        if kind == "another name":
            self.wte, self.head_of_another_name = self.table, self.head
            del self.table, self.head

    def forward(self, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
        """Return the loss of the next tokens."""
        h = functional.dropout(self.table(x), 0.5, self.training)
        if self.training:
            self.level.mul_(0.5).add_(h.detach().mean((0, 1)))
        scores = self.head((h - self.level) * (1 + noise))
        return functional.cross_entropy(scores.flatten(0, 1), y.flatten())


class _Loader:
    """Deals tokens out in rows, and counts how often it began anew."""

    def __init__(self, tokens: Tensor) -> None:
        self.tokens, self.row, self.rounds = tokens, 0, 0
        self.trouble = ""

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """Return the next row, in another order in each round."""
        if self.row == len(self.tokens):
            self.row, self.rounds = 0, self.rounds + 1
        row = self.tokens[self.row].roll(self.rounds)[None]
        self.row += 1
        return row[:, :-1], row[:, 1:]

    def state_dict(self) -> dict[str, Any]:
        """Return the place, or meet the trouble that was asked for."""
        if self.trouble == "the loader raises":
            raise RuntimeError("the loader has no place")
        state: dict[str, Any] = {"row": self.row, "rounds": self.rounds}
        return state | {"more": _NoSpace()} if self.trouble else state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a place."""
        self.row, self.rounds = state["row"], state["rounds"]


class _NoSpace:
    """Stops whoever writes it down."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise OSError("No space left on device")


class Run:
    """A model, its optimizer, its loader, and a generator of its own."""

    def __init__(
        self,
        weights: Tensor,
        tokens: Tensor,
        optimizer: str = "AdamW",
        generator: bool = True,
        lr: float = 0.1,
        seed: int = 1,
        kind: str = "",
    ) -> None:
        self.model: Any = _Model(weights, kind)
        tables = [p for p in self.model.parameters() if p.dim() == 2]
        others = [p for p in self.model.parameters() if p.dim() < 2]
        groups: Any = [{"params": tables}, {"params": others, "lr": 2 * lr, "weight_decay": 0.0}]
        groups = [group for group in groups if group["params"]]
        if optimizer == "AdamW":
            self.optimizer: Any = torch.optim.AdamW(groups, lr=lr, weight_decay=lr, foreach=False)
        else:
            self.optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
        self.loader = _Loader(tokens)
        self.generator = torch.Generator().manual_seed(seed) if generator else None

    def generators(self) -> list[torch.Generator]:
        """Return the generator as arguments of a call: there may be none."""
        return [] if self.generator is None else [self.generator]

    def go(self, steps: int) -> list[float]:
        """Take steps, with a learning rate that gets smaller; return their losses."""
        losses = []
        for _ in range(steps):
            x, y = self.loader.next_batch()
            noise = torch.zeros((), dtype=torch.float64)
            if self.generator is not None:
                noise = torch.rand((), generator=self.generator, dtype=torch.float64)
            loss = self.model(x, y, noise)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            for group in self.optimizer.param_groups:
                group["lr"] *= 0.8
            losses += [loss.item()]
        return losses

    def parts(self) -> dict[str, Any]:
        """Return a copy of all that the next step depends on."""
        state = self.optimizer.state_dict()
        parts = {
            "model": self.model.state_dict(),
            "state of the optimizer": state["state"],
            "settings of the optimizer": state["param_groups"],
            "place of the loader": [self.loader.row, self.loader.rounds],
            "torch's random state": torch.get_rng_state(),
            "generator": self.generator.get_state() if self.generator is not None else None,
        }
        return copy.deepcopy(parts)


def same(a: Any, b: Any) -> bool:
    """Say whether two states are the same to the bit."""
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        alike = isinstance(a, Tensor) and isinstance(b, Tensor) and a.dtype == b.dtype
        return alike and a.shape == b.shape and torch.equal(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


class AsIfFromAGPU(TorchFunctionMode):
    """While active, `torch.save` writes down that tensors are on a GPU, one that is not here.

    It does not for those who bring tensors to the CPU first: then there are none on a GPU.
    """

    def __init__(self) -> None:
        super().__init__()
        self.place = f"cuda:{torch.cuda.device_count()}"

    def __enter__(self) -> Any:
        self.told = serialization.location_tag
        serialization.location_tag = lambda storage: self.place
        return super().__enter__()  # type: ignore[no-untyped-call]

    def __exit__(self, *args: Any) -> None:
        serialization.location_tag = self.told
        super().__exit__(*args)  # type: ignore[no-untyped-call]

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        told = [str(value) for value in (*args[1:], *(kwargs or {}).values())]
        if name in ("cpu", "numpy", "tolist") or (name == "to" and "cpu" in told):
            self.place = "cpu"
        return func(*args, **(kwargs or {}))
