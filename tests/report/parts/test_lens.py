"""The logit lens on the page: what is not known of it is named, and no frame is drawn for it."""

from typing import Any

import pytest

from interlingua.report.parts import lens


@pytest.mark.parametrize(
    ("words", "why"),
    [(["true", "false"], "label words begin alike"), ([], "every question has answers of its own")],
)
def test_label_words_without_a_probability_are_named_and_have_no_panel(
    explained: dict[str, Any], words: list[str], why: str
) -> None:
    panel = "Probability of the right label word"
    assert panel in lens.section(explained)
    explained["lens"]["english"] = words
    for told in explained["lens"]["languages"].values():
        for side in told.values():
            side |= {"english": None, "native": None}
    assert lens.absent(explained) == [f"Probability of label words in the lens: {why}."]
    shown = lens.section(explained)
    assert panel not in shown
    assert "the probability of the right label word" not in shown
    assert "Entropy (nats)" in shown
