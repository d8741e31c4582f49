"""The table of FLORES-200 codes."""

from interlingua.languages.flores import CODES, DEFAULT_SCRIPT, MEMBER


def test_the_table_is_flores_200_and_nko():
    assert len(CODES) == len(set(CODES)) == 204 + 1
    assert "nqo_Nkoo" in CODES


def test_a_language_in_two_scripts_has_the_script_of_its_bare_code_first():
    twice = {code[:3] for code in CODES if sum(other[:3] == code[:3] for other in CODES) > 1}
    assert {base: DEFAULT_SCRIPT[base] for base in sorted(twice)} == {
        "ace": "Latn",
        "arb": "Arab",
        "bjn": "Latn",
        "kas": "Arab",
        "knc": "Latn",
        "min": "Latn",
        "taq": "Latn",
        "zho": "Hans",
    }


def test_members_are_flores_codes_and_what_they_stand_for_is_not():
    assert set(MEMBER.values()) <= set(DEFAULT_SCRIPT)
    assert not set(MEMBER) & set(DEFAULT_SCRIPT)
