"""The walls and the judge, with every attack really run: what it is after stays out of reach."""

import pytest

from autograder.claims import CLAIMS
from tests.hostile.bank import Attack, attacks
from tests.hostile.conftest import Walls

RUN = [attack for attack in attacks() if attack.claim.where != "policy"]


def test_the_bank_is_large_and_attacks_every_claim() -> None:
    assert len(attacks()) >= 100
    assert {attack.claim.name for attack in attacks()} == set(CLAIMS)
    assert len({attack.mechanism for attack in attacks()}) == len(attacks())


@pytest.mark.parametrize("attack", RUN, ids=lambda attack: attack.name)
def test_an_attack_does_not_come_through(
    attack: Attack, walls: Walls, place: tuple[str, str]
) -> None:
    """Who reaches what they are after answers right, and gets points."""
    if place[0] in attack.claim.held_by:
        assert max(walls.results[attack.name]["earned"]) <= attack.earns


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.name)
def test_an_attack_harms_nobody(attack: Attack, walls: Walls) -> None:
    result = walls.results[attack.name]
    assert result["honest"], "the honest submission after it has lost points"
    assert result["touched"] == []
    assert result["left"] == 0, "processes are left"
    assert "grader failed" not in result["status"]


def test_no_process_of_a_sandbox_is_left(walls: Walls) -> None:
    assert walls.results["the end"]["alive"] == 0


def test_what_is_not_a_notebook_is_unreadable(walls: Walls) -> None:
    for attack in attacks():
        if attack.name not in walls.results:
            continue  # it is not run in this place
        status = walls.results[attack.name]["status"]
        assert (status == ["unreadable"]) == (attack.claim.name == "reading"), attack.name
