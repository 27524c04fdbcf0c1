"""Wrong answers to 4.6 tie_weights, the commonest first."""

from autograder.exercise import Misconception

TIE = "model.lm_head.weight = model.transformer.wte.weight"

MISCONCEPTIONS = (
    Misconception(
        "values-copied",
        "The numbers are copied: both ends hold equal tables, but not the same one.",
        "After one step of the optimizer they differ. Count the parameters.",
        edits=((TIE, "model.lm_head.weight.data.copy_(model.transformer.wte.weight.data)"),),
    ),
    Misconception(
        "copied-into-a-new-parameter",
        "One end gets a new Parameter that holds a copy of the numbers.",
        "After one step of the optimizer the two tables differ. Count the parameters.",
        edits=((TIE, "model.lm_head.weight = nn.Parameter(model.transformer.wte.weight.clone())"),),
    ),
    Misconception(
        "data-shared",
        "`.data` is shared: two Parameters in the same memory, not one.",
        "Each keeps a gradient of its own, and the optimizer moves the same numbers twice. Compare "
        "the two with `is`.",
        edits=((TIE, "model.lm_head.weight.data = model.transformer.wte.weight.data"),),
    ),
    Misconception(
        "wrapped-again",
        "One end gets a new Parameter around the memory of the other.",
        "`nn.Parameter(...)` always makes a new one, with a gradient of its own, and the optimizer "
        "moves the same numbers twice.",
        edits=((TIE, "model.lm_head.weight = nn.Parameter(model.transformer.wte.weight)"),),
    ),
    Misconception(
        "transposed",
        "The head gets the transpose of the table, in a new Parameter.",
        "`nn.Linear` keeps its weight as (out, in), and the head goes from C to V: which shape is "
        "that?",
        edits=((TIE, "model.lm_head.weight = nn.Parameter(model.transformer.wte.weight.t())"),),
    ),
    Misconception(
        "transpose-shared",
        "The head's `.data` is the transpose of the table.",
        "`nn.Linear` keeps its weight as (out, in), and the head goes from C to V: which shape is "
        "that?",
        edits=((TIE, "model.lm_head.weight.data = model.transformer.wte.weight.data.t()"),),
    ),
    Misconception(
        "tensor-assigned",
        "A plain tensor is assigned where a Parameter has to be.",
        "`.data`, `.T`, `detach` and `clone` give tensors, not Parameters, and torch refuses them "
        "there.",
        edits=((TIE, "model.lm_head.weight = model.transformer.wte.weight.data"),),
    ),
    Misconception(
        "module-assigned",
        "A whole module is assigned where its weight has to be.",
        "torch refuses it. What is shared is the table inside.",
        edits=((TIE, "model.lm_head.weight = model.transformer.wte"),),
    ),
    Misconception(
        "whole-module-shared",
        "One whole module stands at both ends.",
        "The model no longer runs: an embedding takes ids and a linear layer takes vectors. What "
        "is shared is the table inside.",
        edits=((TIE, "model.lm_head = model.transformer.wte"),),
    ),
    Misconception(
        "written-in-place",
        "The numbers are written into a table that asks for a gradient.",
        "torch refuses that outside `no_grad`. And it would copy numbers, not share a table.",
        edits=((TIE, "model.lm_head.weight[:] = model.transformer.wte.weight"),),
    ),
    Misconception(
        "nothing-tied",
        "The model that was given is not changed.",
        "A local name, or a copy of the model, has no effect on it. Which object holds the weight?",
        edits=((TIE, "head = model.lm_head.weight\n    head = model.transformer.wte.weight"),),
    ),
    Misconception(
        "head-with-a-bias",
        "The head is a new linear layer, and has a bias.",
        "There are V numbers more than the table. `nn.Linear` adds a bias unless told not to.",
        edits=(
            (
                TIE,
                "V, C = model.transformer.wte.weight.shape\n"
                "    model.lm_head = nn.Linear(C, V)\n"
                f"    {TIE}",
            ),
        ),
    ),
    Misconception(
        "averaged",
        "The table becomes the mean of the two.",
        "One of the two stays as it was, and the other is given up.",
        edits=(
            (
                TIE,
                "mean = (model.lm_head.weight.data + model.transformer.wte.weight.data) / 2\n"
                f"    {TIE}\n"
                "    model.lm_head.weight.data.copy_(mean)",
            ),
        ),
    ),
    Misconception(
        "started-again",
        "The table gets new numbers.",
        "Weights that were trained or loaded before are lost. Tying changes no number.",
        edits=((TIE, f"{TIE}\n    nn.init.normal_(model.lm_head.weight, std=0.02)"),),
    ),
    Misconception(
        "set-to-zero",
        "The table is set to zeros.",
        "All logits are 0, and so is every gradient. Tying changes no number.",
        edits=((TIE, f"{TIE}\n    nn.init.zeros_(model.lm_head.weight)"),),
    ),
    Misconception(
        "frozen",
        "The table no longer asks for a gradient.",
        "Nothing is learned at either end. Look at `requires_grad`.",
        edits=((TIE, f"{TIE}\n    model.lm_head.weight.requires_grad_(False)"),),
    ),
    Misconception(
        "from-pretrained",
        "The embedding is made again by `nn.Embedding.from_pretrained`, which freezes it.",
        "It shares the memory and gets no gradient: what the input end has to say is lost.",
        edits=(
            (
                TIE,
                "model.transformer.wte = nn.Embedding.from_pretrained(model.lm_head.weight)",
            ),
        ),
    ),
    Misconception(
        "head-detached",
        "The head's weight is a plain tensor without a gradient.",
        "It shares the memory, but what the output end has to say does not reach the table.",
        edits=(
            (
                TIE,
                "del model.lm_head.weight\n"
                "    model.lm_head.weight = model.transformer.wte.weight.detach()",
            ),
        ),
    ),
    Misconception(
        "head-not-a-parameter",
        "The head's weight is computed from the table once, as a plain tensor.",
        "It is part of a graph that the first `backward` uses up, and it is not the Parameter "
        "itself.",
        edits=(
            (
                TIE,
                "del model.lm_head.weight\n"
                "    model.lm_head.weight = model.transformer.wte.weight * 1.0",
            ),
        ),
    ),
    Misconception(
        "head-computes-otherwise",
        "The head computes with the table, and keeps a weight of its own that it does not use.",
        "The model runs as it should and still holds V·C numbers too many. Weights are loaded by "
        "the name of `lm_head.weight`.",
        edits=(
            (
                TIE,
                "model.lm_head.forward = lambda x: x @ model.transformer.wte.weight.t()",
            ),
        ),
    ),
    Misconception(
        "tables-exchanged",
        "The two tables change places.",
        "There are still two. After it, both names should lead to one.",
        edits=(
            (
                TIE,
                "wte, head = model.transformer.wte.weight, model.lm_head.weight\n"
                "    model.transformer.wte.weight, model.lm_head.weight = head, wte",
            ),
        ),
    ),
    Misconception(
        "input-end-not-learned",
        "The head shares the table, but the embedding looks up a copy.",
        "Both ends should lead to one Parameter. Compare them with `is`.",
        edits=(
            (
                TIE,
                "model.transformer.wte.weight = nn.Parameter(\n"
                "        model.lm_head.weight.detach().clone(), requires_grad=False\n"
                "    )",
            ),
        ),
    ),
    Misconception(
        "table-kept-twice",
        "The old table is kept as a further parameter of the model.",
        "The point is to have V·C numbers once. Count the parameters.",
        edits=((TIE, f"model.old_head = model.lm_head.weight\n    {TIE}"),),
    ),
)
