"""Wrong answers to 7.3 configure_optimizers, the commonest first."""

from autograder.exercise import Misconception

_TRAINED = "[p for p in model.parameters() if p.requires_grad]"
_GE = "if p.dim() >= 2]"
_LT = "if p.dim() < 2]"
_RETURN = "return torch.optim.AdamW(groups, lr=lr, betas=betas, fused=True)"
_DECAYING = '{"params": [p for p in trained if p.dim() >= 2], "weight_decay": weight_decay}'
_OTHERS = '{"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0}'


def _chosen(decays: str) -> tuple[tuple[str, str], ...]:
    """Return edits that choose by `decays`, an expression in name and p."""
    return (
        (_TRAINED, "[(n, p) for n, p in model.named_parameters() if p.requires_grad]"),
        (
            _DECAYING,
            _DECAYING.replace("p for p in", "p for n, p in").replace("p.dim() >= 2", decays),
        ),
        (
            _OTHERS,
            _OTHERS.replace("p for p in", "p for n, p in").replace(
                "p.dim() < 2", f"not ({decays})"
            ),
        ),
    )


def _of_modules(kinds: str) -> tuple[tuple[str, str], ...]:
    """Return edits by which only what is in modules of these kinds decays."""
    chosen = f"{{id(m.weight) for m in model.modules() if isinstance(m, {kinds})}}"
    return (
        ("groups = [", f"chosen = {chosen}\n    groups = ["),
        (_GE, "if id(p) in chosen]"),
        (_LT, "if id(p) not in chosen]"),
    )


