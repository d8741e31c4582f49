"""Which of a source's languages are meant."""

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.languages.flores import CODES
from interlingua.languages.select import select

HERE = ("eng_Latn", "swh_Latn", "zho_Hans", "zho_Hant", "hin_Deva", "zul_Latn", "mar_Deva", "qab_Cyrl")


def test_all_in_the_order_of_the_source():
    assert select(HERE) == HERE
    assert select([*HERE, "eng_Latn"]) == HERE
    assert select(HERE, ("sw", "all")) == HERE


def test_names_in_the_order_given():
    wanted = ("zul", "Swahili", "zh-Hant", "qab", "sw")
    assert select(HERE, wanted) == ("zul_Latn", "swh_Latn", "zho_Hant", "qab_Cyrl")


@pytest.mark.parametrize(
    ("script", "family", "chosen"),
    [
        ("Deva", None, ("hin_Deva", "mar_Deva")),
        ("devanagari", None, ("hin_Deva", "mar_Deva")),
        ("Hant", None, ("zho_Hant",)),
        ("Hani", None, ("zho_Hans", "zho_Hant")),
        ("cyrillic", None, ("qab_Cyrl",)),
        (None, "bantu", ("swh_Latn", "zul_Latn")),
        (None, "Atlantic-Congo", ("swh_Latn", "zul_Latn")),
        (None, "niger congo", ("swh_Latn", "zul_Latn")),
        (None, "indo-european", ("eng_Latn", "hin_Deva", "mar_Deva")),
        ("Latn", "indo-european", ("eng_Latn",)),
    ],
)
def test_by_script_and_family(script: str | None, family: str | None, chosen: tuple[str, ...]):
    assert select(HERE, script=script, family=family) == chosen


def test_names_and_script_together():
    assert select(HERE, ("mr", "sw", "hi"), "Deva") == ("mar_Deva", "hin_Deva")


def test_all_of_flores():
    assert set(select(CODES, family="dravidian")) == {"kan_Knda", "mal_Mlym", "tam_Taml", "tel_Telu"}
    assert select(CODES, script="arabic") == tuple(code for code in CODES if code.endswith("_Arab"))


def test_unknown_ones_are_refused_with_near_names():
    with pytest.raises(UnknownName, match="Did you mean Swahili"):
        select(HERE, ("Swahilli",))
    with pytest.raises(UnknownName, match="No language here called 'deu_Latn'"):
        select(HERE, ("de",))
    with pytest.raises(UnknownName, match="Did you mean Bantu"):
        select(HERE, family="bantoo")
    with pytest.raises(BadInput, match="No script called 'Devanagary'"):
        select(HERE, script="Devanagary")


@pytest.mark.parametrize(
    ("lang", "script", "family", "message"),
    [
        (("all",), "Thai", None, "No language of script Thai among the 8 asked for: eng_Latn, .*, qab_Cyrl"),
        (("all",), "Deva", "bantu", "No language of script Deva and family bantu among the 8"),
        (("hi", "mr"), None, "uralic", "family uralic among the 2 asked for: hin_Deva, mar_Deva"),
    ],
)
def test_what_leaves_none_is_one_clear_line(
    lang: tuple[str, ...], script: str | None, family: str | None, message: str
):
    with pytest.raises(BadInput, match=message):
        select(HERE, lang, script, family)


def test_long_lists_are_cut_and_none_is_said():
    with pytest.raises(BadInput, match=r"among the 205 asked for: .* and 193 more\.$"):
        select(CODES, script="Runr")
    with pytest.raises(BadInput, match=r"No language of any kind among the 0 asked for\.$"):
        select([])
