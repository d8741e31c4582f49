"""Native label words: exchanged, uneven, or spelled in several ways."""

GOLD = [("neutral", "entailment", "contradiction")[at % 3] for at in range(60)]
WORDS = {
    "en": ("neutral", "entailment", "contradiction"),
    "sv": ("neutral", "medföring", "motsägelse"),
    "es": ("neutro", "vinculación", "contradicción"),
    "no": ("nøytral", "medføring", "motsigelse"),
}
TEXTS = {lang: [f"{lang} sentence {at}" for at in range(60)] for lang in WORDS}


def answers(**changed: tuple[str, str, str]) -> dict[str, list[str]]:
    words = WORDS | changed
    return {lang: [dict(zip(WORDS["en"], words[lang], strict=True))[one] for one in GOLD] for lang in WORDS}


def test_words_in_their_places(sheet, found) -> None:
    assert found("label_words", sheet(text=TEXTS, answer=answers())) == []


def test_exchanged_words_are_known_by_their_look(sheet, found) -> None:
    table = sheet(text=TEXTS, answer=answers(no=("motsigelse", "medføring", "nøytral")))
    (one,) = found("label_words", table)
    assert (one.lang, one.kind, len(one.ids)) == ("no", "swapped_labels", 40)
    assert one.score > 0.7
    assert "'motsigelse' stands for 'neutral'" in one.evidence


def test_exchanged_in_some_rows(sheet, found) -> None:
    mine = answers()
    for at in range(24, 48):
        mine["es"][at] = {"neutro": "contradicción", "contradicción": "neutro"}.get(
            mine["es"][at], mine["es"][at]
        )
    (one,) = found("label_words", sheet(text=TEXTS, answer=mine))
    assert (one.lang, one.kind) == ("es", "swapped_labels")
    assert 24 <= int(one.first_id) <= int(one.last_id) < 48


def test_two_forms(sheet, found) -> None:
    gold = [("positive", "negative")[at % 2] for at in range(40)]
    words = {"en": ("positive", "negative"), "de": ("positiv", "negativ"), "no": ("positivt", "negativ")}
    table = sheet(
        text={lang: [f"{lang} {at}" for at in range(40)] for lang in words},
        answer={
            lang: [dict(zip(words["en"], some, strict=True))[one] for one in gold]
            for lang, some in words.items()
        },
    )
    (one,) = found("label_words", table)
    assert (one.lang, one.kind, one.first_id, one.last_id) == ("no", "label_words", "000", "039")
    assert one.evidence.endswith("only 'positivt' ends in 't'")


def test_spellings(sheet, told) -> None:
    gold = ["yes", "no"] * 10
    gold[4], gold[9] = "Yes", "no "
    table = sheet(text={"en": [f"row {at}" for at in range(20)]}, label={"en": gold})
    assert told("label_words", table) == {("en", "label_words", "004"), ("en", "label_words", "009")}


def test_numbers_exchanged_throughout(sheet, found) -> None:
    gold = [at % 2 for at in range(30)]
    table = sheet(
        text={lang: [f"{lang} {at}" for at in range(30)] for lang in ("en", "sw")},
        label={"en": gold, "sw": [1 - one for one in gold]},
    )
    (one,) = found("label_words", table)
    assert (one.lang, one.kind, one.score, len(one.ids)) == ("sw", "swapped_labels", 1.0, 30)
