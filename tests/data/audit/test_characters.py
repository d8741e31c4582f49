"""Each kind of character is found in the rows that have it, and nowhere else."""

import pytest

CLEAN = ["A plain row.", "Another one — with a dash.", "“Quoted”, 5 °C & more."]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("control_characters", "a\u0084b"),
        ("control_characters", "bell\u0007"),
        ("control_characters", "line\u2028end"),
        ("replacement_characters", "Nu\ufffdo"),
        ("byte_order_mark", "\ufefftext"),
        ("zero_width", "soft\u00adly"),
        ("zero_width", "a\u200bb"),
        ("zero_width", "a\ufeffb"),
        ("zero_width", "left\u200e"),
        ("not_nfc", "Cafe\u0301"),
        ("edge_spaces", "behind "),
        ("edge_spaces", "\u00a0before"),
    ],
)
def test_one_row(sheet, told, kind: str, text: str) -> None:
    table = sheet(text={"en": [*CLEAN, text], "de": [*CLEAN, "Sauber."]})
    assert told("characters", table) == {("en", kind, "003")}


def test_what_a_script_needs_is_no_fault(sheet, told) -> None:
    table = sheet(
        text={
            "fa": ["می\u200cخواهم", "کتاب\u200cها\u200f"],  # joiners and direction marks
            "th": ["ฉัน\u200bรัก", "ภาษา"],  # breaks
            "hi": ["क्\u200dष", "नमस्ते"],
            "en": ["👩\u200d🔬 at work", "fine"],  # one picture of two
        }
    )
    assert told("characters", table) == set()


def test_a_habit_is_told_once(sheet, found) -> None:
    table = sheet(text={"en": [f"row {at} " for at in range(30)] + ["clean"] * 10})
    (one,) = found("characters", table)
    assert (one.kind, one.first_id, one.last_id, len(one.ids)) == ("edge_spaces", "000", "029", 30)
    assert "30 of 40 rows" in one.evidence


def test_neighbours_are_one_finding(sheet, found) -> None:
    texts = [f"fine row {at}" for at in range(50)]
    texts[7], texts[8], texts[20] = "x\u0084", "y\u0084", "z\u0084"
    spans = [(one.first_id, one.last_id) for one in found("characters", sheet(text={"en": texts}))]
    assert spans == [("007", "008"), ("020", "020")]


def test_the_evidence_shows_what_cannot_be_seen(sheet, found) -> None:
    (one,) = found("characters", sheet(text={"en": ["dra\u0084ozbiljno", "fine"]}))
    assert one.evidence == "text: 1 x U+0084 in …dra\\u0084ozbiljno…"
