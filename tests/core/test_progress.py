"""Progress: bars for people, silence for machines."""

import io
import sys

import pytest

from interlingua.core.progress import progress, silence


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """A terminal on stderr, from within the test: pytest sets its own stderr between fixture and test."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")

    def attach():
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        return screen

    yield attach
    silence(False)


def test_a_terminal_sees_title_count_note_and_inner_bars(terminal):
    screen = terminal()
    with progress("Tuning", total=4, done=1) as tick:
        tick(2, note="loss 0.41")
        with progress("Scoring", total=2) as inner:
            inner()
    shown = screen.getvalue()
    for text in ("Tuning", "3/4", "loss 0.41", "Scoring", "0/2"):
        assert text in shown


def test_two_bars_after_each_other_and_an_error_inside(terminal):
    screen = terminal()
    with pytest.raises(KeyError), progress("First", total=1):
        raise KeyError("x")
    with progress("Second", total=1) as tick:
        tick()
    assert "Second" in screen.getvalue()


def test_silence_shows_nothing(terminal):
    screen = terminal()
    silence()
    with progress("Tuning", total=1) as tick:
        tick(note="x")
    assert screen.getvalue() == ""


def test_without_a_terminal_nothing_is_shown(capsys):
    with progress("Tuning", total=1) as tick:
        tick(1, note="x")
    assert capsys.readouterr() == ("", "")
