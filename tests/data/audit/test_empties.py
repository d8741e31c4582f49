"""Empty fields and rows without an answer."""


def test_empty_and_unlabelled(sheet, told) -> None:
    table = sheet(
        text={"en": ["a", None, "c", " ", "e"], "sw": ["f", "g", "h", "i", "j"]},
        label={"en": ["x", "y", None, "x", "y"], "sw": ["x", "y", "x", "x", ""]},
    )
    assert told("empties", table) == {
        ("en", "empty", "001"),
        ("en", "empty", "003"),
        ("en", "unlabelled", "002"),
        ("sw", "unlabelled", "004"),
    }


def test_a_field_that_is_mostly_left_out(sheet, told) -> None:
    table = sheet(text={"en": ["a", "b", "c", "d"]}, remark={"en": ["see above", None, None, None]})
    assert told("empties", table) == set()
