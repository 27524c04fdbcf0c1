"""Probes of chapter 7: a step in mixed precision, seen from inside the model and the scaler.

All numbers of a first step have few bits, so that they are the same in 16 bits as in 32.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch import Tensor, nn

Outputs = dict[str, Any]
Answer = Callable[..., Any]

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}
OPTIMIZERS: dict[str, Callable[[Any, float], torch.optim.Optimizer]] = {
    "SGD": lambda parameters, lr: torch.optim.SGD(parameters, lr),
    "SGD with momentum": lambda parameters, lr: torch.optim.SGD(parameters, lr, momentum=0.5),
}
BACKWARD = "backward"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _product() -> str:
    """Say in which numbers torch multiplies matrices here: autocast changes it."""
    one = torch.ones(1, 1, dtype=torch.float32)
    return _name((one @ one).dtype)


@contextmanager
def _autocast_off_afterwards() -> Iterator[None]:
    """Switch autocast off at the end, should the answer leave it on: it holds for all of torch."""
    depth = torch.autocast_increment_nesting()
    torch.autocast_decrement_nesting()
    try:
        yield
    finally:
        # To enter and not to leave is the one way that every version of torch has.
        for device_type, dtype in (("cpu", torch.bfloat16), ("cuda", torch.float16)):
            torch.autocast(device_type, dtype, enabled=False).__enter__()
        while torch.autocast_decrement_nesting() >= depth:
            pass
        torch.clear_autocast_cache()


class _Signs(nn.Module):
    """Scores for each id from two signs, and a loss of squares, times `factor`."""

    def __init__(self, weights: Tensor, factor: float, events: list[str]) -> None:
        super().__init__()
        V = weights.shape[1]
        self.table = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])[:V].float()
        self.c_fc = nn.Linear(2, V, dtype=torch.float32)
        with torch.no_grad():
            self.c_fc.weight.copy_(weights[:2].t())
            self.c_fc.bias.copy_(weights[2])
        self.factor, self.events = factor, events
        self.seen: dict[str, Any] = {"runs of the model": 0, "runs in training mode": 0}

    def forward(self, idx: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        idx, targets = (ids.as_subclass(Tensor) for ids in (idx, targets))
        self.seen["runs of the model"] += 1
        self.seen["runs in training mode"] += self.training
        scores = self.c_fc(self.table[idx])
        self.seen["activations"] = _name(scores.dtype)
        wanted = torch.eye(scores.shape[-1], dtype=torch.float32)[targets]
        loss = self.factor * (scores.float() - wanted).square().sum(-1).mean()
        if scores.requires_grad:
            scores.register_hook(self._note_backward)
        return scores, loss

    def _note_backward(self, gradient: Tensor) -> None:
        self.events.append(BACKWARD)
        self.seen["products in the backward pass"] = _product()


class _Recording(torch.amp.GradScaler):
    """A scaler that notes who asks it for what."""

    def __init__(self, scale: float, events: list[str]) -> None:
        super().__init__("cpu", init_scale=scale, growth_interval=1)
        self.events = events

    def scale(self, outputs: Any) -> Any:
        self.events.append("scale")
        return super().scale(outputs)

    def step(self, optimizer: torch.optim.Optimizer, *args: Any, **kwargs: Any) -> Any:
        self.events.append("scaler steps")
        return super().step(optimizer, *args, **kwargs)

    def update(self, new_scale: Any = None) -> None:
        self.events.append("update")
        with suppress(AssertionError):  # the order of events says more than that exception
            super().update(new_scale)


class _Setting:
    """A model, its optimizer and a scaler, and what happens to them in order."""

    def __init__(
        self, weights: Tensor, optimizer: str, lr: float, factor: float, scale: float | None
    ) -> None:
        self.events: list[str] = []
        self.model = _Signs(weights, factor, self.events)
        self.optimizer = OPTIMIZERS[optimizer](self.model.parameters(), lr)
        self.scaler = None if scale is None else _Recording(scale, self.events)
        self.dtypes: set[str] = set()
        self.optimizer.register_step_pre_hook(self._note_step)

    def _note_step(self, *_: Any) -> None:
        self.events.append("optimizer steps")
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        self.dtypes |= {_name(g.dtype) for g in gradients}

    def weights(self) -> Tensor:
        """Return the weights, a row for each score; the bias comes last."""
        return torch.cat([self.model.c_fc.weight, self.model.c_fc.bias[:, None]], 1)


def step(
    amp_train_step: Answer,
    weights: Tensor,
    x: Tensor,
    y: Tensor,
    dtype: str,
    scale: float | None = None,
    factor: float = 1.0,
    lr: float = 0.25,
    optimizer: str = "SGD",
    steps: int = 1,
    old_gradient: Tensor | None = None,
) -> Outputs:
    """Take steps with the same batch; return the loss of the first, and the weights."""
    setting = _Setting(weights, optimizer, lr, factor, scale)
    if old_gradient is not None:
        setting.model.c_fc.weight.grad = old_gradient.float().clone()
    a, b, s = setting.model, setting.optimizer, setting.scaler
    with _autocast_off_afterwards():
        losses = [amp_train_step(a, b, s, x, y, "cpu", DTYPES[dtype]) for _ in range(steps)]
    outputs = {"loss": losses[0], "weights": setting.weights()}
    return outputs | ({} if s is None else {"scale of the scaler": s.get_scale()})


def seen(
    amp_train_step: Answer,
    weights: Tensor,
    x: Tensor,
    y: Tensor,
    dtype: str,
    scale: float | None = None,
) -> Outputs:
    """Take one step, and say in which numbers what was computed, and in which order."""
    setting = _Setting(weights, "SGD", 0.25, 1.0, scale)
    with _autocast_off_afterwards():
        amp_train_step(
            model=setting.model,
            optimizer=setting.optimizer,
            scaler=setting.scaler,
            x=x,
            y=y,
            device_type="cpu",
            dtype=DTYPES[dtype],
        )
        afterwards = _product()
    return {
        **setting.model.seen,
        "gradients": sorted(setting.dtypes),
        "weights": sorted({_name(p.dtype) for p in setting.model.parameters()}),
        "what happened": setting.events,
        "products afterwards": afterwards,
    }


class _Elsewhere(Tensor):
    """A tensor that says it is on a GPU."""

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return torch.device("cuda:0")


def other_device(
    amp_train_step: Answer, weights: Tensor, x: Tensor, y: Tensor, dtype: str
) -> Outputs:
    """Take one step with ids that say they are on a GPU: the CPU then computes as always."""
    setting = _Setting(weights, "SGD", 0.25, 1.0, None)
    ids = (t.clone().as_subclass(_Elsewhere) for t in (x, y))
    with (
        _autocast_off_afterwards(),
        warnings.catch_warnings(),
    ):  # torch says that there is no such device, or that there is
        warnings.simplefilter("ignore")
        amp_train_step(setting.model, setting.optimizer, None, *ids, "cuda", DTYPES[dtype])
    return {"what the CPU computes with": setting.model.seen.get("activations")}
