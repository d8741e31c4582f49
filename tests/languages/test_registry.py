"""What the registry and CLDR say."""

import subprocess
import sys

import pytest

from interlingua.languages import registry


@pytest.mark.parametrize(
    ("code", "iso"),
    [("de", "deu"), ("deu", "deu"), ("ger", "deu"), ("sw", "swh"), ("swa", "swh"), ("iw", "heb"),
     ("tw", "twi"), ("cmn", "zho"), ("auv", "auv"), ("xx", None), ("und", None)],
)  # fmt: skip
def test_iso_639_3_used_inside(code, iso):
    assert registry.iso639_3(code) == iso


def test_usual_scripts_come_from_flores_then_cldr_then_latin():
    assert [registry.usual_script(iso) for iso in ("uzn", "crh", "cop", "bzd")] == [
        "Latn",
        "Latn",
        "Copt",
        "Latn",
    ]
    assert registry.usual_script("zho", "HK") == "Hant"
    assert registry.usual_script("uzn", "AF") == "Arab"
    assert registry.usual_script("grc") == "Grek"


def test_names_and_autonyms():
    assert registry.names("swh") == ("Swahili", "Kiswahili")
    assert registry.names("prs") == ("Dari", "دری")
    assert registry.names("bzd") == ("Bribri", "Bribri")
    assert registry.names("auv") == ("Auvergnat", "Auvergnat")


def test_importing_the_rooms_languages_reads_no_language_data():
    code = "import sys, interlingua.languages.language; print('langcodes' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
