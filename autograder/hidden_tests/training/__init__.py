"""Chapter 7, training: its exercises in the order of the page."""

from autograder.hidden_tests.training import (
    adamw,
    amp_train_step,
    checkpoint,
    clip_grad_norm,
    configure_optimizers,
    estimate_loss,
    flops_per_token,
    get_lr,
    grad_accum_step,
    mfu,
    most_likely_ending,
    muon,
    orthogonalize,
    token_loader,
    train,
)

EXERCISES = (
    token_loader.EXERCISE,
    adamw.EXERCISE,
    configure_optimizers.EXERCISE,
    get_lr.EXERCISE,
    clip_grad_norm.EXERCISE,
    grad_accum_step.EXERCISE,
    estimate_loss.EXERCISE,
    amp_train_step.EXERCISE,
    checkpoint.EXERCISE,
    train.EXERCISE,
    orthogonalize.EXERCISE,
    muon.EXERCISE,
    flops_per_token.EXERCISE,
    mfu.EXERCISE,
    most_likely_ending.EXERCISE,
)
