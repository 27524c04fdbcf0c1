"""The moving pictures of the course: one ES module and one Python class each.

On a page a picture is mounted from its JSON state; in a notebook the same module is an
anywidget that shows the learner's own tensors. Nothing is imported until a name is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attention_heads import AttentionHeads
    from .attention_saturation import AttentionSaturation
    from .attention_scores import AttentionScores
    from .attention_weights import AttentionWeights
    from .bigram_table import BigramTable
    from .bpe_steps import BPESteps
    from .embedding_map import EmbeddingMap
    from .gpt2_tokenizer import Gpt2Tokenizer
    from .gpt_sizes import GPTSizes
    from .guess_next_word import GuessNextWord
    from .loss_curves import LossCurves
    from .lr_schedule import LRSchedule
    from .norm_placement import NormPlacement
    from .picture import Picture
    from .row_lookup import RowLookup
    from .small_gpt import SmallGPT
    from .token_loop import TokenLoop
    from .training_window import TrainingWindow

__all__ = [
    "AttentionHeads",
    "AttentionSaturation",
    "AttentionScores",
    "AttentionWeights",
    "BPESteps",
    "BigramTable",
    "EmbeddingMap",
    "GPTSizes",
    "Gpt2Tokenizer",
    "GuessNextWord",
    "LRSchedule",
    "LossCurves",
    "NormPlacement",
    "Picture",
    "RowLookup",
    "SmallGPT",
    "TokenLoop",
    "TrainingWindow",
]

_MODULES = {
    "AttentionHeads": "attention_heads",
    "AttentionSaturation": "attention_saturation",
    "AttentionScores": "attention_scores",
    "AttentionWeights": "attention_weights",
    "BPESteps": "bpe_steps",
    "BigramTable": "bigram_table",
    "EmbeddingMap": "embedding_map",
    "GPTSizes": "gpt_sizes",
    "Gpt2Tokenizer": "gpt2_tokenizer",
    "GuessNextWord": "guess_next_word",
    "LRSchedule": "lr_schedule",
    "LossCurves": "loss_curves",
    "NormPlacement": "norm_placement",
    "Picture": "picture",
    "RowLookup": "row_lookup",
    "SmallGPT": "small_gpt",
    "TokenLoop": "token_loop",
    "TrainingWindow": "training_window",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
