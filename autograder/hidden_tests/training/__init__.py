"""Chapter 7, training: its exercises in the order of the page."""

from autograder.hidden_tests.training import (
    adamw,
    amp_train_step,
    checkpoint,
    clip_grad_norm,
    configure_optimizers,
    estimate_loss,
    grad_accum_step,
    token_loader,
)

EXERCISES = (
    token_loader.EXERCISE,
    adamw.EXERCISE,
    configure_optimizers.EXERCISE,
    clip_grad_norm.EXERCISE,
    grad_accum_step.EXERCISE,
    estimate_loss.EXERCISE,
    amp_train_step.EXERCISE,
    checkpoint.EXERCISE,
)
