"""GPT-2: the whole model, its sizes, and how its weights start."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gpt2.blocks import Block
from gpt2.config import GPTConfig
from gpt2.embeddings import tie_weights

__all__ = ["GPT", "count_parameters", "crop_block_size", "gpt2_config", "init_weights"]


class GPT(nn.Module):
    """Predict the next token at every position, as GPT-2 does.

    Token table plus position table, dropout of the sum, `config.n_layer`
    blocks, a layer norm, and a linear layer to one logit a token. The first
    token of a text is at position 0. How the weights start is free;
    `init_weights` gives them GPT-2's start.

    Args:
        config: a `GPTConfig`.

    Attributes:
        config: the same.
        transformer: nn.ModuleDict (or a module with attributes) of
            `wte`, nn.Embedding(V, C); `wpe`, nn.Embedding(N, C); `h`,
            nn.ModuleList of the blocks; `ln_f`, a layer norm as in a block,
            eps 1e-5, with a bias if `config.bias`. What has no parameters
            may be there too.
        lm_head: nn.Linear(C, V, bias=False). Its weight is the very
            parameter of `wte`.

    Example:
        >>> model = GPT(GPTConfig(16, 50, n_layer=2, n_head=2, n_embd=8))
        >>> idx = torch.tensor([[3, 1, 4, 1, 5]])
        >>> logits, loss = model(idx, targets=idx)
        >>> logits.shape, loss.shape
        (torch.Size([1, 5, 50]), torch.Size([]))
        >>> list(model.state_dict())[:2]
        ['transformer.wte.weight', 'transformer.wpe.weight']
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(config.vocab_size, config.n_embd),
                "wpe": nn.Embedding(config.block_size, config.n_embd),
                "drop": nn.Dropout(config.dropout),
                "h": nn.ModuleList(Block(config) for _ in range(config.n_layer)),
                "ln_f": nn.LayerNorm(config.n_embd, bias=config.bias),
            }
        )
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        tie_weights(self)

    def forward(
        self,
        idx: Tensor,
        targets: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Return logits for what comes after each position, and the loss.

        Args:
            idx: token ids, int64, on the device of the model.
            targets: the token that does come after each position, int64; -100
                where it is not to count. None: there is no loss.

        Shape:
            - idx: (B, T), T at most N
            - targets: (B, T)
            - returns: logits (B, T, V), and the mean loss over the targets
              that count, in nats, () with a gradient; or None

        Raises:
            ValueError: T is greater than N. Another exception will do as
                well.
        """
        T, N = idx.size(1), self.config.block_size
        if T > N:
            raise ValueError(f"{T} tokens; the model can read {N}")
        stages: Any = self.transformer
        x = stages.drop(stages.wte(idx) + stages.wpe(torch.arange(T, device=idx.device)))
        for block in stages.h:
            x = block(x)  # (B, T, C)
        logits = self.lm_head(stages.ln_f(x))  # (B, T, V)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def init_weights(model: Any) -> None:
    """Give a GPT the weights with which the training of GPT-2 begins.

    Weights of linear layers and embeddings are drawn from a normal
    distribution of mean 0 and standard deviation 0.02. Those of the layers
    that add to the residual stream, named `c_proj`, get
    `0.02 / sqrt(2 * n_layer)`: there are 2 * n_layer of them, and each adds
    its share of variance. Biases are 0. Layer norms, whatever their class,
    get weight 1 and bias 0. The seed is the caller's: a second call gives
    other weights.

    Args:
        model: a GPT, new or trained, with `model.config.n_layer`. It is
            changed in place: each Parameter stays the same object, so the
            token table stays tied to the head.

    Example:
        >>> config = GPTConfig(64, vocab_size=500, n_layer=8, n_embd=96)
        >>> model = GPT(config)
        >>> _ = torch.manual_seed(0)
        >>> init_weights(model)
        >>> round(model.lm_head.weight.std().item(), 4)
        0.02
        >>> round(model.transformer.h[0].mlp.c_proj.weight.std().item(), 4)
        0.005
    """
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            scale = 1 / math.sqrt(2 * model.config.n_layer) if name.endswith("c_proj") else 1.0
            nn.init.normal_(module.weight, std=0.02 * scale)
        elif getattr(module, "weight", None) is not None:
            nn.init.ones_(module.weight)  # a layer norm, whoever wrote it
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)


def gpt2_config(name: str) -> GPTConfig:
    """Return the sizes of one of the four models that OpenAI published.

    All have 50,257 tokens, 1,024 positions and biases, and no dropout here.

    Args:
        name: "gpt2" (12 layers, 12 heads, 768 channels), "gpt2-medium" (24,
            16, 1024), "gpt2-large" (36, 20, 1280) or "gpt2-xl" (48, 25,
            1600).

    Returns:
        A new GPTConfig.

    Raises:
        KeyError: there is no such model. ValueError will do as well.

    Example:
        >>> config = gpt2_config("gpt2-medium")
        >>> config.n_layer, config.n_head, config.n_embd
        (24, 16, 1024)
    """
    n_layer, n_head, n_embd = {
        "gpt2": (12, 12, 768),
        "gpt2-medium": (24, 16, 1024),
        "gpt2-large": (36, 20, 1280),
        "gpt2-xl": (48, 25, 1600),
    }[name]
    return GPTConfig(n_layer=n_layer, n_head=n_head, n_embd=n_embd)


def count_parameters(model: Any, non_embedding: bool = False) -> int:
    """Count the numbers that a model learns, each once.

    A parameter that two layers share counts once; one that is frozen counts
    like any other; a buffer does not count.

    Args:
        model: any module.
        non_embedding: leave out the position table, `model.transformer.wpe`.
            The token table stays in, for it is the weight of `lm_head` too.

    Returns:
        An int. GPT-2 small has 124,439,808.

    Example:
        >>> config = GPTConfig(16, 50, n_layer=1, n_head=2, n_embd=8)
        >>> model = GPT(config)
        >>> count_parameters(model)
        1416
        >>> count_parameters(model, non_embedding=True)
        1288
    """
    count: int = sum(p.numel() for p in model.parameters())
    if non_embedding:
        count -= model.transformer.wpe.weight.numel()
    return count


def crop_block_size(model: Any, block_size: int) -> None:
    """Make a GPT read a shorter text: cut its position table.

    Afterwards the model computes what it computed before on texts that still
    fit, and refuses longer ones. The other weights stay the same objects.

    Args:
        model: a GPT. It is changed: its table, which stays a Parameter that
            learns, of the same dtype and device, and `config.block_size`. A
            mask that a layer keeps may be cut too.
        block_size: the new context length, from 1 to the old one.

    Raises:
        ValueError: `block_size` is greater than the old one. Another
            exception will do as well. The model is left as it was.

    Example:
        >>> config = GPTConfig(16, 50, n_layer=1, n_head=2, n_embd=8)
        >>> model = GPT(config)
        >>> crop_block_size(model, 4)
        >>> model.transformer.wpe.weight.shape, model.config.block_size
        (torch.Size([4, 8]), 4)
    """
    if block_size > model.config.block_size:
        raise ValueError(f"{block_size} is more than {model.config.block_size}")
    model.config.block_size = block_size
    wpe = model.transformer.wpe
    wpe.weight = nn.Parameter(wpe.weight[:block_size].detach().clone())
    wpe.num_embeddings = block_size
