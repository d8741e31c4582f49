"""Options that several commands share."""

import click
import pytest

from interlingua.cli.options import Knob, Listed
from interlingua.core import progress as progress_room


@pytest.mark.parametrize(
    ("text", "values"),
    [("de,sw", ("de", "sw")), (" de , sw ,", ("de", "sw")), ("de,de", ("de",)), ("zh-Hant", ("zh-Hant",))],
)
def test_lists(text: str, values: tuple[str, ...]) -> None:
    assert Listed().convert(text, None, None) == values
    assert Listed().convert(values, None, None) == values


@pytest.mark.parametrize("text", ["", " ", ",,"])
def test_an_empty_list_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="names nothing"):
        Listed().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("steps=200", ("steps", "200")),
        ("template={question} = ", ("template", "{question} =")),
        ("template= a=b", ("template", "a=b")),
        ("targets=", ("targets", "")),
    ],
)
def test_knobs(text: str, pair: tuple[str, str]) -> None:
    assert Knob().convert(text, None, None) == pair


@pytest.mark.parametrize("text", ["steps", "=200", ""])
def test_a_knob_without_name_or_value_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no knob=value"):
        Knob().convert(text, None, None)


def test_quiet_silences_progress_for_this_command_only(run, monkeypatch) -> None:
    calls: list[bool] = []
    monkeypatch.setattr("interlingua.cli.options.silence", calls.append)
    run("languages", "sw", "--quiet")
    run("languages", "sw")
    assert calls == [True, False]
    assert progress_room._silenced is False
