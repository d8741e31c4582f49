"""Doubles with the same and with different labels."""


def rows(count: int) -> list[str]:
    return [f"This is sentence number {at} of the table." for at in range(count)]


def test_opposite_labels(sheet, told) -> None:
    texts, labels = rows(30), ["yes", "no"] * 15
    texts[20] = texts[3].upper() + " "
    texts[25] = texts[7]  # 7 and 25 are both "no"
    table = sheet(text={"en": texts}, label={"en": labels})
    assert told("doubles", table) == {
        ("en", "opposite_labels", "003"),
        ("en", "opposite_labels", "020"),
        ("en", "duplicate", "007"),
        ("en", "duplicate", "025"),
    }


def test_the_evidence_names_rows_and_labels(sheet, found) -> None:
    table = sheet(
        text={"en": ["The same sentence.", "Other.", "The same sentence."] * 1}, label={"en": ["a", "b", "b"]}
    )
    first = next(one for one in found("doubles", table) if one.kind == "opposite_labels")
    assert first.evidence == "same text in 2 rows 000 (a), 002 (b): The same sentence."


def test_one_field_of_two(sheet, found) -> None:
    premises, others = rows(20), [f"Hypothesis {at}, unlike the others." for at in range(20)]
    premises[15] = premises[2]
    table = sheet(premise={"en": premises}, hypothesis={"en": others}, label={"en": ["a", "b"] * 10})
    assert {(one.kind, one.first_id, one.score) for one in found("doubles", table)} == {
        ("repeated_text", "002", 0.3), ("repeated_text", "015", 0.3),
    }  # fmt: skip


def test_premises_that_are_repeated_by_design(sheet, found) -> None:
    premises = [text for text in rows(10) for _ in range(3)]
    others = [f"Hypothesis {at}, unlike the others." for at in range(30)]
    table = sheet(premise={"en": premises}, hypothesis={"en": others}, label={"en": ["a", "b", "c"] * 10})
    assert found("doubles", table) == []
