"""A letter that goes missing from a stretch of rows, as after a wrong conversion."""


def test_the_stretch_is_found(sheet, texts, found) -> None:
    rows = texts("es", 400)
    rows[100:220] = [text.replace("e", "") for text in rows[100:220]]
    (one,) = found("lost_letters", sheet(text={"es": rows, "de": texts("de", 400)}))
    assert (one.lang, one.kind) == ("es", "lost_letter")
    assert (one.first_id, one.last_id) == ("100", "219")
    assert one.evidence.startswith("text: 'e' is in ")


def test_clean(sheet, texts, found) -> None:
    columns = {lang: texts(lang, 400) for lang in ("en", "es", "de", "sw", "ru", "hi")}
    assert found("lost_letters", sheet(text=columns)) == []


def test_what_all_languages_lose_is_what_the_rows_are_about(sheet, texts, found) -> None:
    columns = {lang: texts(lang, 400) for lang in ("en", "es", "de", "sw")}
    for values in columns.values():
        values[100:250] = [text.translate({ord("a"): None, ord("e"): None}) for text in values[100:250]]
    assert found("lost_letters", sheet(text=columns)) == []


def test_rows_that_end_where_the_letter_was_are_cut(sheet, texts, told) -> None:
    columns = {}
    for lang in ("en", "es", "de", "sw"):
        parts = texts(lang, 480)
        columns[lang] = [" ".join(parts[(at * step) % 480] for step in (1, 7, 11)) for at in range(1200)]
    whole = list(columns["es"])
    for at in range(300, 450):
        columns["es"][at] = whole[at].partition("r")[0].rstrip()
    cut = {int(row) for _, kind, row in told("lengths", sheet(text=columns)) if kind == "cut"}
    really = {at for at in range(300, 450) if len(columns["es"][at]) < 0.7 * len(whole[at])}
    assert cut <= set(range(300, 450))
    assert len(cut & really) >= 0.8 * len(really) > 80


def test_short_answers_come_in_groups(sheet, found) -> None:
    answers = [f"{'Rome' if 40 <= at < 240 else 'Lagos'} {at % 97}" for at in range(600)]
    assert found("lost_letters", sheet(city={"en": answers})) == []
    long = [f"They say that it is written there: {one}".replace("a", "o") for one in answers]
    rows = [one.replace("ogos", "agos") for one in long]
    (one,) = found("lost_letters", sheet(text={"en": rows}))
    assert (one.kind, one.first_id, one.last_id) == ("lost_letter", "040", "239")
