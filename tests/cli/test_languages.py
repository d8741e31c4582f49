"""What we know of a language."""


def test_one_language(run) -> None:
    shown = run("languages", "kiswahili").stdout
    assert shown.splitlines()[0] == "Swahili, Kiswahili"
    facts = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.splitlines()[1:]}
    assert facts["code"] == "swh_Latn"
    assert facts["BCP-47"] == "sw"
    assert facts["script"] == "Latn, left to right, spaces between words"
    assert facts["family"] == "Atlantic-Congo, Benue-Congo, Bantu"
    assert facts["speakers"].replace(",", "").isdigit()
    assert "variant" not in facts


def test_several_as_a_table(run) -> None:
    lines = run("languages", "ar", "th", "qab_Cyrl").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["arb_Arab", "tha_Thai", "qab_Cyrl"]
    assert "rtl" in lines[1]
    assert "unknown" in lines[3]


def test_json(run_json) -> None:
    thai, british = run_json("languages", "th", "en-GB")["languages"]
    assert thai["spaces_between_words"] is False
    assert thai["autonym"] == "ไทย"
    assert (thai["family"], thai["branches"]) == ("Tai-Kadai", ["Tai"])
    assert (british["code"], british["variant"]) == ("eng_Latn-GB", "GB")
    assert isinstance(british["speakers"], int)


def test_all_and_by_script(run_json) -> None:
    everyone = run_json("languages")["languages"]
    georgian = run_json("languages", "--script", "georgian")["languages"]
    assert len(everyone) > 190
    assert [language["code"] for language in georgian] == ["kat_Geor"]
    dravidian = run_json("languages", "--family", "dravidian")["languages"]
    assert [language["code"] for language in dravidian] == ["kan_Knda", "mal_Mlym", "tam_Taml", "tel_Telu"]
    assert {language["family"] for language in dravidian} == {"Dravidian"}


def test_a_script_and_family_that_leave_none(run) -> None:
    done = run("languages", "--script", "georgian", "--family", "bantu")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No language of script georgian and family bantu" in done.stderr


def test_one_unknown_query_refuses_all(run) -> None:
    done = run("languages", "sw", "Swahilii")
    assert (done.exit_code, done.stdout) == (1, "")
