"""The optimizer of a run: AdamW for everything, or Muon for the matrices of the blocks."""

from __future__ import annotations

from typing import Any

from torch import nn
from torch.optim import Optimizer

from gpt2.muon import Muon
from gpt2.optim import configure_optimizers
from gpt2.run.recipe import Recipe

__all__ = ["Together", "optimizer_of"]


class Together:
    """Several optimizers, used as one."""

    def __init__(self, *parts: Optimizer) -> None:
        self.parts = parts

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of all. They are other ones after a state was loaded."""
        return [group for part in self.parts for group in part.param_groups]

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for part in self.parts:
            part.zero_grad()

    def step(self) -> None:
        """Take a step with each."""
        for part in self.parts:
            part.step()

    def state_dict(self) -> dict[str, Any]:
        """Return the state of each, by its place."""
        return {str(place): part.state_dict() for place, part in enumerate(self.parts)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from there.

        Raises:
            ValueError: the state is that of other optimizers.
        """
        if state.keys() != {str(place) for place in range(len(self.parts))}:
            raise ValueError("its optimizer is another one")
        for place, part in enumerate(self.parts):
            part.load_state_dict(state[str(place)])


def optimizer_of(model: nn.Module, recipe: Recipe) -> Any:
    """Return the optimizer that a recipe asks for.

    Each group remembers the top of its learning rate, as "top".
    """
    betas = (0.9, recipe.beta2)
    adamw: Any = configure_optimizers(model, recipe.weight_decay, recipe.lr, betas)
    if recipe.optimizer == "adamw":
        optimizer: Any = adamw
    else:
        matrices = [p for name, p in model.named_parameters() if ".h." in name and p.dim() == 2]
        taken = set(matrices)
        for group in adamw.param_groups:
            group["params"] = [p for p in group["params"] if p not in taken]
        muon = Muon(matrices, recipe.muon_lr, weight_decay=recipe.weight_decay)
        optimizer = Together(adamw, muon)
    for group in optimizer.param_groups:
        group["top"] = group["lr"]
    return optimizer
