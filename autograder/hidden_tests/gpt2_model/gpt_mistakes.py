"""Wrong answers to 6.5 GPT, the commonest first."""

from autograder.exercise import Misconception

POSITIONS = "stages.wpe(torch.arange(T, device=idx.device))"
ENTRANCE = f"x = stages.drop(stages.wte(idx) + {POSITIONS})"
RUN = "x = block(x)  # (B, T, C)"
BLOCKS = "nn.ModuleList(Block(config) for _ in range(config.n_layer))"
LN_F = "nn.LayerNorm(config.n_embd, bias=config.bias)"
HEAD = "self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)"
LOGITS = "self.lm_head(stages.ln_f(x))"
LOSS = "F.cross_entropy(logits.flatten(0, 1), targets.flatten())"
REFUSED = """if T > N:
            raise ValueError(f"{T} tokens; the model can read {N}")"""

MISCONCEPTIONS = (
    Misconception(
        "last-norm-not-used",
        "The last norm, `ln_f`, is not used: the head reads what the last block leaves.",
        "With GPT-2's weights the text comes out as noise. `ln_f` never gets a gradient.",
        edits=((LOGITS, "self.lm_head(x)"),),
    ),
    Misconception(
        "last-norm-missing",
        "There is no norm behind the last block.",
        "Nothing has normalised what the last block added. GPT-2's weights have one more.",
        edits=((f'"ln_f": {LN_F},', ""), (LOGITS, "self.lm_head(x)")),
    ),
    Misconception(
        "one-block-shared",
        "All blocks are one and the same block.",
        "A list times n holds one thing n times. Count the model's numbers, or change a weight "
        "of block 0 and look at block 1.",
        edits=((BLOCKS, "nn.ModuleList([Block(config)] * config.n_layer)"),),
    ),
    Misconception(
        "python-list",
        "The blocks are in a Python list, and the model does not know their parameters.",
        "`model.parameters()` does not list them, so they are never trained and never saved.",
        edits=(
            (f'"h": {BLOCKS},\n', ""),
            (HEAD, f"{HEAD}\n        self.h = [Block(config) for _ in range(config.n_layer)]"),
            ("for block in stages.h:", "for block in self.h:"),
        ),
    ),
    Misconception(
        "head-not-tied",
        "The head has a table of its own.",
        "The model has V times C numbers too many. In GPT-2 one table stands at both ends.",
        edits=(("        tie_weights(self)\n", ""),),
    ),
    Misconception(
        "head-tied-by-a-copy",
        "The head starts with the numbers of the token table, in a parameter of its own.",
        "After one step of training the two are different. Is it the same object?",
        edits=(
            ("tie_weights(self)", "self.lm_head.weight.data = self.transformer.wte.weight.data"),
        ),
    ),
    Misconception(
        "head-with-a-bias",
        "The head has a bias.",
        "`nn.Linear` adds one unless told not to. GPT-2 has no numbers for it.",
        edits=((HEAD, HEAD.replace(", bias=False", "")),),
    ),
    Misconception(
        "longer-text-cut",
        "A text that is too long is cut to its end, and not refused.",
        "The logits then are fewer than the tokens, and nobody says so. Who cuts is the caller.",
        edits=((REFUSED, "idx = idx[:, -N:]\n        T = idx.size(1)"),),
    ),
    Misconception(
        "longer-text-cut-at-its-end",
        "Of a text that is too long the beginning is read, and it is not refused.",
        "The logits then are fewer than the tokens, and nobody says so. Who cuts is the caller.",
        edits=((REFUSED, "idx = idx[:, :N]\n        T = idx.size(1)"),),
    ),
    Misconception(
        "refused-too-early",
        "A text of exactly N tokens is refused.",
        "The position table has N rows: 0 to N - 1. How many tokens is that?",
        edits=(("if T > N:", "if T >= N:"),),
    ),
    Misconception(
        "positions-forgotten",
        "The position table is not used.",
        "The model cannot tell “dog bites man” from “man bites dog”, but for the mask.",
        edits=((f" + {POSITIONS}", ""),),
    ),
    Misconception(
        "positions-by-row-of-the-batch",
        "A text gets one position for all of its tokens: its row in the batch.",
        "It runs without an error only while the batch has as many texts as tokens, or one. "
        "Look at the shape of what is added: (T, C).",
        edits=((POSITIONS, f"{POSITIONS.replace('T, ', 'len(idx), ')}[:, None]"),),
    ),
    Misconception(
        "positions-from-one",
        "The first token stands at position 1.",
        "The first row of the table is never used, and the longest text finds no last row.",
        edits=((POSITIONS, "stages.wpe(torch.arange(1, T + 1, device=idx.device))"),),
    ),
    Misconception(
        "positions-by-token",
        "The rows of the position table are chosen by token, not by position.",
        "A token then has the same vector wherever it stands, and ids of N and above find no row.",
        edits=((POSITIONS, "stages.wpe(idx)"),),
    ),
    Misconception(
        "positions-made-on-the-cpu",
        "The positions are made on the CPU, wherever the model is.",
        "On a GPU torch raises an error about two devices.",
        edits=((POSITIONS, "stages.wpe(torch.arange(T))"),),
    ),
    Misconception(
        "flat-logits",
        "The logits come back as `(B * T, V)` when there are targets.",
        "The shape of the result depends on whether the loss is asked for.",
        edits=((f"return logits, {LOSS}", f"return logits.flatten(0, 1), {LOSS}"),),
    ),
    Misconception(
        "logits-alone",
        "Without targets the logits come alone, not as a pair.",
        "Callers write `logits, loss = model(idx)`; with one tensor that unpacks its texts.",
        edits=(("return logits, None", "return logits"),),
    ),
    Misconception(
        "last-logits-only",
        "Without targets only the logits of the last position are returned.",
        "Who generates needs no others, but the contract has one for each position.",
        edits=(("return logits, None", "return logits[:, [-1]], None"),),
    ),
    Misconception(
        "last-position-only",
        "The loss looks at the last position of each text alone.",
        "All others predict too. The model learns T times as slowly from the same text.",
        edits=((LOSS, "F.cross_entropy(logits[:, -1], targets[:, -1])"),),
    ),
    Misconception(
        "shifted-again",
        "The targets are shifted once more inside the model.",
        "`targets[:, t]` is what comes after `idx[:, t]` already. The model would learn to "
        "predict the token after the next.",
        edits=(
            (
                LOSS,
                "F.cross_entropy(logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten())",
            ),
        ),
    ),
    Misconception(
        "another-number-left-out",
        "The loss leaves out targets of -1, not of -100.",
        "torch raises an error, or counts what should not count. Look at the default of "
        "`ignore_index`.",
        edits=((LOSS, LOSS.replace("flatten())", "flatten(), ignore_index=-1)")),),
    ),
    Misconception(
        "token-zero-left-out",
        "The loss leaves out token 0, as if it were padding.",
        "Token 0 of GPT-2 is an exclamation mark, and is to be learned like any other.",
        edits=((LOSS, LOSS.replace("flatten())", "where(targets != 0, -100).flatten())")),),
    ),
    Misconception(
        "truth-of-targets",
        "The code asks whether `targets` is true, not whether it is None.",
        "torch refuses: a tensor of several numbers is neither true nor false. And a single "
        "target, token 0, would count as none.",
        edits=(("if targets is None:", "if not targets:"),),
    ),
)
