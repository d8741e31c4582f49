"""The demo end to end on the smallest world: its result, killed and resumed, and what it refuses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interlingua.cli.main import main
from interlingua.core.errors import BadInput, RunFolderError, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.demo import demo, departures

ARMS = ("question_translation", "shuffled")
WORDS = ("demo", "--world", "lab:tiny", "--items", "10", "--arms", ",".join(ARMS), "--no-open", "--json")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tiny_base: Any) -> dict[str, Any]:
    """The result of a run that nobody disturbed, in this process."""
    root = tmp_path_factory.mktemp("whole")
    return demo("lab:tiny", items=10, arms=ARMS, workers=1, device="cpu", root=root)


def told(result: Any) -> Any:
    """A result without what depends on when and where it was made."""
    if isinstance(result, dict):
        return {key: told(value) for key, value in result.items() if key not in ("seconds", "report")}
    return [told(value) for value in result] if isinstance(result, list) else result


def test_the_result_has_what_the_command_promises(whole: dict[str, Any]) -> None:
    promised = {
        "world", "seeds", "languages", "gain_unseen", "gain_seen", "over_controls", "pivot_change",
        "alignment", "seconds", "report",
    }  # fmt: skip
    assert promised <= whole.keys()
    assert whole["seeds"] == {"world": 7, "tuning": 0, "items": 0}
    assert whole["gain_unseen"].keys() == {"direct", "restate"}
    assert whole["gain_unseen"]["restate"].keys() == {"mean", "low", "high"}
    assert whole["over_controls"]["restate"].keys() == {"shuffled"}
    assert whole["alignment"]["before"].keys() == whole["alignment"]["after"].keys()
    assert whole["tuned_languages"] == ["qab_Cyrl", "qad_Deva"]
    assert "restated" not in json.dumps(whole["gain_unseen"])


def test_it_costs_the_control_the_same(whole: dict[str, Any]) -> None:
    method, control = (whole["cost"][name] for name in ARMS)
    assert control["steps"] == method["steps"]
    assert control["label_tokens"] == pytest.approx(method["label_tokens"], rel=0.02)


def test_the_page_and_the_record_are_written(whole: dict[str, Any]) -> None:
    page = Path(whole["report"])
    assert "<html" in page.read_text(encoding="utf-8")
    kept = json.loads((page.parent / "result.json").read_text(encoding="utf-8"))
    assert told(kept) == told(json.loads(json.dumps(whole)))
    record = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))
    assert (record["finished"], record["seeds"]["world"]) == (True, 7)


def test_killed_in_two_phases_the_same_command_ends_with_the_same_result(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "interlingua", *WORDS]
    place = tmp_path / "runs" / Path(whole["report"]).parent.name

    def kill_when(reached: Callable[[], bool]) -> None:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 240
        while not reached():
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

    def rows() -> int:
        if not (place / "ledger.sqlite").exists():
            return 0
        with Ledger(place / "ledger.sqlite") as ledger:
            return len(list(ledger.rows()))

    def attempts() -> int:
        return len(json.loads((place / "run.json").read_text(encoding="utf-8"))["attempts"])

    kill_when(lambda: rows() >= 20)  # while the base is measured
    assert not (place / "result.json").exists()
    before = rows()
    kill_when(lambda: attempts() == 2 and any((place / "stages").glob("*/step-*")))  # with an arm tuned
    assert not (place / "result.json").exists()
    assert rows() >= before >= 20
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert told(json.loads(done.stdout)) == told(json.loads(json.dumps(whole)))
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    assert [attempt["end"] for attempt in record["attempts"]] == ["killed", "killed", "finished"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--world lab:tinny", "No world called 'lab:tinny'. Did you mean lab:tiny"),
        ("--arms question_translation,shufled", "No arm called 'shufled'. Did you mean shuffled?"),
        ("--arms base", "No arm called 'base'."),
        ("--tuned qab,sw", "No language here called 'swh_Latn'."),
        ("--tuned qab,qaz_Latn", "No language here called 'qaz_Latn'."),
        ("--tuned qab,qaa", "qaa_Latn is the pivot of lab:tiny; it cannot be tuned on."),
        ("--items 1", "--items is 1; the demo asks 2 to 150"),
        ("--items 151", "--items is 151; the demo asks 2 to 150"),
        ("--items 0", "--items is 0; the demo asks 2 to 150"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing_behind(
    words: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["demo", "--world", "lab:tiny", "--no-open", *words.split()])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {says}")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_run_folder_of_other_settings_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = KeyboardInterrupt

    def stopped(*_: object, **__: object) -> None:
        raise stop

    monkeypatch.setattr("interlingua.studies.demo.run_arms", stopped)
    with pytest.raises(stop):
        demo("lab:tiny", items=5, run="mine", root=tmp_path)
    with pytest.raises(RunFolderError, match=r"mine has other settings: .*items 5 there, 6 here"):
        demo("lab:tiny", items=6, seed=1, run="mine", root=tmp_path)
    with pytest.raises(stop):
        demo("lab:tiny", items=6, run="mine", root=tmp_path, fresh=True)


def test_the_call_refuses_what_the_command_refuses(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="arm"):
        demo("lab:tiny", arms=("base",), root=tmp_path)
    with pytest.raises(BadInput, match="items is 151"):
        demo("lab:tiny", items=151, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_departure_from_the_paper_has_its_reason() -> None:
    told = departures("question_translation", "small")
    recipe = RECIPES.get("question_translation")
    assert {knob["name"] for knob in told} == {
        name
        for name, value in vars(recipe.Knobs()).items()
        if value != getattr(recipe.presets["small"], name)
    }
    assert all(knob["reason"] for knob in told)
    assert next(knob for knob in told if knob["name"] == "replay")["paper"] == "0.0"
