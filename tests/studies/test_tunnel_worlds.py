"""Every kind has judging worlds that there are, and a smallest one; named worlds go where they belong."""

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.named import JUDGES, WORLDS
from interlingua.studies.tunnel_worlds import KINDS, kind_of, smallest, worlds_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_a_kind_has_five_judging_worlds_and_others_that_judge_nothing(kind) -> None:
    assert len(kind.judges) == 5
    assert set(kind.judges) | set(kind.others) <= WORLDS.keys()
    assert set(kind.judges).isdisjoint(kind.others)
    assert smallest(kind).endswith("tiny")
    assert kind.why.endswith(".")


def test_worlds_of_a_kind() -> None:
    judge = kind_of("judge")
    assert worlds_of(judge) == JUDGES
    assert worlds_of(judge, seeds=2) == JUDGES[:2]
    assert worlds_of(judge, ["tiny", "lab:judge-3", "sums-1", "tiny"]) == ("lab:tiny", "lab:judge-3")
    with pytest.raises(BadInput, match="--seeds is 6; there are 5 judging worlds of kind judge"):
        worlds_of(judge, seeds=6)
    with pytest.raises(UnknownName, match="world"):
        worlds_of(judge, ["judge-33"])
    with pytest.raises(UnknownName, match="kind of lab world"):
        kind_of("judges")
