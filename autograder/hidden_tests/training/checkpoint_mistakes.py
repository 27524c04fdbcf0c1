"""Wrong answers to Checkpoint, the commonest first: what is not in the file, or not put back."""

from autograder.exercise import Misconception

MODEL = 'model.load_state_dict(state["model"])'
OPTIMIZER = 'optimizer.load_state_dict(state["optimizer"])'
LOADER = 'loader.load_state_dict(state["loader"])'
TORCH = 'torch.set_rng_state(state["torch"])'
RNG = 'rng.set_state(state["rng"])'
SAVE = "torch.save(state, unfinished)\n        os.replace(unfinished, self.path)"
RETURN = 'return int(state["step"])'
LOAD = 'torch.load(self.path, map_location="cpu", weights_only=True)'

MISCONCEPTIONS = (
    Misconception(
        "optimizer-missing",
        "The optimizer is not brought back.",
        "Its moments begin anew, and the first steps after loading are too long or go astray. A "
        "jump in the curve of the loss shows where a run was resumed.",
        edits=((f"        {OPTIMIZER}\n", ""),),
    ),
    Misconception(
        "torch-random-state-missing",
        "The state of torch's random numbers is not brought back.",
        "Dropout then draws other masks than it would have. What does the next step depend on "
        "besides weights and data?",
        edits=((f"        {TORCH}\n", ""),),
    ),
    Misconception(
        "loader-missing",
        "The place of the loader is not brought back.",
        "The run sees the beginning of its data again, and the end of it never.",
        edits=((f"        {LOADER}\n", ""),),
    ),
    Misconception(
        "generator-missing",
        "The generator `rng` is not brought back.",
        "What the run draws from it after loading is not what it would have drawn. torch's own "
        "random numbers are another generator.",
        edits=((RNG, "pass"),),
    ),
    Misconception(
        "map-location-missing",
        "The file can be loaded only on the device on which it was written.",
        "A file from a GPU wants to put its tensors on that GPU again. Look for what `torch.load` "
        "offers for this.",
        edits=((LOAD, "torch.load(self.path, weights_only=True)"),),
    ),
    Misconception(
        "not-strict",
        "A model with other parameters is accepted.",
        "What has no partner in the file keeps the numbers of its start, and nobody is told.",
        edits=((MODEL, 'model.load_state_dict(state["model"], strict=False)'),),
    ),
    Misconception(
        "written-in-place",
        "The new checkpoint is written over the older one.",
        "If the run is killed while it writes, there is neither the older one nor a whole new one.",
        edits=((SAVE, "torch.save(state, self.path)"),),
    ),
    Misconception(
        "bytes-written-in-place",
        "The new checkpoint is made in memory, and then written over the older one.",
        "Writing takes time as well: a run that is killed then leaves half a file. The older one "
        "may go only when the new one is on the disk.",
        edits=(
            (
                SAVE,
                "import io\n"
                "        whole = io.BytesIO()\n"
                "        torch.save(state, whole)\n"
                "        Path(self.path).write_bytes(whole.getvalue())",
            ),
        ),
    ),
    Misconception(
        "older-one-removed-first",
        "The older checkpoint is removed before the new one is written.",
        "In between there is none.",
        edits=(
            (
                'unfinished = f"{self.path}.new"',
                'unfinished = f"{self.path}.new"\n        Path(self.path).unlink(missing_ok=True)',
            ),
        ),
    ),
    Misconception(
        "copied-and-left-there",
        "The unfinished file is copied to its place, and stays beside it.",
        "There are two files then, and a copy can be cut short as well.",
        edits=(
            ("os.replace(unfinished, self.path)", "shutil.copyfile(unfinished, self.path)"),
            (SAVE.split("\n")[0], f"import shutil\n        {SAVE.split(chr(10))[0]}"),
        ),
    ),
    Misconception(
        "step-not-returned",
        "Nothing is returned.",
        "Whoever goes on has to know at which step: the learning rate depends on it.",
        edits=((f"        {RETURN}", "        return None"),),
    ),
    Misconception(
        "one-step-further",
        "The number that is returned is one too large.",
        "`step` says how many steps are done. With numbers from 0 that is the next one already.",
        edits=((RETURN, f"{RETURN} + 1"),),
    ),
    Misconception(
        "learning-rate-missing",
        "Of the optimizer only the moments are brought back.",
        "The settings of its groups, the learning rate among them, stay those of the new one.",
        edits=(
            (
                OPTIMIZER,
                'own = optimizer.state_dict()["param_groups"]\n'
                '        optimizer.load_state_dict(state["optimizer"] | {"param_groups": own})',
            ),
        ),
    ),
    Misconception(
        "moments-missing",
        "Of the optimizer only the settings are brought back.",
        "Its running means of gradients are lost, or are those of another run.",
        edits=(
            (
                OPTIMIZER,
                'own = optimizer.state_dict()["state"]\n'
                '        optimizer.load_state_dict(state["optimizer"] | {"state": own})',
            ),
        ),
    ),
    Misconception(
        "parameters-only",
        "Only the Parameters of the model are saved.",
        "A model has buffers too, such as running means, and they move while it is trained.",
        edits=(
            ('"model": model.state_dict()', '"model": dict(model.named_parameters())'),
            (
                MODEL,
                'model.load_state_dict(model.state_dict() | state["model"])',
            ),
        ),
    ),
)
