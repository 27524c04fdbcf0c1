"""Wrong answers to 6.7 count_parameters, the commonest first."""

from autograder.exercise import Misconception

SUM = "sum(p.numel() for p in model.parameters())"
COUNT = f"count: int = {SUM}"
WPE = "count -= model.transformer.wpe.weight.numel()"
ASKED = "if non_embedding:"
BACK = "    return count"


def _summed(text: str) -> tuple[tuple[str, str], ...]:
    return ((SUM, text),)


MISCONCEPTIONS = (
    Misconception(
        "head-counted-twice",
        "The table that two layers share is counted twice.",
        "`state_dict()` lists it under both names, and so does each layer by itself. GPT-2 small "
        "comes out at 163,037,184.",
        edits=_summed(
            "sum(p.numel() for _, p in model.named_parameters(remove_duplicate=False))",
        ),
    ),
    Misconception(
        "state-dict-counted",
        "All entries of the `state_dict` are counted.",
        "It lists a shared table under both of its names, and buffers besides.",
        edits=_summed("sum(t.numel() for t in model.state_dict().values())"),
    ),
    Misconception(
        "frozen-not-counted",
        "Frozen parameters are left out.",
        "Look at `requires_grad`. They have been learned, and they are part of the model.",
        edits=_summed("sum(p.numel() for p in model.parameters() if p.requires_grad)"),
    ),
    Misconception(
        "tensors-counted",
        "The tensors are counted, not the numbers in them.",
        "A table of a million numbers counts as 1. What does `len` of a list of parameters say?",
        edits=_summed("len(list(model.parameters()))"),
    ),
    Misconception(
        "first-sizes-only",
        "Only the first size of each tensor is counted.",
        "`len(p)` and `p.shape[0]` give the rows of a matrix. How many numbers has a row?",
        edits=_summed("sum(len(p) for p in model.parameters())"),
    ),
    Misconception(
        "sizes-added",
        "The sizes of each tensor are added, not multiplied.",
        "A matrix of 3 rows and 4 columns holds more than 7 numbers.",
        edits=_summed("sum(sum(p.shape) for p in model.parameters())"),
    ),
    Misconception(
        "biases-forgotten",
        "Only tensors of two dimensions are counted.",
        "Biases and the weights of layer norms are learned too, and have one dimension.",
        edits=_summed("sum(p.numel() for p in model.parameters() if p.dim() == 2)"),
    ),
    Misconception(
        "norms-forgotten",
        "Layer norms are not counted.",
        "Each has a weight and a bias, and both are learned.",
        edits=_summed('sum(p.numel() for n, p in model.named_parameters() if "ln_" not in n)'),
    ),
    Misconception(
        "weights-only",
        "Only parameters called `weight` are counted.",
        "What is called `bias` is learned too.",
        edits=_summed('sum(p.numel() for n, p in model.named_parameters() if n[-6:] == "weight")'),
    ),
    Misconception(
        "buffers-counted",
        "Buffers are counted.",
        "Nobody learns a mask or a running mean. Which method of a module lists what is learned?",
        edits=_summed("sum(t.numel() for t in [*model.parameters(), *model.buffers()])"),
    ),
    Misconception(
        "bytes-counted",
        "Bytes are counted, not numbers.",
        "The result is a multiple of what is asked for. How many bytes does a number take?",
        edits=_summed("sum(p.nbytes for p in model.parameters())"),
    ),
    Misconception(
        "non-embedding-ignored",
        "`non_embedding` has no effect.",
        "Both ways of asking give the same number.",
        edits=((ASKED, "if False:"),),
    ),
    Misconception(
        "non-embedding-by-default",
        "The position table is left out unless one asks otherwise.",
        "Look at the default in the contract's signature.",
        edits=(("non_embedding: bool = False", "non_embedding: bool = True"),),
    ),
    Misconception(
        "non-embedding-the-other-way",
        "The position table is left out when it should be in, and the other way round.",
        "For which value of `non_embedding` is the number smaller?",
        edits=((ASKED, "if not non_embedding:"),),
    ),
    Misconception(
        "position-table-never-counted",
        "The position table is left out always.",
        "Compare with the number in the contract, which includes it.",
        edits=((f"{ASKED}\n        ", 'if hasattr(model, "transformer"):\n        '),),
    ),
    Misconception(
        "both-tables-left-out",
        "`non_embedding` leaves out the token table too.",
        "The head computes with it in every forward pass. Which of the two tables does the "
        "contract name?",
        edits=((WPE, f"{WPE}\n        count -= model.transformer.wte.weight.numel()"),),
    ),
    Misconception(
        "token-table-left-out",
        "`non_embedding` leaves out the token table, not the position table.",
        "Which of the two does the contract name, and why does the other stay in?",
        edits=((WPE, WPE.replace("wpe", "wte")),),
    ),
    Misconception(
        "position-table-added",
        "`non_embedding` adds the position table.",
        "The number grows when less is to be counted. Look at the sign.",
        edits=((WPE, WPE.replace("-=", "+=")),),
    ),
    Misconception(
        "position-table-returned",
        "`non_embedding` gives the size of the position table.",
        "What is asked for is all the rest.",
        edits=((WPE, WPE.replace("-=", "=")),),
    ),
    Misconception(
        "rows-subtracted",
        "The number of positions is subtracted, not the numbers in their table.",
        "Each position has a row of C numbers.",
        edits=((WPE, "count -= len(model.transformer.wpe.weight)"),),
    ),
    Misconception(
        "subtracted-for-each-block",
        "The position table is subtracted for each of the blocks.",
        "It stands in front of the first block, once.",
        edits=((WPE, f"{WPE} * len(model.transformer.h)"),),
    ),
    Misconception(
        "only-the-blocks",
        "`non_embedding` counts what is inside the blocks alone.",
        "The last layer norm and the token table stay in.",
        edits=((WPE, "count = sum(p.numel() for p in model.transformer.h.parameters())"),),
    ),
    Misconception(
        "head-left-out",
        "The head is left out, whether it is tied or not.",
        "A head with a table of its own has numbers of its own.",
        edits=_summed(
            'sum(p.numel() for n, p in model.named_parameters() if not n.startswith("lm_head"))'
        ),
    ),
    Misconception(
        "head-subtracted",
        "The head's table is subtracted though it was counted once only.",
        "`model.parameters()` gives a shared parameter once. Which table is missing from the sum?",
        edits=(
            (SUM, f'{SUM} - (model.lm_head.weight.numel() if hasattr(model, "lm_head") else 0)'),
        ),
    ),
    Misconception(
        "each-level-counted",
        "Each module counts all that is inside of it, and the sums are added.",
        "`modules()` goes down to the leaves, and `parameters()` of each does so again.",
        edits=_summed("sum(p.numel() for m in model.modules() for p in m.parameters())"),
    ),
    Misconception(
        "leaf-by-leaf",
        "The count goes layer by layer, so what two layers share counts twice.",
        "Print which modules share a Parameter. What tells two equal objects from one?",
        edits=_summed(
            "sum(p.numel() for m in model.modules() for p in m._parameters.values() "
            "if p is not None)"
        ),
    ),
    Misconception(
        "top-level-only",
        "Only parameters of the model itself are counted, not those of its layers.",
        "`recurse=False` does not look into the modules inside. A GPT has no parameter at the top.",
        edits=_summed("sum(p.numel() for p in model.parameters(recurse=False))"),
    ),
    Misconception(
        "known-layers-only",
        "Only linear layers and embeddings are counted.",
        "Which other layers of a block have a weight?",
        edits=_summed(
            "sum(p.numel() for p in {id(p): p for m in model.modules() "
            "if isinstance(m, nn.Linear | nn.Embedding) for p in m.parameters()}.values())"
        ),
    ),
    Misconception(
        "first-parameter-only",
        "Only the first parameter is counted.",
        "`next(...)` takes one. There are many.",
        edits=_summed("next(model.parameters()).numel()"),
    ),
    Misconception(
        "same-shapes-once",
        "Parameters of the same shape count once.",
        "All blocks have the same shapes, and each has weights of its own.",
        edits=_summed("sum({p.shape: p.numel() for p in model.parameters()}.values())"),
    ),
    Misconception(
        "gradients-counted",
        "What has a gradient is counted.",
        "Before the first `backward` no parameter has one.",
        edits=_summed("sum(p.grad.numel() for p in model.parameters() if p.grad is not None)"),
    ),
    Misconception(
        "in-millions",
        "Millions are returned.",
        "What is asked for is an exact int. Rounding belongs where the number is printed.",
        edits=((BACK, f"{BACK} / 1e6"),),
    ),
    Misconception(
        "float-returned",
        "A float comes back, not an int.",
        "Numbers of things are whole. Look at the type of the result.",
        edits=((BACK, "    return float(count)"),),
    ),
    Misconception(
        "text-returned",
        "A text comes back, not a number.",
        "Commas belong where the number is printed.",
        edits=((BACK, '    return f"{count:,}"'),),
    ),
    Misconception(
        "tensor-returned",
        "A tensor comes back, not an int.",
        "Sizes can be added without torch. Look at the type of the result.",
        edits=((BACK, "    return torch.tensor(count)"),),
    ),
    Misconception(
        "nothing-returned",
        "Nothing is returned.",
        "A function that prints its result gives None.",
        edits=((BACK, "    return None"),),
    ),
)
