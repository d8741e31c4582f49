"""Answers among candidates and at their offsets."""


def test_candidates(sheet, told) -> None:
    table = sheet(
        prompt={"en": ["Capital of France?", "Capital of Peru?", "Capital of Chad?"]},
        answer={"en": ["Paris", "Lima ", "N'Djamena"]},
        candidates={"en": [["Paris", "Rome"], ["Lima", "Quito"], ["N'Djamena", "Bamako"]]},
    )
    assert told("answers", table) == {("en", "not_a_candidate", "001")}


def test_numbered_answers(sheet, told) -> None:
    for first in (0, 1):
        table = sheet(
            question={"en": ["Which one?", "Which other?", "And this?", "Which last?"]},
            choices={"en": [["a", "b"]] * 4},
            label={"en": [first, first + 1, first, first + 2]},
        )
        assert told("answers", table) == {("en", "not_a_candidate", "003")}


def test_offsets_count_characters(sheet, found) -> None:
    table = sheet(
        context={"en": ["\ufeffIt was 308 points.", "It was 308 points."]},
        question={"en": ["How many?", "How many then?"]},
        answer={"en": ["308", "308"]},
        answer_start={"en": [8, 8]},
    )
    (one,) = found("answers", table)
    assert (one.kind, one.first_id) == ("wrong_offset", "001")
    assert one.evidence == "'308' is not at character 8, where '08 ' is; it is at 7"
