"""The training loop."""

from torch import Tensor, nn
from torch.optim import Optimizer

__all__ = ["train_step"]


def train_step(
    model: nn.Module,
    optimizer: Optimizer,
    x: Tensor,
    y: Tensor,
) -> float:
    """Improve a model by one step on one batch.

    The model runs once on the batch. Its parameters move by one step of
    `optimizer`, against the gradient of this batch's loss alone: gradients
    that are there from before do not count.

    Args:
        model: `model(x, y)` returns (logits, loss). The step follows that
            loss, and the model stays in the mode it is in.
        optimizer: holds the model's parameters; SGD, AdamW or any other.
        x: token ids, int64.
        y: the target of each position, int64.

    Shape:
        - x, y: (B, T), left unchanged

    Returns:
        The loss of the batch before the step, as a Python float (a tensor
        would keep the whole graph of the computation in memory).

    Example:
        >>> class OneNumber(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = torch.nn.Parameter(torch.tensor(3.0))
        ...
        ...     def forward(self, x, y):
        ...         return None, (self.w * x - y).square().mean()
        >>> model = OneNumber()
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> one = torch.tensor([[1]])
        >>> train_step(model, optimizer, one, one)
        4.0
        >>> model.w.item()
        2.0
    """
    _, loss = model(x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss.item())
