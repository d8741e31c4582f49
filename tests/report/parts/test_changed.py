"""Answers that changed: which of them a page shows, and how."""

from typing import Any

from interlingua.report.parts import changed


def item(number: int, lang: str, better: bool, **more: Any) -> dict[str, Any]:
    told = {"task": "t", "id": f"i{number}", "lang": lang, "better": better, "question": "?", "gold": "a"}
    return told | {"before": "b", "after": "a"} | more


def result(*items: dict[str, Any]) -> dict[str, Any]:
    return {"after": {"name": "new"}, "languages": {"swh_Latn": {"name": "Swahili"}}, "changed": list(items)}


def test_few_items_are_all_there_in_their_order() -> None:
    text = changed.section(
        result(item(0, "swh_Latn", True), item(1, "tha_Thai", False), item(2, "swh_Latn", True))
    )
    assert [text.index(f"i{n}<") for n in range(3)] == sorted(text.index(f"i{n}<") for n in range(3))
    assert "3 answers changed: 2 for the better, 1 for the worse." in text
    assert "are here" not in text


def test_many_items_are_drawn_evenly_over_languages_better_and_worse() -> None:
    items = [item(n, "swh_Latn", True) for n in range(50)]
    items += [item(50, "swh_Latn", False), item(51, "tha_Thai", True), item(52, "tha_Thai", False)]
    text = changed.section(result(*items), room=6 * len(changed._card({}, items[0])) / 800_000)
    assert text.count("<article") == 6
    assert text.count('data-lang="tha_Thai"') == 2
    assert text.count('data-way="worse"') == 2
    assert "6 of them are here" in text


def test_a_long_question_is_folded_and_loses_nothing() -> None:
    words = " ".join(f"word{n}" for n in range(200))
    text = changed.section(result(item(0, "swh_Latn", True, question=words)))
    assert '<details class="rest"><summary>…</summary>' in text
    assert "".join(text.split('<details class="rest"><summary>…</summary>')).count("word") == 200


def test_an_empty_answer_is_told_and_tables_hold_everything() -> None:
    held = result(item(0, "swh_Latn", True, before=" "))
    assert '<dd class="before" lang="swh-Latn" dir="auto"><em>nothing</em></dd>' in changed.section(held)
    (row,) = changed.tables(held)["changed"].rows
    assert row == ("Swahili", "swh_Latn", "t", "i0", "better", "?", "a", "", "a")


def test_none_and_not_run_are_two_things() -> None:
    assert changed.absent(result()) == ["Answers that changed: none."]
    assert changed.absent({"after": {"name": "new"}}) == ["Answers that changed: not run."]
    assert changed.absent({"after": None}) == []
    assert changed.section(result()) == ""
