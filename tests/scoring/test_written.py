"""Written answers: the same test questions in both ways, answers as long as what was learned."""

from dataclasses import replace

import pytest

from interlingua.data.chains import chains
from interlingua.data.prompts import Template
from interlingua.lab.named import spec
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.scoring import written as module
from interlingua.scoring.written import ROOM, written_answers


def test_both_ways_ask_the_same_questions(tiny_base: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    place = World(replace(spec("lab:sums-tiny"), bank={"train": 40, "dev": 10, "test": 12}))
    learned = chains(place, ("qab_Cyrl",), 20)
    most: list[int] = []
    real = module.score_open

    def noted(lm, items, **settings):  # type: ignore[no-untyped-def]
        most.append(items[0].max_new_tokens)
        return real(lm, items, **settings)

    monkeypatch.setattr(module, "score_open", noted)
    found = written_answers(tiny_base, place, learned, Template("{question} = "), 4)
    assert found.keys() == {"written", "translated"}
    ids = [[(row.lang, row.group) for row in rows] for rows in found.values()]
    assert ids[0] == ids[1]
    assert {row.lang for row in found["written"]} == set(place.languages)
    longest = max(len(tiny_base.tokenizer(chain.told).input_ids) for chain in learned)
    question = max(len(tiny_base.tokenizer(chain.questions[place.pivot]).input_ids) for chain in learned)
    assert most == [longest + ROOM, longest + question + ROOM]
    asked = {row.lang: row.question for row in found["translated"]}
    assert [lang for lang, text in asked.items() if not text.endswith(" = ")] == [place.pivot]
