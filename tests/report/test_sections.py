"""Sections that are more than a figure and its table."""

from interlingua.report.sections import agreeing


def test_agreeing_underlines_words_shared_in_order() -> None:
    assert agreeing("a b x d", "a b c d") == "<mark>a b</mark> x <mark>d</mark>"
    assert agreeing("d c", "") == "d c"
    assert agreeing("", "a") == ""


def test_agreeing_escapes_both_kinds_of_words() -> None:
    assert agreeing("<i> <b>", "<i>") == "<mark>&lt;i&gt;</mark> &lt;b&gt;"
