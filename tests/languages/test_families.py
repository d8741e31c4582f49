"""The table of families."""

from collections import Counter

import pytest

from interlingua.core.errors import UnknownName
from interlingua.languages import registry
from interlingua.languages.families import _ALSO, _TABLE, _lineages, families_named, lineage
from interlingua.languages.flores import DEFAULT_SCRIPT

LISTED = [code for line in _TABLE.strip().splitlines() for code in line.split(": ")[1].split()]


def test_every_language_stands_once_under_the_code_used_inside():
    assert [code for code, times in Counter(LISTED).items() if times > 1] == []
    assert [code for code in LISTED if registry.iso639_3(code) != code] == []
    assert len(LISTED) > 600


def test_every_flores_language_has_a_family():
    assert [iso for iso in DEFAULT_SCRIPT if not lineage(iso)] == []
    assert lineage("bzd") == ("Chibchan",)  # and others of the data sets
    assert lineage("xxx") == ()


def test_a_branch_lies_in_one_family():
    families = {path[0] for path in _lineages().values()}
    above: dict[str, set[str]] = {}
    for path in _lineages().values():
        for name in path[1:]:
            above.setdefault(name, set()).add(path[0])
    assert {name for name, inside in above.items() if len(inside) > 1} == set()
    assert not families & set(above)
    assert {name for also in _ALSO.values() for name in also} <= families | set(above)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bantu", ("Bantu",)),
        ("INDO ARYAN", ("Indo-Aryan",)),
        ("indoeuropean", ("Indo-European",)),
        ("Niger-Congo", ("Atlantic-Congo", "Mande")),
        ("kra dai", ("Tai-Kadai",)),
        ("páez", ("Páez",)),
    ],
)
def test_names_in_any_spelling(text: str, names: tuple[str, ...]):
    assert families_named(text) == names


@pytest.mark.parametrize(("text", "near"), [("bantoo", "Bantu"), ("turkik", "Turkic"), ("Slavik", "Slavic")])
def test_unknown_families_are_refused_with_near_ones(text: str, near: str):
    with pytest.raises(UnknownName, match=f"No family or branch called .* Did you mean .*{near}"):
        families_named(text)
