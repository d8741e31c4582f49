"""Labels that are swapped, moved, wrong or always the same, worked by hand."""

LANGS = ("en", "es", "sw", "hi")
TEXTS = {lang: [f"{lang} sentence {at}" for at in range(60)] for lang in LANGS}
GOLD = [("a", "b", "c")[(at * at + at // 4) % 3] for at in range(60)]


def labels(**changed: list[str]) -> dict[str, list[str]]:
    return {lang: changed.get(lang, list(GOLD)) for lang in LANGS}


def test_equal_labels(sheet, found) -> None:
    assert found("labels", sheet(text=TEXTS, label=labels())) == []


def test_two_swapped_labels(sheet, found) -> None:
    other = {"a": "b", "b": "a", "c": "c"}
    (one,) = found("labels", sheet(text=TEXTS, label=labels(sw=[other[word] for word in GOLD])))
    assert (one.lang, one.kind, one.score) == ("sw", "swapped_labels", 1.0)
    assert set(one.ids) == {f"{at:03d}" for at, word in enumerate(GOLD) if word in "ab"}


def test_swapped_in_a_block(sheet, found) -> None:
    other = {"a": "b", "b": "a", "c": "c"}
    mine = [other[word] if 20 <= at < 45 else word for at, word in enumerate(GOLD)]
    (one,) = found("labels", sheet(text=TEXTS, label=labels(hi=mine)))
    assert (one.lang, one.kind) == ("hi", "swapped_labels")
    assert 20 <= int(one.first_id) <= int(one.last_id) < 45


def test_single_rows(sheet, told) -> None:
    mine = list(GOLD)
    mine[5], mine[33] = {"a": "b", "b": "c", "c": "a"}[mine[5]], {"a": "c", "b": "a", "c": "b"}[mine[33]]
    assert told("labels", sheet(text=TEXTS, label=labels(es=mine))) == {
        ("es", "label_differs", "005"),
        ("es", "label_differs", "033"),
    }


def test_labels_out_of_step(sheet, found) -> None:
    mine = list(GOLD)
    mine[20:50] = GOLD[21:51]
    shifted = [
        one for one in found("labels", sheet(text=TEXTS, label=labels(sw=mine))) if one.kind == "shifted"
    ]
    assert [one.lang for one in shifted] == ["sw"]
    assert 19 <= int(shifted[0].first_id) <= 23
    assert 46 <= int(shifted[0].last_id) <= 50
    assert "(offset +1)" in shifted[0].evidence


def test_of_two_languages_the_pivot_is_right(sheet, told) -> None:
    mine = list(GOLD)
    mine[3] = "c" if mine[3] != "c" else "a"
    table = sheet(text={lang: TEXTS[lang] for lang in ("sw", "en")}, label={"sw": mine, "en": GOLD})
    assert told("labels", table) == {("sw", "label_differs", "003")}


def test_dummy_labels(sheet, found) -> None:
    table = sheet(text=TEXTS, label=labels(en=["a"] * 60))
    constant = next(one for one in found("labels", table) if one.kind == "constant_labels")
    assert (constant.lang, constant.first_id, constant.last_id) == ("en", "000", "059")
    assert constant.evidence == "label is 'a' in all 60 rows"


def test_a_number_that_is_the_same_everywhere(sheet, told) -> None:
    answers = {lang: [f"{at * 7 % 53}.0" for at in range(60)] for lang in LANGS}
    answers["hi"][11] = "999.0"
    assert told("labels", sheet(text=TEXTS, result=answers)) == {("hi", "label_differs", "011")}


def test_a_remark_may_differ(sheet, found) -> None:
    changed = {lang: [at % 5 == number for at in range(60)] for number, lang in enumerate(LANGS)}
    assert found("labels", sheet(text=TEXTS, label=labels(), changed=changed)) == []
