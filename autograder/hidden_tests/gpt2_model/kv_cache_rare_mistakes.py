"""Wrong answers to KVCache that are rarer."""

from autograder.exercise import Misconception
from autograder.hidden_tests.gpt2_model.kv_cache_mistakes import KEYS, RAISE, RETURN, ROOM, VALUES

RARE_MISCONCEPTIONS = (
    Misconception(
        "never-full",
        "What has no room is cut off in silence.",
        "The contract wants an exception. A model that goes on with keys missing writes nonsense.",
        edits=(
            (RAISE, "end = min(end, room)"),
            (KEYS, KEYS.replace("k.detach()", "k[:, :, : end - self.pos]")),
            (VALUES, VALUES.replace("v.detach()", "v[:, :, : end - self.pos]")),
        ),
    ),
    Misconception(
        "oldest-dropped",
        "When there is no room, the oldest keys make way.",
        "Their positions are part of what they say, so they cannot move. The contract wants an "
        "exception.",
        edits=(
            (
                RAISE,
                "if end > room:\n"
                "            self.k, self.v = self.k.roll(-1, 3), self.v.roll(-1, 3)\n"
                "            self.pos, end = self.pos - 1, room",
            ),
        ),
    ),
    Misconception(
        "more-room-made",
        "When there is no room, the cache makes more.",
        "The model has no position table for these places. The contract wants an exception.",
        edits=(
            (
                RAISE,
                "if end > room:\n"
                "            more = self.k.new_zeros(*self.k.shape[:3], end - room, "
                "self.k.size(4))\n"
                "            self.k = torch.cat([self.k, more], dim=3)\n"
                "            self.v = torch.cat([self.v, more], dim=3)",
            ),
        ),
    ),
    Misconception(
        "one-place-unused",
        "The last place is never filled: it raises one position too early.",
        "With max_T = 4 the positions are 0 to 3, and there are four of them.",
        edits=(("if end > room:", "if end >= room:"),),
    ),
    Misconception(
        "heads-for-positions",
        "The number of new positions is read from the dimension of the heads.",
        "k is (B, nh, t, hs). Which of these is t?",
        edits=(("k.size(2)", "k.size(1)"),),
    ),
    Misconception(
        "dtype-ignored",
        "`dtype` has no effect.",
        "Ask what comes back for its `dtype`, for a cache of `torch.float64`.",
        edits=((", dtype=dtype", ""),),
    ),
    Misconception(
        "device-ignored",
        "`device` has no effect: the cache is on the CPU.",
        "On a GPU what comes back lies on another device than the queries.",
        edits=((", device=device", ""),),
    ),
    Misconception(
        "given-back-as-given",
        "Without a past, k and v come back as they were given.",
        "What is kept has the dtype of the cache, and so has what comes back.",
        edits=((RETURN, f"if self.pos == 0:\n            return k, v\n        {RETURN}"),),
    ),
    Misconception(
        "one-room-for-all-caches",
        "Every cache uses the same room.",
        "What belongs to the class, or to the module, is shared. Make two caches and fill one.",
        edits=(
            (
                f"self.k = {ROOM}\n        self.v = torch.zeros_like(self.k)",
                f"new = {ROOM}\n"
                "        kind = (new.shape, new.dtype)\n"
                "        if getattr(KVCache, 'kind', None) != kind or device:\n"
                "            KVCache.kind, KVCache.k, KVCache.v = kind, new, new.clone()",
            ),
        ),
    ),
    Misconception(
        "added",
        "New keys and values are added to what is at their place.",
        "For an empty place that makes no difference. Set `pos` back and write again.",
        edits=(
            (KEYS, KEYS.replace(" = ", " += ")),
            (VALUES, VALUES.replace(" = ", " += ")),
        ),
    ),
    Misconception(
        "first-row-only",
        "Every row of the batch gets what the first row has.",
        "The rows are different texts. Try B = 2.",
        edits=(
            (KEYS, KEYS.replace("k.detach()", "k[:1]")),
            (VALUES, VALUES.replace("v.detach()", "v[:1]")),
        ),
    ),
    Misconception(
        "pos-cannot-be-set",
        "`pos` cannot be set from outside.",
        "Whoever runs the model moves it on: `cache.pos += t` is to work.",
        edits=(
            ("self.pos = 0\n", "self._pos = 0\n"),
            (
                "    def update(",
                "    @property\n    def pos(self):\n        return self._pos\n\n    def update(",
            ),
        ),
    ),
    Misconception(
        "positions-before-heads",
        "The room is laid out as (B, T, nh, hs), and what is given is not.",
        "Compare the order of the dimensions: the contract's has the heads before the positions.",
        edits=(
            (ROOM, "torch.zeros(n_layer, B, max_T, n_head, hs, dtype=dtype, device=device)"),
            ("self.k.size(3)", "self.k.size(2)"),
            (
                KEYS,
                "self.k[layer, :, self.pos : end] = k.reshape(k.size(0), -1, *self.k.shape[3:])",
            ),
            (
                VALUES,
                "self.v[layer, :, self.pos : end] = v.reshape(v.size(0), -1, *self.v.shape[3:])",
            ),
            (
                RETURN,
                "k, v = self.k[layer, :, :end], self.v[layer, :, :end]\n"
                "        return k.transpose(1, 2), v.transpose(1, 2)",
            ),
        ),
    ),
)
