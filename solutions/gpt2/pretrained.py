"""GPT-2 with the weights that OpenAI published: from the network once, then from the disk."""

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gpt2.embeddings import tie_weights
from gpt2.model import GPT, gpt2_config
from gpt2.weights import convert_openai_weights

__all__ = ["NAMES", "WeightsError", "download", "from_pretrained"]

OWNER = "openai-community"  # on huggingface.co, where OpenAI's four models lie
NAMES = ("gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl")
FILE = "model.safetensors"


class WeightsError(Exception):
    """The weights cannot be had; the message says what to do."""


def from_pretrained(
    name: str = "gpt2",
    weights: str | Path | None = None,
    device: str | torch.device = "cpu",
) -> GPT:
    """Return one of OpenAI's models, in evaluation mode.

    Args:
        name: "gpt2", "gpt2-medium", "gpt2-large" or "gpt2-xl".
        weights: a file in the format of safetensors with the weights of this
            model, under the names of the published ones. None: downloaded
            once, with a progress bar, and kept by huggingface_hub (in
            HF_HOME); a download that was cut off goes on where it stopped.
        device: where the model is to be.

    Raises:
        WeightsError: the weights cannot be had, or are not those of this
            model.
    """
    try:
        config = gpt2_config(name)
    except KeyError:
        raise WeightsError(
            f"there is no model {name!r}; there are {', '.join(NAMES[:-1])} and {NAMES[-1]}"
        ) from None
    path = download(name) if weights is None else Path(weights)
    published = _read(path, device)
    try:
        converted = convert_openai_weights(published, config)
        with torch.device("meta"):  # no numbers are drawn that would be thrown away
            model = GPT(config)
        contiguous = {key: tensor.contiguous() for key, tensor in converted.items()}
        model.load_state_dict(contiguous, assign=True)
    except KeyError as error:
        raise WeightsError(f"{path} is not {name}: it has no weight {error}") from None
    except RuntimeError as error:
        raise WeightsError(f"{path} is not {name}: {error}") from None
    tie_weights(model)
    return model.eval()


def download(name: str) -> Path:
    """Return the file with the weights of a model, from the cache or from the network.

    Raises:
        WeightsError: it cannot be had, or what came is not what was
            announced.
    """
    try:
        from huggingface_hub import hf_hub_download, try_to_load_from_cache
    except ModuleNotFoundError:
        raise WeightsError(
            "huggingface_hub is not installed: pip install huggingface_hub, or give the "
            "weights as a file"
        ) from None
    repository = f"{OWNER}/{name}"
    kept = try_to_load_from_cache(repository, FILE)
    if isinstance(kept, str):
        return Path(kept)
    try:
        path = Path(hf_hub_download(repository, FILE))
    except Exception as error:  # of the network, the server, the disk: a wide family
        raise WeightsError(
            f"{repository} cannot be downloaded: {error}\nRun it again to go on, or give the "
            "weights as a file"
        ) from None
    _check(path)
    return path


def _check(path: Path) -> None:
    """Compare a new file with its SHA-256, by which the cache names it. Raises WeightsError."""
    blob = path.resolve()
    if len(blob.name) != 64:
        return
    with blob.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != blob.name:
        path.unlink()
        blob.unlink(missing_ok=True)
        raise WeightsError(
            f"the download is damaged: its SHA-256 is {found} and should be {blob.name}. It is "
            "deleted; run it again"
        )


def _read(path: Path, device: Any) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path, device=str(device))
    except FileNotFoundError:
        raise WeightsError(f"there is no file {path}") from None
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is not a file of safetensors: {error}") from None
