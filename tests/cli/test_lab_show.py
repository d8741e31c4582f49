"""A world described and shown."""

import pytest

from interlingua.cli.lab_show import CONCEPTS, describe, gloss
from interlingua.core.errors import UnknownName
from interlingua.lab.facts import Clause, Phrase, say
from interlingua.lab.named import world

TINY = world("lab:tiny")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("qaa_Latn", "claim: Miro see lovely dog."),  # SVO
        ("qac_Arab", "claim: Miro lovely dog see."),  # SOV
        ("qad_Deva", "claim: see Miro lovely dog."),  # VSO
    ],
)
def test_a_gloss_follows_the_word_order(code: str, told: str) -> None:
    dogs = Phrase("dog", plural=True, adjective="lovely")
    assert gloss(("claim", Clause(Phrase("Miro"), "see", dogs, past=True)), TINY.tongues[code]) == told


def test_a_particle_is_told_with_its_word() -> None:
    standard = world("lab:standard")
    tongue = next(
        t for t in standard.tongues.values() if t.spec.marking == "particle" and t.spec.order == "SVO"
    )
    clause = Clause(Phrase("Miro"), "see", Phrase("dog", plural=True), past=True)
    assert len(say([clause], tongue).split()) == 5
    assert gloss((clause,), tongue) == "Miro see dog."


def test_what_is_told_is_the_worlds_own_truth() -> None:
    page = describe(TINY)
    assert list(page["languages"]) == list(TINY.languages)
    for code, language in page["languages"].items():
        tongue = TINY.tongues[code]
        assert language["family"] == tongue.spec.family
        assert language["bilingual_share"] == TINY.bilingual_share(code)
        assert list(language["words"]) == list(CONCEPTS)
        assert language["words"]["dog"]["written"] == " ".join(tongue.word("dog"))
    assert page["languages"]["qac_Arab"]["direction"] == "rtl"
    assert page["languages"]["qad_Deva"]["inherited"] == 0.0
    for place, (task, told) in enumerate(page["tasks"].items()):
        items = {item.question: item for item in TINY.task(task, "qab_Cyrl")}
        asked = items[told["asked"]["qab_Cyrl"]["question"]]
        assert asked.answer == told["answer"] == place
        assert [option.strip() for option in asked.options] == told["options"]


def test_languages_can_be_chosen_and_the_pivot_stays() -> None:
    assert list(describe(TINY, ["qad"])["languages"]) == ["qaa_Latn", "qad_Deva"]
    with pytest.raises(UnknownName, match="qaz_Latn"):
        describe(TINY, ["qaz_Latn"])


def test_the_command_as_json(run_json) -> None:
    page = run_json("lab", "show", "tiny")
    assert page["name"] == "lab:tiny"
    assert page["tasks"].keys() == {"sentiment", "topic"}
