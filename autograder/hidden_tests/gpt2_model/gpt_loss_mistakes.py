"""Wrong answers to 6.5 GPT that are rarer: what comes out, the loss, and dropout."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.gpt_mistakes import (
    ENTRANCE,
    LOGITS,
    LOSS,
    POSITIONS,
    RUN,
)

DROP = '"drop": nn.Dropout(config.dropout)'
TO_LOSS = "F.cross_entropy(logits.flatten(0, 1), "

RESULTS = (
    Misconception(
        "probabilities-returned",
        "Probabilities are returned, not logits.",
        "Each row sums to 1, and the loss takes a softmax of them once more.",
        edits=((LOGITS, f"{LOGITS}.softmax(-1)"),),
    ),
    Misconception(
        "log-probabilities-returned",
        "Logarithms of probabilities are returned, not logits.",
        "The loss is the same, and so is what is sampled. The contract has the scores as they are.",
        edits=((LOGITS, f"{LOGITS}.log_softmax(-1)"),),
    ),
    Misconception(
        "softmax-before-the-loss",
        "The logits go through a softmax before the cross-entropy, which has one of its own.",
        "The loss cannot come near 0, and training crawls.",
        edits=((LOSS, LOSS.replace("logits.", "logits.softmax(-1).")),),
    ),
    Misconception(
        "zero-loss",
        "Without targets the loss is 0, not None.",
        "A loss of 0 says “perfect”. There is no loss here.",
        edits=(("return logits, None", "return logits, torch.tensor(0.0)"),),
    ),
    Misconception(
        "targets-required",
        "The model cannot be called without targets.",
        "When text is generated there are none. Look at the default in the contract's signature.",
        edits=(("targets: Tensor | None = None", "targets: Tensor | None"),),
    ),
    Misconception(
        "mis-flattened",
        "The logits are viewed as (B, V, T), which mixes positions and tokens.",
        "A `view` moves no number: it reads the same row of numbers in other portions.",
        edits=((LOSS, "F.cross_entropy(logits.view(len(idx), -1, T), targets)"),),
    ),
    Misconception(
        "features-as-targets",
        "The loss compares with the tokens that were read, not with the targets.",
        "The model learns to repeat what it reads.",
        edits=((LOSS, f"{TO_LOSS}idx.flatten())"),),
    ),
    Misconception(
        "sum-of-losses",
        "The loss is the sum over the positions, not the mean.",
        "It grows with the batch, and so does every step.",
        edits=((LOSS, LOSS.replace("flatten())", 'flatten(), reduction="sum")')),),
    ),
    Misconception(
        "loss-per-position",
        "The loss is a tensor with one number a position.",
        "`backward` needs one number.",
        edits=((LOSS, LOSS.replace("flatten())", 'flatten(), reduction="none")')),),
    ),
    Misconception(
        "mean-over-all-positions",
        "The sum of the losses is divided by all positions, those that do not count too.",
        "The more targets are -100, the smaller the loss. By how many is a mean divided?",
        edits=((LOSS, LOSS.replace("flatten())", 'flatten(), reduction="sum") / idx.numel()')),),
    ),
    Misconception(
        "mean-of-means",
        "The loss is the mean over the texts of the mean of each.",
        "A text of which few targets count then weighs as much as one of which all do.",
        edits=(
            (
                LOSS,
                "torch.stack([F.cross_entropy(*pair) "
                "for pair in zip(logits, targets, strict=True)]).mean()",
            ),
        ),
    ),
    Misconception(
        "loss-is-a-float",
        "The loss is a Python number, cut off from the graph.",
        "`backward` is a method of tensors. `.item()` belongs where the loss is printed.",
        edits=((LOSS, f"{LOSS}.item()"),),
    ),
    Misconception(
        "loss-cut-off",
        "The loss carries no gradient.",
        "`detach`, `.data` or `no_grad` cuts the graph: nothing is learned.",
        edits=((LOSS, f"{LOSS}.detach()"),),
    ),
    Misconception(
        "tables-cut-off",
        "No gradient comes back to the two tables at the entrance.",
        "`detach`, `.data` or `no_grad` cuts the graph: the tables learn nothing there.",
        edits=((ENTRANCE, f"{ENTRANCE}.detach()"),),
    ),
    Misconception(
        "targets-changed",
        "The targets are changed in place.",
        "Another who holds the same tensor sees them change.",
        edits=(
            (
                f"return logits, {LOSS}",
                "out = (targets < 0).flatten()\n"
                "        targets[targets < 0] = 0\n"
                f"        losses = {TO_LOSS}targets.flatten(), reduction='none')\n"
                "        return logits, (losses * ~out).sum() / (~out).sum()",
            ),
        ),
    ),
)

DROPOUT = (
    Misconception(
        "dropout-missing",
        "There is no dropout behind the tables.",
        "In training `config.dropout` is dropped there as well as in the layers.",
        edits=((DROP, '"drop": nn.Identity()'),),
    ),
    Misconception(
        "tokens-dropped",
        "Dropout hits the rows of the tokens, before those of the positions are added.",
        "Look at what the contract names in front of it: both tables.",
        edits=((ENTRANCE, f"x = stages.drop(stages.wte(idx)) + {POSITIONS}"),),
    ),
    Misconception(
        "dropped-before-the-head",
        "Dropout hits what the head reads.",
        "The contract has it behind the tables.",
        edits=(
            (ENTRANCE, f"x = stages.wte(idx) + {POSITIONS}"),
            (LOGITS, "self.lm_head(stages.drop(stages.ln_f(x)))"),
        ),
    ),
    Misconception(
        "dropped-behind-the-blocks",
        "Dropout hits what the last block leaves.",
        "The contract has it behind the tables.",
        edits=(
            (ENTRANCE, f"x = stages.wte(idx) + {POSITIONS}"),
            (LOGITS, "self.lm_head(stages.ln_f(stages.drop(x)))"),
        ),
    ),
    Misconception(
        "dropped-at-every-block",
        "The stream is dropped again in front of every block.",
        "A channel that is dropped there is lost for all blocks that follow. The layers inside a "
        "block have their own dropout.",
        edits=((RUN, "x = block(stages.drop(x))"),),
    ),
    Misconception(
        "logits-dropped",
        "Dropout hits the logits.",
        "A logit of 0 is not “nothing”: it is a score like any other.",
        edits=((LOGITS, f"stages.drop({LOGITS})"),),
    ),
    Misconception(
        "dropout-in-evaluation",
        "Dropout behind the tables is active in evaluation too.",
        "The same text gives other logits each time, even after `model.eval()`.",
        edits=(
            (
                ENTRANCE,
                f"x = F.dropout(stages.wte(idx) + {POSITIONS}, self.config.dropout)",
            ),
        ),
    ),
    Misconception(
        "share-hard-coded",
        "Half is dropped, whatever `config.dropout` says.",
        "`nn.Dropout` has a default.",
        edits=((DROP, '"drop": nn.Dropout()'),),
    ),
)

LOSS_MISCONCEPTIONS = RESULTS + DROPOUT