MISCONCEPTIONS = (
    Misconception(
        "everything-decays",
        "All parameters decay.",
        "Biases and the weights of layer norms are pulled to 0 as well. Print the number of "
        "tensors in each group.",
        edits=(
            (
                _RETURN,
                _RETURN.replace("groups", "trained").replace(
                    "lr=lr", "lr=lr, weight_decay=weight_decay"
                ),
            ),
        ),
    ),
    Misconception(
        "chosen-by-bias",
        "Parameters are chosen by the word bias in their names.",
        "The weights of layer norms are called weight, and decay with the rest: a norm whose "
        "weight goes to 0 lets nothing through.",
        edits=_chosen('"bias" not in n'),
    ),
    Misconception(
        "chosen-by-names-of-norms",
        "Parameters are chosen by the names that biases and norms have in GPT-2.",
        "In another model a norm is called otherwise. What do such parameters have in common?",
        edits=_chosen('not ("bias" in n or "ln" in n)'),
    ),
    Misconception(
        "lr-left-out",
        "The learning rate is not handed on.",
        "The optimizer then has torch's own, 0.001. Print `optimizer.param_groups[0]`.",
        edits=((_RETURN, _RETURN.replace("lr=lr, ", "")),),
    ),
    Misconception(
        "betas-left-out",
        "The betas are not handed on.",
        "The optimizer then has torch's own, 0.9 and 0.999. Print `optimizer.param_groups[0]`.",
        edits=((_RETURN, _RETURN.replace("betas=betas, ", "")),),
    ),
    Misconception(
        "weight-decay-left-out",
        "The weight decay that was given is not used.",
        "The matrices then decay by torch's own value, 0.01. Print `optimizer.param_groups[0]`.",
        edits=((', "weight_decay": weight_decay}', "}"),),
    ),
    Misconception(
        "others-decay-by-default",
        "The second group says nothing of its decay.",
        "What a group does not say, it takes from the optimizer, and AdamW of torch decays by 0.01 "
        "where nothing is said.",
        edits=((', "weight_decay": 0.0}', "}"),),
    ),
    Misconception(
        "others-left-out",
        "Biases and norms are in no group.",
        "What the optimizer does not hold, it never trains. The loss goes down all the same.",
        edits=((f"        {_OTHERS},\n", ""),),
    ),
    Misconception(
        "tables-left-out",
        "The tables do not decay: only the weights of linear layers do.",
        "A row of a table is a vector, and the whole is a matrix. Look at its number of "
        "dimensions.",
        edits=_of_modules("nn.Linear"),
    ),
    Misconception(
        "embeddings-left-out",
        "The tables of embeddings do not decay, be they tied or not.",
        "minGPT did so. Here they are asked for: a table is a matrix. Look at its number of "
        "dimensions.",
        edits=(
            *_of_modules("nn.Embedding")[:1],
            (_GE, "if p.dim() >= 2 and id(p) not in chosen]"),
            (_LT, "if p.dim() < 2 or id(p) in chosen]"),
        ),
    ),
    Misconception(
        "only-known-modules",
        "Only the weights of linear layers and of embeddings decay.",
        "A matrix may belong to a module of another kind, or to the model itself. Look at shapes.",
        edits=_of_modules("(nn.Linear, nn.Embedding)"),
    ),
    Misconception(
        "own-adamw",
        "The AdamW from the exercise before is returned.",
        "It computes the same, one parameter at a time. Here torch's own is asked for, which "
        "updates many in one go.",
        edits=((_RETURN, "return AdamW(groups, lr=lr, betas=betas)"),),
    ),
    Misconception(
        "groups-exchanged",
        "The two groups are exchanged.",
        "Biases and norms decay, matrices do not. Print the shapes in the first group.",
        edits=(
            ('"weight_decay": weight_decay}', '"weight_decay": 0}'),
            ('"weight_decay": 0.0}', '"weight_decay": weight_decay}'),
        ),
    ),
    Misconception(
        "frozen-included",
        "Parameters that need no gradient are in the groups.",
        "Who counts what is trained by the groups counts them too, and a gradient that is left "
        "over moves them.",
        edits=((_TRAINED, "list(model.parameters())"),),
    ),
    Misconception(
        "adam",
        "The optimizer is Adam.",
        "Its weight decay is added to the gradient, and divided by the gradient's size.",
        edits=((_RETURN, _RETURN.replace("torch.optim.AdamW", "torch.optim.Adam")),),
    ),
    Misconception(
        "tied-twice",
        "A parameter with two names is taken twice.",
        "It would decay twice and move twice in a step. What does `model.parameters()` do with it?",
        edits=(
            (
                _TRAINED,
                "[\n        p for _, p in model.named_parameters(remove_duplicate=False)"
                " if p.requires_grad\n    ]",
            ),
        ),
    ),
    Misconception(
        "head-left-out",
        "The head is left out by its name.",
        "Where it has a table of its own, that is never trained.",
        edits=(
            (
                _TRAINED,
                "[\n        p for n, p in model.named_parameters()"
                " if p.requires_grad and 'lm_head' not in n\n    ]",
            ),
        ),
    ),
    Misconception(
        "exactly-two-dimensions",
        "Only parameters of exactly two dimensions decay.",
        "A convolution has three, and is left out. Look at the contract: two or more.",
        edits=((_GE, "if p.dim() == 2]"), (_LT, "if p.dim() != 2]")),
    ),
    Misconception(
        "more-than-two-dimensions",
        "Only parameters of more than two dimensions decay.",
        "The weight of a linear layer has two. Print the number of tensors in each group.",
        edits=((_GE, "if p.dim() > 2]"), (_LT, "if p.dim() <= 2]")),
    ),
    Misconception(
        "exactly-one-dimension",
        "The second group takes parameters of exactly one dimension.",
        "One with no dimension, a single number, is in neither. Count the parameters in "
        "all groups.",
        edits=((_LT, "if p.dim() == 1]"),),
    ),
    Misconception(
        "narrow-matrices-left-out",
        "A matrix with one row or one column is taken for a vector.",
        "It has two dimensions, one of which is 1. Look at how the shapes are counted.",
        edits=((_GE, "if p.squeeze().dim() >= 2]"), (_LT, "if p.squeeze().dim() < 2]")),
    ),
    Misconception(
        "nothing-decays",
        "The decay of every group is 0.",
        "A value that is given has no effect. Print `optimizer.param_groups`.",
        edits=(('"weight_decay": weight_decay}', '"weight_decay": 0.0}'),),
    ),
    Misconception(
        "decay-of-the-course",
        "The weight decay is 0.1 whatever is given.",
        "That is the value of the chapter's run. Print `optimizer.param_groups[0]`.",
        edits=(('"weight_decay": weight_decay}', '"weight_decay": 0.1}'),),
    ),
    Misconception(
        "rate-of-the-first-group",
        "Only the first group gets the learning rate.",
        "The second one takes torch's own, 0.001. Print both groups.",
        edits=(
            ('"weight_decay": weight_decay}', '"weight_decay": weight_decay, "lr": lr}'),
            (_RETURN, _RETURN.replace("lr=lr, ", "")),
        ),
    ),
    Misconception(
        "decay-and-rate-exchanged",
        "Weight decay and learning rate are exchanged.",
        "Both are small numbers, so nothing complains. Print `optimizer.param_groups[0]`.",
        edits=(
            ('"weight_decay": weight_decay}', '"weight_decay": lr}'),
            (_RETURN, _RETURN.replace("lr=lr", "lr=weight_decay")),
        ),
    ),
    Misconception(
        "groups-returned",
        "The groups are returned, and no optimizer is made.",
        "Look at what the contract says is returned.",
        edits=((_RETURN, "return groups"),),
    ),
    Misconception(
        "chosen-by-weight",
        "Parameters are chosen by the word weight in their names.",
        "The weights of layer norms have it too, and a table may be called otherwise. What do the "
        "shapes say?",
        edits=_chosen('n.endswith("weight")'),
    ),
    Misconception(
        "betas-of-the-course",
        "The betas are 0.9 and 0.95 whatever is given.",
        "These are the values of the chapter's run. Print `optimizer.param_groups[0]`.",
        edits=((_RETURN, _RETURN.replace("betas=betas", "betas=(0.9, 0.95)")),),
    ),
)
