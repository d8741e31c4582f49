"""Chain rows: as many of every part, twins beside the first part alone."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.chain_rows import PARTS, Rows, chain_rows
from interlingua.data.chains import Chain
from interlingua.data.prompts import Template

CHAINS = [
    Chain("sums", f"{n}", {"en": f"What is {n} and 1?", "sw": f"Nini {n} na 1?"}, f"{n}+1. {n + 1}")
    for n in range(3)
]


def rows(*parts: str) -> Rows:
    """Rows of parts, words switched by a function that marks them."""
    switch = {"sw": lambda text, seed: text.replace("and", "NA")}
    return chain_rows(
        CHAINS, "en", ("sft", *parts), switch=switch, shown=1, template=Template("{question} = "), into="en"
    )


def test_the_first_part_is_every_question_in_every_language() -> None:
    found, beside = rows()
    assert [(row.prompt, row.target) for row in found[:2]] == [
        ("What is 0 and 1?", " 0+1. 1"), ("Nini 0 na 1?", " 0+1. 1"),
    ]  # fmt: skip
    assert len(found) == 6
    assert beside == [None] * 6


def test_every_other_part_has_as_many_rows() -> None:
    found, beside = rows(*PARTS[1:])
    assert [row.kind for row in found] == ["answered"] * 6 + ["demonstrated"] * 6 + ["translated"] * 6
    assert all("NA" in row.prompt and row.lang == "sw" for row in found[6:12])
    assert all(row.prompt.endswith(" = ") and row.target.startswith("What is") for row in found[12:])
    assert [twin.prompt for twin in beside if twin is not None] == [f"What is {n} and 1?" for n in range(3)]
    assert [twin is not None for twin in beside[:6]] == [False, True] * 3
    assert beside[6:] == [None] * 12


def test_a_part_can_be_left_out() -> None:
    found, _ = rows("random_cot")
    assert {row.kind for row in found} == {"answered", "translated"}
    assert rows("random_cot") == rows("random_cot")


def test_too_few_chains_to_show_are_refused() -> None:
    with pytest.raises(BadInput, match="3 solved questions are to be shown, but there are only 3"):
        chain_rows(CHAINS, "en", PARTS, switch={}, shown=3, template=Template("{question} = "))
