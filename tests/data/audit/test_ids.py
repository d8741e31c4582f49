"""Ids that are missing, twice, or written with a character too many."""


def ids_of(books: dict[str, int]) -> list[str]:
    return [
        f"b.{book}.{chapter}.{verse}"
        for book, many in books.items()
        for chapter in range(1, many + 1)
        for verse in range(1, 6)
    ]


def test_missing_and_repeated(sheet, told, found) -> None:
    ids = {"en": ["a", "b", "c", "d"], "sw": ["a", "c", "d", "d"], "hi": ["a", "b", "c", "d"]}
    ids["sw"] = ["a", "c", "d", "x"]
    table = sheet(ids=ids, text={lang: [f"{lang} text {one}" for one in some] for lang, some in ids.items()})
    assert told("ids", table) == {("sw", "missing", "b")}
    (one,) = found("ids", table)
    assert one.evidence == "1 of 4 ids that most languages have are not here: b"


def test_the_same_id_twice(sheet, told) -> None:
    many = [f"{at:03d}" for at in range(200)]
    ids = {"en": [*many, "007"], "sw": [*many, "200"]}
    table = sheet(ids=ids, text={lang: [f"{lang} {at}" for at in range(201)] for lang in ids})
    assert {one for one in told("ids", table) if one[1] == "repeated_id"} == {("en", "repeated_id", "007")}


def test_a_digit_too_many(sheet, found) -> None:
    right = ids_of({"MAT": 4, "1CO": 3, "2CO": 2})
    wrong = [one.replace("b.1CO.", "b.1CO.1").replace("b.2CO.", "b.2CO.2") for one in right]
    ids = {"en": right, "sw": right, "hi": right, "din": wrong}
    table = sheet(ids=ids, text={lang: [f"{lang} {at}" for at in range(len(right))] for lang in ids})
    (one,) = [one for one in found("ids", table) if one.kind == "wrong_ids"]
    assert (one.lang, one.first_id, one.last_id, len(one.ids)) == ("din", "b.1CO.11.1", "b.2CO.22.5", 25)
    assert "this is b.1CO.1.1 in the other languages" in one.evidence
    assert not [one for one in found("ids", table) if one.kind == "missing"]


def test_languages_that_share_no_ids(sheet, found) -> None:
    ids = {"en": ["en-1", "en-2"], "sw": ["sw-1", "sw-2"]}
    assert found("ids", sheet(ids=ids, text={"en": ["a", "b"], "sw": ["c", "d"]})) == []


def test_of_two_languages_each_tells_what_the_other_lacks(sheet, texts, found) -> None:
    ids = {
        lang: [f"{at:02d}" for at in range(30) if at not in gone]
        for lang, gone in (("en", {3}), ("de", {7, 8}))
    }
    columns = {"en": texts("en", 29), "de": texts("de", 28)}
    told = found("ids", sheet(ids=ids, text=columns))
    assert [(one.lang, one.kind, one.ids) for one in told] == [
        ("en", "missing", ("03",)),
        ("de", "missing", ("07", "08")),
    ]
