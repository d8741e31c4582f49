"""One recipe on one model: result, record, saved model, the same again, and what it refuses."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interlingua.cli.main import main
from interlingua.cli.run_page import text_of
from interlingua.core.errors import BadInput, InterlinguaError, MissingResource
from interlingua.data.source import DataWarning
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.studies import resolve
from interlingua.studies.single import run_recipe

QUICK = {"steps": 2, "batch_size": 4, "limit": 6}


def run(root: Path, **settings: Any) -> dict[str, Any]:
    """Two steps on the smallest world, three questions measured."""
    usual: dict[str, Any] = {
        "source": "lab:tiny", "languages": ("qab",), "changes": QUICK, "limit": 3, "device": "cpu",
        "root": root,
    }  # fmt: skip
    return run_recipe("question_translation", **(usual | settings))


def test_before_and_after_per_language(tmp_path: Path, tiny_base: LM) -> None:
    told = run(tmp_path, eval_languages=("qac",))
    assert (told["pivot"], told["target"], told["preset"]) == ("qaa_Latn", "qaa_Latn", "small")
    assert told["tuned_languages"] == ["qab_Cyrl"]
    assert told["knobs"]["steps"] == "2"
    assert told["cost"]["steps"] == 2.0
    for mode in ("direct", "restate"):
        found = told["modes"][mode]
        assert found["languages"].keys() == {"qaa_Latn", "qac_Arab"}
        assert found["languages"]["qac_Arab"].keys() >= {"name", "seen", "base", "tuned", "gain"}
        assert found["gain_seen"] is None
        assert found["languages"]["qac_Arab"]["tuned"]["n"] == 6
        assert found["chance"] == pytest.approx((1 / 2 + 1 / 4) / 2)
    assert "tuned_word_accuracy" in told["modes"]["restate"]["languages"]["qac_Arab"]
    saved = resolve.model(told["saved"], "lab:tiny", "cpu")
    assert saved.adapted
    assert told == json.loads(Path(told["folder"], "result.json").read_text(encoding="utf-8"))


def test_the_same_again_reads_back_and_like_repeats_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = Path("runs")
    first = run(root, modes=("direct",))
    record = Path(first["folder"], "run.json")
    asked = json.loads(record.read_text(encoding="utf-8"))["asked"]
    assert asked == {
        "recipe": "question_translation", "model": None, "source": "lab:tiny", "languages": ["qab"],
        "target": None, "eval_languages": None, "tasks": [], "changes": QUICK, "preset": None,
        "control": None, "seed": 0, "limit": 3, "modes": ["direct"], "device": "cpu", "merge": False,
    }  # fmt: skip
    done = CliRunner().invoke(main, ["run", "--like", str(record), "--json"])
    assert done.exit_code == 0, done.stderr
    again = json.loads(done.stdout)
    assert (again["folder"], again["modes"]) == (first["folder"], first["modes"])
    kept = json.loads(record.read_text(encoding="utf-8"))
    assert (kept["resumed"], kept["finished"], len(kept["attempts"])) == (True, True, 2)
    other = json.loads(
        CliRunner().invoke(main, ["run", "--like", str(record), "--seed", "1", "--json"]).stdout
    )
    assert other["folder"] != first["folder"]
    assert other["seeds"]["tuning"] == 1


def test_a_control_and_the_papers_knobs(tmp_path: Path) -> None:
    told = run(tmp_path, control="pivot_only", preset="paper", modes=("direct",), eval_languages=("qac",))
    assert (told["control"], told["preset"]) == ("pivot_only", "paper")
    assert told["knobs"]["signal"] == "pivot_only"
    assert told["knobs"]["targets"] == "('q_proj', 'v_proj')"


def test_merged_and_into_another_language(tmp_path: Path) -> None:
    told = run(tmp_path, target="qad", merge=True, modes=("direct",), eval_languages=("qac",))
    assert told["target"] == "qad_Deva"
    assert not resolve.model(told["saved"], "lab:tiny", "cpu").adapted


def test_languages_come_from_the_worlds_rule_or_must_be_named(tmp_path: Path, random_model: Any) -> None:
    told = run(tmp_path, languages=(), modes=("direct",), eval_languages=("qac",))
    assert told["tuned_languages"] == ["qab_Cyrl", "qad_Deva"]
    spec = tmp_path / "source.toml"
    (tmp_path / "long.csv").write_text("id,lang,text\n1,en,one\n1,de,eins\n")
    spec.write_text('name = "toy"\npivot = "en"\n[questions]\nfile = "long.csv"\n')
    with pytest.raises(BadInput, match="Which languages to tune on"):
        run(tmp_path, source=str(spec), languages=())
    with pytest.raises(MissingResource, match=r"toy has no task to measure on; add a \[tasks.NAME\]"):
        run(tmp_path, source=str(spec), languages=("de",))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"limit": 0}, "A limit of 0 items"),
        ({"changes": {"steps": "0"}}, "Knob steps must be at least 1, not 0"),
        ({"changes": {"limit": "0"}}, "Knob limit must be at least 1, not 0"),
        ({"changes": {"stepps": "3"}}, "No knob called 'stepps'. Did you mean steps"),
        (
            {"control": "shufled"},
            "No control of question_translation called 'shufled'. Did you mean shuffled",
        ),
        ({"preset": "large"}, "no preset 'large'"),
        ({"modes": ("sung",)}, "No way of answering called 'sung'"),
        ({"languages": ("sw",)}, "No language"),
        ({"languages": ("qaa",)}, "qaa_Latn is the target language"),
        ({"target": "qab"}, "qab_Cyrl is the target language"),
        ({"source": "gone.toml"}, "No source 'gone.toml'"),
        ({"model": "gone"}, "No model folder 'gone'"),
    ],
)
def test_bad_input_is_refused_before_any_work(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(InterlinguaError) as error:
        run(tmp_path, **changes)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_source_without_what_the_recipe_needs_is_refused_before_any_work(
    tmp_path: Path, tiny_base: LM, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(self: World, *asked: str) -> None:
        raise MissingResource("no questions here")

    monkeypatch.setattr(World, "questions", none)
    with pytest.raises(MissingResource, match="no questions here"):
        run(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_recipe_that_only_measures_leaves_its_numbers_and_no_model(tiny_base, tmp_path: Path) -> None:
    found = run_recipe("mexa", source="lab:tiny", limit=8, changes={"sentences": "20"}, root=tmp_path)
    assert found["modes"] == {}
    assert found["saved"] is None
    assert set(found["numbers"]["mu"]) == {"qab_Cyrl", "qac_Arab", "qad_Deva"}
    assert not (Path(found["folder"]) / "model").exists()


@pytest.fixture
def text_alone(tmp_path: Path, tiny: World) -> Path:
    """Documents of three languages of the smallest world in a table, and nothing else."""
    rows = [(lang, text) for lang in tiny.languages[:3] for text in tiny.text(lang)[:60]]
    with (tmp_path / "text.csv").open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([("lang", "text"), *rows])
    spec = tmp_path / "text.toml"
    spec.write_text(f'name = "texts"\npivot = "{tiny.pivot}"\n[text]\nfile = "text.csv"\n')
    return spec


@pytest.mark.parametrize("control", [None, "random"])
def test_a_recipe_with_numbers_of_its_own_runs_on_text_alone(
    control: str | None, text_alone: Path, tiny_base: LM, tmp_path: Path
) -> None:
    found = run_recipe(
        "vocabulary_expansion", "lab:tiny", str(text_alone), ("qab",), control=control, device="cpu",
        changes={"steps": "2", "pieces": "10", "held_out": "5"}, root=tmp_path / "runs",
    )  # fmt: skip
    assert (found["modes"], found["tasks"], found["left_out"]) == ({}, [], {})
    after, before = (found[key]["bits_per_byte"]["qab_Cyrl"] for key in ("numbers", "numbers_before"))
    assert after < before
    assert found["not_measured"] == {"after": {}, "before": {}}
    card = Path(found["saved"], "README.md").read_text(encoding="utf-8")
    assert f"bits_per_byte {after:.4g} in qab_Cyrl (base {before:.4g})" in card
    saved = resolve.model(found["saved"], "lab:tiny", "cpu")
    assert len(saved.tokenizer) > len(tiny_base.tokenizer)
    assert text_of(found).startswith("No task to measure accuracy on: these are the numbers that the recipe")


def test_work_on_text_alone_is_estimated_without_answers(text_alone: Path, tiny_base: LM) -> None:
    words = ("run", "clp_transfer", "--model", "lab:tiny", "--on", str(text_alone), "--lang", "qab")
    done = CliRunner().invoke(main, [*words, "--dry-run", "--json"])
    assert done.exit_code == 0, done.stderr
    work = json.loads(done.stdout)
    assert (work["answers"], work["models_tuned"]) == (0, 1)
    assert work["tokens_tuned"] > 0


def test_sets_that_cannot_be_asked_are_left_out_and_named(
    tmp_path: Path, tiny_base: LM, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(self: World, task: str, split: str = "test") -> tuple[str, ...]:
        return {"sentiment": self.languages, "topic": self.languages[1:]}.get(task, ())

    monkeypatch.setattr(World, "languages_of", held)
    with pytest.warns(DataWarning, match=r"topic of lab:tiny is left out: it cannot be asked in qaa_Latn"):
        found = run(tmp_path, eval_languages=("qac",))
    assert found["tasks"] == ["sentiment"]
    assert found["left_out"].keys() == {"topic"}
    assert set(found["modes"]["direct"]["languages"]["qac_Arab"]["tuned"]["tasks"]) == {"sentiment"}
    directly = run(tmp_path, eval_languages=("qac",), modes=("direct",))
    assert (directly["tasks"], directly["left_out"]) == (["sentiment", "topic"], {})
    assert set(directly["modes"]["direct"]["languages"]["qaa_Latn"]["tuned"]["tasks"]) == {"sentiment"}


def test_only_the_tasks_named_are_asked(tmp_path: Path, tiny_base: LM) -> None:
    found = run(tmp_path, eval_languages=("qac",), modes=("direct",), tasks=("topic",))
    assert set(found["modes"]["direct"]["languages"]["qac_Arab"]["tuned"]["tasks"]) == {"topic"}
    with pytest.raises(InterlinguaError, match=r"No task of lab:tiny called 'topik'. Did you mean topic"):
        run(tmp_path, tasks=("topik",))


def test_an_arm_that_changes_nothing_is_refused(tiny_base: LM, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="all_chains changes nothing of xcot with the knobs of preset paper"):
        run_recipe(
            "xcot", "lab:sums-tiny", "lab:sums-tiny", ("qab",), control="all_chains", preset="paper",
            device="cpu", root=tmp_path,
        )  # fmt: skip
