"""TokenLoop: the loop that feeds each output back as input, as it really ran."""

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets
import torch
import traitlets.traitlets as t

from .picture import Picture
from .plain import code, id_list, look_up, percent, plain, symbol_list

NextLogits = Callable[[torch.Tensor], torch.Tensor]
Generate = Callable[..., Any]


class TokenLoop(Picture):
    """Token by token: the context goes in, probabilities come out, one symbol is put at the end.

    Args:
        steps: one dict a call of the model: "context" (list of symbols that it was given), "top"
            (list of [symbol, probability], best first), "others" (how many more symbols there
            are), "rest" (their probability together), "choice" (the symbol put at the end, or
            None if the context did not grow) and "p" (its probability).
        output: the symbols that the loop returned.
    """

    name = "token_loop"
    steps: t.List[dict[str, Any]] = t.List().tag(sync=True)
    output = t.List(t.Unicode()).tag(sync=True)
    speed = t.Float(1.0, help="how many times the usual speed").tag(sync=True)

    def __init__(self, steps: list[dict[str, Any]], output: list[str], **kwargs: Any) -> None:
        super().__init__(steps=steps, output=output, **kwargs)
        self._run_again: Callable[[list[int], int], None] | None = None
        self._symbols: list[str] = []
        self._prompt: list[int] = []

    @classmethod
    def from_model(
        cls,
        next_logits: NextLogits,
        prompt_ids: Any,
        symbols: Iterable[str],
        max_new_tokens: int,
        generate: Generate,
        top: int = 6,
    ) -> "TokenLoop":
        """Run a loop over a model and record every call that it makes.

        Args:
            next_logits: the model, (1, T) -> (1, T, V).
            prompt_ids: the token ids to start from.
            symbols: the V symbols by token id.
            max_new_tokens: how many tokens to make.
            generate: the loop, called as `generate(next_logits, prompt, max_new_tokens)`, which
                returns (1, T0 + n).
            top: how many symbols to show with their probabilities.

        Raises:
            ValueError: the model's reply has the wrong shape or is not finite; or `generate`
                never called the model.
        """
        names = symbol_list(symbols)
        prompt = id_list(prompt_ids, "prompt_ids")

        def record(ids: list[int], length: int) -> tuple[list[dict[str, Any]], list[str]]:
            recorder = _Recorder(next_logits, names, top)
            output = generate(recorder, torch.tensor([ids]), length)
            return recorder.steps(id_list(output, "the output of the loop")), look_up(
                id_list(output, "the output of the loop"), names
            )

        picture = cls(*record(prompt, max_new_tokens))

        def run_again(ids: list[int], length: int) -> None:
            steps, output = record(ids, length)
            with picture.hold_sync():
                picture.steps, picture.output = steps, output

        picture._run_again, picture._symbols, picture._prompt = run_again, names, prompt
        return picture

    @t.validate("steps")
    def _check_steps(self, proposal: Any) -> Any:
        for i, step in enumerate(proposal["value"]):
            missing = {"context", "top", "others", "rest", "choice", "p"} - step.keys()
            if missing:
                raise t.TraitError(f"step {i} has no {', '.join(sorted(missing))}")
        if not proposal["value"]:
            raise t.TraitError("no step to show: the loop never called the model")
        return proposal["value"]

    def run(self, prompt_ids: Any, max_new_tokens: int) -> None:
        """Run the same loop from another prompt and show that."""
        if self._run_again is None:
            raise ValueError("only a TokenLoop.from_model(...) can run again")
        self._run_again(id_list(prompt_ids, "prompt_ids"), max_new_tokens)

    def static_html(self) -> str:
        """Return the steps as an ordered list."""
        steps = "".join(map(_static_step, self.steps))
        text = "".join(self.output)
        return f'<div class="gc-static"><ol>{steps}</ol><p>Returned: {code(text)}</p></div>'

    def controls(self) -> list[ipywidgets.Widget]:
        """Return a text box for the prompt and a length, which run the same loop again."""
        if self._run_again is None:
            return []
        ids = {symbol: i for i, symbol in reversed(list(enumerate(self._symbols)))}
        text = ipywidgets.Text("".join(look_up(self._prompt, self._symbols)))
        text.description, text.continuous_update = "Prompt", False
        length = ipywidgets.IntSlider(len(self.steps), 1, 40, description="New tokens")
        length.continuous_update = False
        message = ipywidgets.Label()

        def rerun(_: object) -> None:
            unknown = [c for c in text.value if c not in ids]
            if unknown or not text.value:
                message.value = f"No token for {unknown[0]!r}" if unknown else "Type a prompt"
                return
            message.value = ""
            self.run([ids[c] for c in text.value], length.value)

        text.observe(rerun, "value")
        length.observe(rerun, "value")
        return [ipywidgets.HBox([text, length, message])]


class _Recorder:
    """Stands in for the model and writes down what it was asked and what it said."""

    def __init__(self, next_logits: NextLogits, symbols: list[str], top: int) -> None:
        self._model, self._symbols, self._top = next_logits, symbols, top
        self.contexts: list[list[int]] = []
        self.probabilities: list[list[float]] = []

    def __call__(self, ids: torch.Tensor) -> torch.Tensor:
        logits = self._model(ids)
        expected = (*ids.shape, len(self._symbols))
        if tuple(logits.shape) != expected or ids.dim() != 2 or len(ids) != 1:
            raise ValueError(
                f"the model was given shape {tuple(ids.shape)} and returned {tuple(logits.shape)}; "
                f"expected (1, T) and (1, T, V) with V = {len(self._symbols)}"
            )
        last = torch.softmax(logits.detach()[0, -1].double(), dim=-1)
        if not last.isfinite().all():
            raise ValueError("the model's logits at the last position are not finite")
        self.contexts.append(plain(ids[0]))
        self.probabilities.append(plain(last))
        return logits

    def steps(self, output: list[int]) -> list[dict[str, Any]]:
        after = [*self.contexts, output][1:]
        return [
            self._step(context, p, _added(context, following))
            for context, p, following in zip(self.contexts, self.probabilities, after, strict=True)
        ]

    def _step(self, context: list[int], p: list[float], choice: int | None) -> dict[str, Any]:
        best = _ranking(p)[: self._top]
        if choice is not None and choice not in best:
            best[-1] = choice  # what was taken is always shown, however improbable
        return {
            "context": look_up(context, self._symbols),
            "top": [[self._symbols[i], round(p[i], 6)] for i in best],
            "others": len(p) - len(best),
            "rest": round(max(0.0, 1 - sum(p[i] for i in best)), 6),
            "choice": None if choice is None else self._symbols[choice],
            "p": None if choice is None else round(p[choice], 6),
        }


def _ranking(p: list[float]) -> list[int]:
    return sorted(range(len(p)), key=lambda i: (-p[i], i))


def _added(context: list[int], following: list[int]) -> int | None:
    """Return the token that turned one context into the next, or None if none did.

    A loop may drop tokens at the front to stay within the context length.
    """
    kept = following[:-1]
    both = min(len(context), len(kept))
    if following == context or context[len(context) - both :] != kept[len(kept) - both :]:
        return None
    return following[-1]


def _static_step(step: dict[str, Any]) -> str:
    context = " ".join(map(code, step["context"]))
    top = ", ".join(f"{code(symbol)} {percent(p)}" for symbol, p in step["top"])
    choice = "nothing" if step["choice"] is None else code(step["choice"])
    return f"<li>In: {context}. Out: {top}. Put at the end: {choice}.</li>"
