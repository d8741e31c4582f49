"""Rows out of step are found at the planted rows, with their offset; straight tables have none."""

import random

import numpy as np
import pytest

LANGS = ("en", "es", "de", "sw", "ru", "hi")


def moved(texts, start: int, stop: int, offset: int) -> list[str]:
    """A copy in which rows `start` to `stop` hold what belongs `offset` further down."""
    copy = list(texts)
    copy[start:stop] = texts[start + offset : stop + offset]
    return copy


def test_straight_text_has_no_slip(sheet, texts, found) -> None:
    table = sheet(text={lang: texts(lang, 120) for lang in LANGS})
    assert found("steps", table) == []


@pytest.mark.parametrize("offset", [-3, -1, 1, 2, 5])
@pytest.mark.parametrize("lang", ["sw", "hi", "en"])
def test_a_shifted_block(sheet, texts, found, lang: str, offset: int) -> None:
    columns = {code: texts(code, 120) for code in LANGS}
    columns[lang] = moved(columns[lang], 40, 60, offset)
    shifted = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert [(one.lang, one.kind) for one in shifted] == [(lang, "shifted")]
    assert abs(int(shifted[0].first_id) - 40) <= 1
    assert abs(int(shifted[0].last_id) - 59) <= 1
    assert f"(offset {offset:+d})" in shifted[0].evidence


def test_a_line_that_is_missing_shifts_all_that_follow(sheet, texts, found) -> None:
    columns = {code: texts(code, 121) for code in LANGS}
    columns["sw"] = [*columns["sw"][:30], *columns["sw"][31:]]
    columns = {code: values[:120] for code, values in columns.items()}
    one, *more = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert (one.lang, one.kind, more) == ("sw", "shifted", [])
    assert abs(int(one.first_id) - 30) <= 1
    assert one.last_id == "119"
    assert "(offset +1)" in one.evidence


@pytest.mark.parametrize(("start", "offset"), [(40, 60), (100, -70)])
def test_a_block_that_moved_far(sheet, texts, found, start: int, offset: int) -> None:
    columns = {code: texts(code, 180) for code in LANGS}
    columns["hi"] = moved(columns["hi"], start, start + 12, offset)
    shifted = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert [(one.lang, one.kind) for one in shifted] == [("hi", "shifted")]
    assert abs(int(shifted[0].first_id) - start) <= 1
    assert abs(int(shifted[0].last_id) - (start + 11)) <= 1
    assert f"(offset {offset:+d})" in shifted[0].evidence


@pytest.mark.parametrize("lang", ["ru", "sw"])
def test_nearly_all_rows_moved(sheet, texts, found, lang: str) -> None:
    columns = {code: texts(code, 100) for code in LANGS}
    columns[lang] = [*columns[lang][:15], *columns[lang][16:], columns[lang][15]]
    told = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert {(one.lang, one.kind) for one in told} == {(lang, "shifted")}
    best = max(told, key=lambda one: len(one.ids))
    assert abs(int(best.first_id) - 15) <= 1
    assert int(best.last_id) >= 97
    assert "(offset +1)" in best.evidence


def test_a_language_in_random_order_throughout(sheet, texts, found) -> None:
    columns = {code: texts(code, 100) for code in LANGS}
    random.Random(3).shuffle(columns["de"])
    (one,) = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert (one.lang, one.kind, len(one.ids)) == ("de", "out_of_step", 100)
    assert "no better than any others" in one.evidence


def test_languages_that_are_not_parallel_are_not_judged(sheet, texts, found) -> None:
    columns = {code: texts(code, 100) for code in LANGS}
    for seed, values in enumerate(columns.values()):
        random.Random(seed).shuffle(values)
    assert [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5] == []


def test_rows_in_random_order_are_out_of_step(sheet, texts, found) -> None:
    columns = {code: texts(code, 120) for code in LANGS}
    block = columns["de"][50:80]
    random.Random(1).shuffle(block)
    columns["de"][50:80] = block
    rows = {int(row) for one in found("steps", sheet(text=columns)) for row in one.ids if one.score >= 0.5}
    assert {one.lang for one in found("steps", sheet(text=columns))} == {"de"}
    assert rows <= set(range(49, 81))
    assert len(rows) >= 20


def test_two_languages_blame_the_one_that_is_not_the_pivot(sheet, texts, found) -> None:
    columns = {code: texts(code, 200) for code in ("en", "ru")}
    columns["ru"] = moved(columns["ru"], 100, 140, 1)
    (one,) = [one for one in found("steps", sheet(text=columns)) if one.score >= 0.5]
    assert (one.lang, one.kind) == ("ru", "shifted")
    assert abs(int(one.first_id) - 100) <= 1


def test_one_field_of_two(sheet, texts, found) -> None:
    premise = {code: texts(code, 150) for code in LANGS}
    other = {code: list(reversed(texts(code, 300)))[:150] for code in LANGS}
    other["es"] = moved(other["es"], 60, 90, 2)
    rows = [one for one in found("steps", sheet(premise=premise, hypothesis=other)) if one.score >= 0.5]
    assert {(one.lang, one.kind) for one in rows} == {("es", "shifted")}
    assert all("(offset +2)" in one.evidence for one in rows)
    assert all(59 <= int(one.first_id) <= int(one.last_id) <= 91 for one in rows)


def test_a_column_and_its_translation(sheet, texts, found) -> None:
    table = sheet(text={"sw": moved(texts("sw", 200), 80, 120, 3)}, text_en={"sw": texts("en", 200)})
    (one,) = [one for one in found("steps", table) if one.score >= 0.5]
    assert (one.lang, one.kind) == ("sw", "shifted")
    assert abs(int(one.first_id) - 80) <= 1
    assert "text against text_en" in one.evidence


def test_text_that_is_no_translation_is_not_judged(sheet, texts, found) -> None:
    mixed = texts("en", 200)
    random.Random(2).shuffle(mixed)
    assert found("steps", sheet(text={"sw": texts("sw", 200)}, text_en={"sw": mixed})) == []


def test_too_few_rows(sheet, texts, found) -> None:
    assert found("steps", sheet(text={code: texts(code, 5) for code in LANGS})) == []


def test_rows_missing_in_a_language(sheet, texts, found) -> None:
    ids = {code: [f"{at:03d}" for at in range(120)] for code in LANGS}
    columns = {code: texts(code, 120) for code in LANGS}
    keep = np.delete(np.arange(120), [10, 50, 51, 90]).tolist()
    ids["sw"], columns["sw"] = [ids["sw"][at] for at in keep], [columns["sw"][at] for at in keep]
    assert found("steps", sheet(ids=ids, text=columns)) == []
