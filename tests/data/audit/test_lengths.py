"""Lengths against the other languages: too long, too short, merged, cut."""

LANGS = ("en", "es", "de", "sw", "ru")


def long_texts(texts) -> dict[str, list[str]]:
    """Rows of very different length: one to four sentences."""
    made = {}
    for lang in LANGS:
        parts = texts(lang, 480)
        made[lang] = [" ".join(parts[4 * at : 4 * at + 1 + at % 4]) for at in range(120)]
    return made


def test_clean(sheet, texts, told) -> None:
    assert told("lengths", sheet(text=long_texts(texts))) == set()


def test_too_short_and_too_long(sheet, texts, told) -> None:
    columns = long_texts(texts)
    columns["sw"][43] = "mbwa."
    columns["de"][60] = " ".join([columns["de"][60]] * 5)
    assert told("lengths", sheet(text=columns)) == {("sw", "length", "043"), ("de", "length", "060")}


def test_cut_in_the_middle(sheet, texts, told) -> None:
    columns = long_texts(texts)
    columns["ru"][83] = columns["ru"][83][:11]
    assert told("lengths", sheet(text=columns)) == {("ru", "cut", "083")}


def test_merged_with_the_next(sheet, texts, told) -> None:
    columns = long_texts(texts)
    ids = {lang: [f"{at:03d}" for at in range(120)] for lang in LANGS}
    columns["es"][20] += " " + columns["es"].pop(21)
    ids["es"].pop(21)
    assert told("lengths", sheet(ids=ids, text=columns)) == {("es", "merged", "020")}


def test_of_two_languages_the_pivot_is_right(sheet, texts, told) -> None:
    columns = {lang: values for lang, values in long_texts(texts).items() if lang in ("en", "sw")}
    columns["sw"][43] = "mbwa."
    assert told("lengths", sheet(text=columns)) == {("sw", "length", "043")}
