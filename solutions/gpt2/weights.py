"""OpenAI's weights: from the names and layouts in which they are published to ours."""

from torch import Tensor

from gpt2.config import GPTConfig

__all__ = ["convert_openai_weights"]

_IN_EACH_BLOCK = ("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")
_TRANSPOSED = ("attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight")


def convert_openai_weights(
    sd_hf: dict[str, Tensor],
    config: GPTConfig,
) -> dict[str, Tensor]:
    """Turn the weights of GPT-2, as they are published, into those of `GPT`.

    The names are the same but for "transformer." in front, which the
    published file may have or not. OpenAI's four matrices of a block are of
    shape (in, out), while nn.Linear keeps (out, in): `attn.c_attn`,
    `attn.c_proj`, `mlp.c_fc` and `mlp.c_proj`. Nothing else is transposed.
    The file may have buffers besides, `attn.bias` and `attn.masked_bias`,
    which are masks and no weights, and may lack `lm_head.weight`, which is
    the token table.

    Args:
        sd_hf: name -> tensor, in any order. It stays as it was, and its
            tensors too.
        config: the sizes; with biases.

    Returns:
        A dict that `GPT(config).load_state_dict` takes with strict=True: all
        its names, "lm_head.weight" among them, and no others.

    Raises:
        KeyError: a weight is missing. Another exception will do as well, here
            or in `load_state_dict`: no number is made up.
        ValueError: a weight has not the shape that `config` asks for. Another
            exception will do as well, here or in `load_state_dict`.

    Example:
        >>> config = GPTConfig(n_layer=1, n_embd=4, vocab_size=9)
        >>> config.block_size = 8
        >>> shapes = {
        ...     "h.0.attn.c_attn": [4, 12], "h.0.attn.c_proj": [4, 4],
        ...     "h.0.mlp.c_fc": [4, 16], "h.0.mlp.c_proj": [16, 4],
        ...     "h.0.ln_1": [4], "h.0.ln_2": [4], "ln_f": [4],
        ... }
        >>> sd_hf = {"wte.weight": torch.ones(9, 4)}
        >>> sd_hf["wpe.weight"] = torch.ones(8, 4)
        >>> for part, shape in shapes.items():
        ...     sd_hf[f"{part}.weight"] = torch.ones(shape)
        ...     sd_hf[f"{part}.bias"] = torch.ones(shape[-1])
        >>> converted = convert_openai_weights(sd_hf, config)
        >>> converted["transformer.h.0.mlp.c_fc.weight"].shape
        torch.Size([16, 4])
        >>> len(converted)
        17
    """
    published = {name.removeprefix("transformer."): tensor for name, tensor in sd_hf.items()}
    names = ["wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"]
    for layer in range(config.n_layer):
        for part in _IN_EACH_BLOCK:
            names += [f"h.{layer}.{part}.weight", f"h.{layer}.{part}.bias"]
    converted = {}
    for name in names:
        weight = published[name]  # a KeyError names what is missing
        converted[f"transformer.{name}"] = weight.t() if name.endswith(_TRANSPOSED) else weight
    converted["lm_head.weight"] = converted["transformer.wte.weight"]
    return converted
