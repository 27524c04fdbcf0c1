"""Wrong answers to Checkpoint that are rarer: seeds, modes, names of files, and what is shared."""

from autograder.exercise import Misconception
from autograder.hidden_tests.training.checkpoint_mistakes import (
    LOAD,
    MODEL,
    OPTIMIZER,
    RNG,
    SAVE,
    TORCH,
)

STATE = "state = {\n"
NEW = 'unfinished = f"{self.path}.new"'

RARE_MISCONCEPTIONS = (
    Misconception(
        "seed-for-state",
        "The seeds of the random numbers are saved, and not how far they have got.",
        "From its seed a generator begins at its first number again.",
        edits=(
            ('"torch": torch.get_rng_state()', '"torch": torch.initial_seed()'),
            ("else rng.get_state()", "else rng.initial_seed()"),
            (TORCH, 'torch.manual_seed(state["torch"])'),
            (RNG, 'rng.manual_seed(state["rng"])'),
        ),
    ),
    Misconception(
        "seeded-anew",
        "Loading sets a seed of its own.",
        "Every resumed run then draws the same numbers, and not those that were next.",
        edits=((TORCH, "torch.manual_seed(1337)"),),
    ),
    Misconception(
        "generator-needed",
        "Without a generator it fails.",
        "`rng` may be None, and is by default.",
        edits=(("None if rng is None else rng.get_state()", "rng.get_state()"),),
    ),
    Misconception(
        "new-parameters",
        "The model gets new Parameters.",
        "The optimizer holds those that were there, and from now on moves what nobody uses. "
        "Tensors that were shared are no longer.",
        edits=((MODEL, 'model.load_state_dict(state["model"], assign=True)'),),
    ),
    Misconception(
        "evaluation-after-loading",
        "Loading puts the model into evaluation mode.",
        "Dropout is off then, while the run goes on.",
        edits=((MODEL, f"{MODEL}\n        model.eval()"),),
    ),
    Misconception(
        "evaluation-after-saving",
        "Saving puts the model into evaluation mode.",
        "The run goes on afterwards, in another mode than before.",
        edits=((STATE, f"model.eval()\n        {STATE}"),),
    ),
    Misconception(
        "training-after-saving",
        "Saving puts the model into training mode.",
        "It may have been saved in the other one.",
        edits=((STATE, f"model.train()\n        {STATE}"),),
    ),
    Misconception(
        "gradients-cleared",
        "Saving clears the gradients.",
        "Whoever saves between `backward` and the step, or adds up the gradients of several "
        "batches, loses them.",
        edits=((STATE, f"optimizer.zero_grad()\n        {STATE}"),),
    ),
    Misconception(
        "a-batch-lost",
        "Saving takes a batch from the loader.",
        "The run that goes on never sees it.",
        edits=((STATE, f"loader.next_batch()\n        {STATE}"),),
    ),
    Misconception(
        "weights-rounded",
        "The weights are saved in fewer bits.",
        "A run that goes on from rounded weights is another run. To the bit, says the contract.",
        edits=(
            (
                "model.state_dict()",
                "{name: t.half() for name, t in model.state_dict().items()}",
            ),
        ),
    ),
    Misconception(
        "optimizer-before-it-stepped",
        "The moments are brought back only if the file has any.",
        "A checkpoint of the start has none. An optimizer that has stepped since must not keep "
        "its own.",
        edits=((OPTIMIZER, f'if state["optimizer"]["state"]:\n            {OPTIMIZER}'),),
    ),
    Misconception(
        "kept-in-memory",
        "`load` takes what `save` has left in the object, and not what is in the file.",
        "A `state_dict` holds the tensors themselves: they move on with the run.",
        edits=(
            (SAVE, f"self.state = state\n        {SAVE}"),
            (f"state = {LOAD}", f'state = getattr(self, "state", None) or {LOAD}'),
        ),
    ),
    Misconception(
        "never-replaced",
        "A file that is there is never replaced.",
        "The second save leaves the first one at its place. What is loaded is old.",
        edits=((SAVE, f"if Path(self.path).exists():\n            return\n        {SAVE}"),),
    ),
    Misconception(
        "unfinished-file-in-the-way",
        "It refuses to write if an unfinished file is there.",
        "A save that was cut short leaves one, and from then on there are no more checkpoints.",
        edits=(
            (
                "torch.save(state, unfinished)",
                "if os.path.exists(unfinished):\n"
                '            raise FileExistsError("an unfinished file")\n'
                "        torch.save(state, unfinished)",
            ),
        ),
    ),
    Misconception(
        "name-of-its-own",
        "The end of the file's name is changed.",
        "The file lies at `path`, whatever it is called.",
        edits=(("self.path = path", 'self.path = Path(path).with_suffix(".pt")'),),
    ),
    Misconception(
        "text-only",
        "A path that is a `Path` does not work.",
        "`path` is a text or a `Path`, and these can do different things.",
        edits=((NEW, 'unfinished = self.path + ".new"'),),
    ),
    Misconception(
        "path-only",
        "A path that is a text does not work.",
        "`path` is a text or a `Path`, and these can do different things.",
        edits=((NEW, 'unfinished = self.path.with_suffix(".new")'),),
    ),
)
