"""Pivot versions: each question's version in the pivot, by task, split and group."""

from interlingua.data.contaminated import Questions
from interlingua.data.items import Choice
from interlingua.data.pivot_versions import pivot_versions

PIVOT, X = "eng_Latn", "deu_Latn"


def item(lang: str, split: str, group: str, question: str) -> Choice:
    return Choice(f"{lang}{group}", "t", split, lang, question, ("a", "b"), 0, group, group)


def test_questions_are_joined_by_group_within_their_split() -> None:
    tested = {
        ("t", PIVOT): [item(PIVOT, "test", "1", "one"), item(PIVOT, "test", "2", "two")],
        ("t", X): [item(X, "test", "2", "zwei"), item(X, "test", "1", "eins"), item(X, "test", "3", "drei")],
        ("u", X): [item(X, "test", "1", "sonst")],
    }
    others = {
        ("t", PIVOT): [item(PIVOT, "train", "1", "eleven")],
        ("t", X): [item(X, "train", "1", "elf"), item(X, "train", "2", "zwölf")],
    }
    assert pivot_versions(Questions(tested, others), PIVOT) == {
        "one": "one", "two": "two", "eins": "one", "zwei": "two", "eleven": "eleven", "elf": "eleven",
    }  # fmt: skip
