"""The command as a whole: every help page, what it imports, how it fails."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import interlingua
from interlingua.cli.main import main

OWN = ["run", "own_answers", "--on", "lab:tiny", "--dry-run"]
HEAVY = {"torch", "transformers", "numpy", "rich", "langcodes"}


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


ALL = list(commands(main))


def test_the_verbs_are_those_promised() -> None:
    assert {"demo", "run", "recipes", "languages", "lab", "cache"} <= {words[0] for words in ALL}
    assert {("lab", "build"), ("lab", "list"), ("lab", "show"), ("cache", "clear")} <= set(ALL)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_help(words, run) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: interlingua {' '.join(words)}")
    assert done.stderr == ""


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_the_everyday_options(words) -> None:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    if not isinstance(command, click.Group):
        names = {option for parameter in command.params for option in parameter.opts}
        assert {"--json", "--quiet", "--debug"} <= names


@pytest.mark.parametrize("words", [(), ("lab",), ("cache",)], ids=" ".join)
def test_no_short_help_is_cut_off(words, run) -> None:
    listed = run(*words, "--help").stdout.partition("Commands:")[2]
    assert listed
    assert "..." not in listed


def test_version(run) -> None:
    assert run("--version").stdout == f"interlingua {interlingua.__version__}\n"


@pytest.mark.parametrize(
    "words", [["--help"], ["demo", "--help"], ["run", "--help"], ["lab", "build", "--help"]]
)
def test_help_imports_nothing_heavy(words) -> None:
    program = (
        "import sys; from interlingua.cli.main import main; "
        f"main({words}, standalone_mode=False); print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_python_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interlingua", "languages", "swahilii"], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.startswith(b"Error: No language called 'swahilii'. Did you mean Swahili")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lab", "show", "lab:standart"], "No world called 'lab:standart'. Did you mean lab:standard"),
        (["lab", "build", "lab:tinny"], "No world called 'lab:tinny'. Did you mean lab:tiny"),
        (["lab", "show", "tiny", "--lang", "qaz_Latn"], "No language"),
        (["recipes", "question_translatoin"],
         "No recipe called 'question_translatoin'. Did you mean question_translation?"),
        (["languages", "Swahilii"], "No language called 'Swahilii'. Did you mean Swahili"),
        (["languages", "--script", "Klingonic"], "No script called 'Klingonic'."),
        (["run", "question_translatoin", "--on", "lab:tiny"], "No recipe called 'question_translatoin'."),
        (["run", "question_translation", "--on", "lab:tiny", "--mode", "restated"],
         "No way of answering called 'restated'. Did you mean restate?"),
        (["run", "--like", "gone/run.json"], "Cannot read gone/run.json: No such file"),
        ([*OWN, "--lang", "qab", "--control", "untranslatd"],
         "No control of own_answers called 'untranslatd'. Did you mean untranslated?"),
        ([*OWN, "--lang", "qab", "--set", "stepps=3"], "No knob called 'stepps'. Did you mean steps"),
        ([*OWN, "--lang", "qab", "--set", "steps=many"], "Knob steps takes int, not 'many'."),
        ([*OWN, "--lang", "qab", "--preset", "smal"], "This recipe has no preset 'smal'; it has small."),
        ([*OWN, "--on", "gone.toml"], "No source 'gone.toml': give a TOML file"),
        (["demo", "--items", "151"], "--items is 151; the demo asks"),
        (["demo", "--world", "lab:standart"], "No world called 'lab:standart'."),
        (["demo", "--world", "lab:tiny", "--tuned", "qab,qaz_Latn"], "No language"),
        (["cache", "clear", "basis"], "No kind of thing in the cache called 'basis'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_code_1(words, says, run) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {says}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["dmeo"], "No command called 'dmeo'. Did you mean demo?"),
        (["lab", "shw"], "No command called 'shw'. Did you mean show?"),
        (["demo", "--itmes", "3"], "No such option '--itmes'"),
        (["demo", "--seed", "one"], "'one' is not a valid integer"),
        (["demo", "--tuned", " , "], "names nothing"),
        (["run", "question_translation", "--on", "lab:tiny", "--set", "steps"], "'steps' is no knob=value"),
        (["run", "--on", "lab:tiny"], "Missing argument RECIPE"),
        (["run", "question_translation"], "Missing option --on"),
        (["lab", "show"], "Missing argument 'WORLD'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_exit_code_2(words, says, run) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr.replace("\n", " ")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m interlingua languages | head -1; echo ${{PIPESTATUS[1]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[0].startswith("Code")
    assert done.stdout.splitlines()[1] == "0"
    assert done.stderr == ""


def test_a_full_disk_behind_stdout_is_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full, which this system lacks")
    command = f"{sys.executable} -m interlingua languages sw > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: No disk space left")
    assert done.stderr.count("\n") == 1
