"""The page of a world in the terminal."""

import pytest

from interlingua.cli.lab_page import ISOLATE, POP
from interlingua.cli.lab_show import describe
from interlingua.lab.named import world

PAGE = describe(world("lab:tiny"))


@pytest.fixture
def shown(run) -> str:
    """The page of lab:tiny, as a pipe gets it."""
    done = run("lab", "show", "lab:tiny")
    assert (done.exit_code, done.stderr) == (0, "")
    return str(done.stdout)


def test_the_tree_has_families_before_isolates(shown: str) -> None:
    lines = [line.rstrip() for line in shown.splitlines()]
    start = next(place for place, line in enumerate(lines) if line.startswith("qaa_Latn pivot"))
    assert [line.split()[:2] for line in lines[start + 1 : start + 6]] == [
        ["north"],
        ["├─", "qab_Cyrl"],
        ["└─", "qac_Arab"],
        ["isolates"],
        ["└─", "qad_Deva"],
    ]
    assert "Devanagari" in lines[start + 5]
    assert "VSO" in lines[start + 5]


def test_sentences_words_and_questions_are_all_there(shown: str) -> None:
    for code, language in PAGE["languages"].items():
        for sentence in language["sentences"]:
            assert f"{code}  " in shown
            assert sentence in shown
        for word in language["words"].values():
            assert word["written"] in shown
            assert word["sounds"] in shown
    for told in PAGE["tasks"].values():
        right = told["answer"]
        assert f"{told['options'][right]} ({told['meanings'][right]}) ✓" in shown
        for asked in told["asked"].values():
            assert asked["question"] in shown
            assert asked["gloss"] in shown


def test_right_to_left_text_cannot_disturb_its_neighbours(shown: str) -> None:
    for sentence in PAGE["languages"]["qac_Arab"]["sentences"]:
        assert f"{ISOLATE}{sentence}{POP}" in shown
    assert ISOLATE not in "".join(line for line in shown.splitlines() if line.startswith("qad_Deva"))


def test_a_narrow_terminal_cuts_nothing(run, monkeypatch) -> None:
    monkeypatch.setattr("interlingua.cli.output.PIPE_WIDTH", 80)
    shown = run("lab", "show", "lab:tiny").stdout
    assert max(map(len, shown.splitlines())) <= 100
    assert "…" not in shown
    for language in PAGE["languages"].values():
        for word in language["words"].values():
            assert word["written"] in shown
