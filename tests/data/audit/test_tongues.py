"""Rows in another language, where ids are not shared."""


def apart(columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Ids that no other language has."""
    return {lang: [f"{lang}-{at:03d}" for at in range(len(values))] for lang, values in columns.items()}


def test_a_row_of_another_language_of_the_file(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 80) for lang in ("es", "sw", "de")}
    columns["sw"][30] = columns["es"][77]
    assert told("tongues", sheet(ids=apart(columns), text=columns)) == {("sw", "other_language", "sw-030")}


def test_fields_too_short_to_tell_are_told_together(sheet, texts, told) -> None:
    halves = [{lang: [] for lang in ("es", "sw", "de")} for _ in range(2)]
    for lang in halves[0]:
        for text in texts(lang, 80):
            words = text.split()
            halves[0][lang].append(" ".join(words[:3]))
            halves[1][lang].append(" ".join(words[3:6]))
    for half in halves:
        half["sw"][30] = half["es"][77]
    table = sheet(ids=apart(halves[0]), premise=halves[0], hypothesis=halves[1])
    assert told("tongues", table) == {("sw", "other_language", "sw-030")}


def test_english_is_known_without_any(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 60) for lang in ("es", "sw")}
    columns["es"][10] = "They said that he would have been there with all of the others."
    assert told("tongues", sheet(ids=apart(columns), text=columns)) == {("es", "other_language", "es-010")}


def test_clean_text(sheet, texts, found) -> None:
    columns = {lang: texts(lang, 60) for lang in ("en", "es", "sw", "de", "ru", "hi")}
    assert found("tongues", sheet(text=columns)) == []
