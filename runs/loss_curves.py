"""Write the curves that chapter 7 shows, from the logs of `runs/recipes.sh`."""

import json
from pathlib import Path

import click

OUT = Path(__file__).resolve().parents[1] / "exercises" / "gptcourse" / "data" / "loss_curves.json"
PROTOCOL = (
    "A GPT-2 of 4 layers, 4 heads and 128 channels on tiny Shakespeare by characters, 12 windows "
    "of 64 a step, 1,500 steps. The loss is in nats a character, over the whole last tenth of the "
    "text, in windows of 64 that do not overlap."
)
RUNS = {
    "small-rate": ("small rate", "AdamW, 0.0003 from the first step to the last."),
    "large-rate": ("large rate", "AdamW, 0.004 from the first step to the last."),
    "huge-rate": ("huge rate", "AdamW, 0.02 all the time, and no clipping."),
    "nanogpt": ("nanoGPT's recipe", "Up to 0.001 in 100 steps, down to a tenth along a cosine."),
    "ours": ("four times as high", "Up to 0.004 in 75 steps, down to 0 in a straight line."),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("runs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(runs: Path) -> None:
    """Read the logs under RUNS and write loss_curves.json."""
    curves = []
    for folder, (name, what) in RUNS.items():
        lines = (runs / folder / "log.jsonl").read_text().splitlines()
        entries = [json.loads(line) for line in lines]
        points = [[e["step"], e["seconds"], round(e["val"], 4)] for e in entries]
        curves.append({"name": name, "what": what, "points": points, "final": points[-1][2]})
        click.echo(f"{name:20} {points[-1][2]:.3f}")
    text = json.dumps({"protocol": PROTOCOL, "runs": curves}, indent=1)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
