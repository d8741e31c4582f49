"""The tunnel from plan to page with recipes made for it: shared work, going on, failures, what is kept."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from interlingua.core.errors import (
    BadInput,
    MissingResource,
    ModelError,
    OutOfRoom,
    RunFolderError,
    UnknownName,
)
from interlingua.models.lm import LM
from interlingua.recipes.recipe import RECIPES, Claim, Context, Outcome, Recipe, check_knobs
from interlingua.studies import tunnel as module
from interlingua.studies import tunnel_jobs, tunnel_plan
from interlingua.studies.tunnel import tunnel
from interlingua.studies.tunnel_arms import arms_of, modes_of
from interlingua.studies.tunnel_plan import Plan, plan, work

RAN: Counter[str] = Counter()
"""Arms that were run, by the signal in their knobs."""


@dataclass(frozen=True)
class Knobs:
    """Two knobs."""

    signal: str = "true"  # the arms change this
    steps: int = 3  # ours

    def __post_init__(self) -> None:
        check_knobs(self, at_least_one=("steps",))


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Leave the base as it is, and tell a number that says which arm this was."""
    RAN[knobs.signal] += 1
    if knobs.signal == "broken":
        raise MissingResource(f"{ctx.source.name} has no such thing; give one.")
    if knobs.signal == "stopped" and RAN[knobs.signal] == 1:
        raise KeyboardInterrupt
    bits = {"true": 1.0, "shuffled": 2.0}.get(knobs.signal, 3.0)
    numbers = {"bits": {lang: bits for lang in ctx.languages} | {ctx.target: float("nan")}}
    facts = {"steps": float(knobs.steps), "tokens": 10.0}
    return Outcome(
        {"tuned": ctx.base}, facts=facts, numbers=numbers, before={"bits": {ctx.languages[0]: 4.0}}
    )


def made(**more: Any) -> Recipe:
    """A recipe with a control, a baseline and claims on an accuracy and a number of its own."""
    claims = (
        Claim("bits", on="seen", versus="base", direction="falls", paper="by a half (table 1)"),
        Claim("bits", on="seen", versus="plain", direction="falls"),
        Claim("direct", on="pivot", versus="base", direction="stays"),
    )
    said: dict[str, Any] = {
        "paper": "ours",
        "needs": {"text"},
        "changes": {"attention"},
        "expects": claims,
        "standing": "lab-only",
        "controls": {"shuffled": {"signal": "shuffled"}},
        "baselines": {"plain": {"signal": "plain"}},
    }
    return Recipe(run, Knobs, **{**said, **more})


RECIPES_MADE = {
    "good": made(),
    "stopping": made(controls={"stopped": {"signal": "stopped"}}),
    "failing": made(controls={"broken": {"signal": "broken"}}),
    "adder": made(worlds="sums"),
}


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch, tiny_base: LM) -> None:
    """The made recipes instead of the published ones."""

    def get(name: str) -> Recipe:
        if name not in RECIPES_MADE:
            raise UnknownName("recipe", name, RECIPES_MADE)
        return RECIPES_MADE[name]

    monkeypatch.setattr(RECIPES, "get", get)
    monkeypatch.setattr(RECIPES, "names", lambda: sorted(RECIPES_MADE))
    monkeypatch.setattr(RECIPES, "blurb", lambda name: f"What {name} does.")
    RAN.clear()


def go(tmp_path: Path, *recipes: str, **more: Any) -> dict[str, Any]:
    """A tunnel on the smallest world, in this process."""
    settings: dict[str, Any] = {"items": 4, "workers": 1, "device": "cpu", "root": tmp_path, **more}
    return tunnel(recipes, ["lab:tiny"], **settings)


def test_a_plan_gives_each_recipe_worlds_of_its_kind() -> None:
    found = plan(["good", "adder"], seeds=2)
    assert found.pairs == [
        ("good", "lab:judge-1"), ("adder", "lab:sums-1"), ("good", "lab:judge-2"), ("adder", "lab:sums-2"),
    ]  # fmt: skip
    left = plan(worlds=["tiny"]).left_out
    assert left.keys() == {"adder"}
    assert left["adder"].startswith("adder is judged on worlds of kind sums (lab:sums-1, ")
    with pytest.raises(BadInput, match="none of them is among --worlds lab:tiny"):
        plan(["adder"], ["lab:tiny"])
    with pytest.raises(UnknownName, match=r"No recipe called .goood.\. Did you mean good"):
        plan(["goood"])


def test_arms_are_the_method_then_all_others_and_changes_count_where_a_knob_is() -> None:
    arms = arms_of(RECIPES_MADE["good"], {"steps": "7", "rank": "2"})
    assert [(arm.name, arm.role, arm.knobs) for arm in arms] == [
        ("method", "method", Knobs("true", 7)), ("shuffled", "control", Knobs("shuffled", 7)),
        ("plain", "baseline", Knobs("plain", 7)),
    ]  # fmt: skip


def test_restating_is_asked_where_it_is_claimed() -> None:
    claim = Claim("restate", on="unseen", versus="base")
    assert modes_of(made(expects=(claim,))) == ("direct", "restate")
    assert modes_of(RECIPES_MADE["good"]) == ("direct",)


def test_the_record_has_claims_gains_cost_and_where_it_came_from(tmp_path: Path) -> None:
    told = go(tmp_path, "good", out=tmp_path / "kept" / "tunnel")
    good = told["recipes"]["good"]
    claims = {(claim["quantity"], claim["versus"]): claim for claim in good["claims"]}
    assert claims["bits", "base"]["found"] == {"mean": -3.0, "n": 1, "worlds": [-3.0]}
    assert claims["bits", "plain"]["found"]["mean"] == -2.0
    assert claims["direct", "base"]["found"]["mean"] == 0.0  # the model is the base itself
    assert {claim["same"] for claim in good["claims"]} == {"open"}  # one world has no interval
    assert good["verdicts"] == {}
    assert good["pivot_change"]["mean"] == 0.0
    assert good["arms"]["method"]["facts"] == {"steps": 3.0, "tokens": 10.0}
    assert good["arms"]["plain"]["changes"] == {"signal": "plain"}
    assert sum(told["commits"].values()) == 3  # method, control and baseline
    assert {"commit", "versions", "machine", "seconds", "command", "seed"} <= told.keys()
    assert told["command"] == "interlingua tunnel --recipes good --worlds lab:tiny --items 4"
    [world] = told["worlds"]
    assert (world["world"], world["tuned_languages"]) == ("lab:tiny", ["qab_Cyrl", "qad_Deva"])
    for ending in ("json", "md", "html"):
        assert (tmp_path / "kept" / f"tunnel.{ending}").stat().st_size > 500
    kept = json.loads((tmp_path / "kept" / "tunnel.json").read_text(encoding="utf-8"))
    assert str(tmp_path) not in json.dumps(kept)
    assert kept["recipes"]["good"]["claims"][0]["paper"] == "by a half (table 1)"
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_numbers_without_a_claim_are_kept_beside_the_claims(tmp_path: Path) -> None:
    told = go(tmp_path, "good")["recipes"]["good"]
    assert told["reported"] == {}  # its one number is claimed
    bare = replace(made(), expects=(Claim("direct", on="pivot", versus="base", direction="stays"),))
    RECIPES_MADE["bare"] = bare
    try:
        told = go(tmp_path, "bare")["recipes"]["bare"]
    finally:
        del RECIPES_MADE["bare"]
    assert told["reported"]["bits"]["seen"]["mean"] == 1.0


def test_finished_jobs_are_found_again_whatever_else_is_asked_for(tmp_path: Path) -> None:
    lines: list[str] = []
    first = go(tmp_path, "good")
    again = go(tmp_path, "good", say=lines.append)
    assert RAN == {"true": 1, "shuffled": 1, "plain": 1}
    assert again["recipes"] == first["recipes"]
    assert lines[1:] == ["1 of 1 jobs were finished before"] * 2
    go(tmp_path, "good", fresh=True)
    assert RAN["true"] == 2


def test_other_knobs_or_items_are_other_jobs(tmp_path: Path) -> None:
    go(tmp_path, "good")
    told = go(tmp_path, "good", changes={"steps": "5"})
    assert RAN["true"] == 2
    assert told["recipes"]["good"]["arms"]["method"]["facts"]["steps"] == 5.0
    with pytest.raises(UnknownName, match="No knob of any of these recipes called 'stepps'"):
        go(tmp_path, "good", changes={"stepps": "5"})
    with pytest.raises(BadInput, match="--items is 1"):
        go(tmp_path, "good", items=1, out=tmp_path / "new" / "tunnel")
    assert not (tmp_path / "new").exists()


def test_oracles_are_run_where_they_are_wanted_and_nothing_else_again(tmp_path: Path) -> None:
    knowing = made(oracles={"told": {"signal": "told"}})
    RECIPES_MADE["knowing"] = knowing
    try:
        bare = go(tmp_path, "knowing")
        assert RAN == {"true": 1, "shuffled": 1, "plain": 1}
        assert "told" not in bare["recipes"]["knowing"]["arms"]
        assert work(["knowing"], ["lab:tiny"], oracles=True)["arms"] == 4
        full = go(tmp_path, "knowing", oracles=True)
    finally:
        del RECIPES_MADE["knowing"]
    assert RAN == {"true": 1, "shuffled": 1, "plain": 1, "told": 1}
    assert full["recipes"]["knowing"]["arms"]["told"]["role"] == "oracle"
    assert full["command"].endswith(" --oracles")


def test_an_arm_of_other_knobs_is_run_and_the_others_are_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(tmp_path, "good")
    more = made(baselines={"plain": {"signal": "plain", "steps": 9}, "more": {"signal": "more"}})
    monkeypatch.setitem(RECIPES_MADE, "good", more)
    told = go(tmp_path, "good")["recipes"]["good"]
    assert RAN == {"true": 1, "shuffled": 1, "plain": 2, "more": 1}
    assert told["arms"].keys() == {"method", "shuffled", "plain", "more"}


def test_a_base_that_fails_ends_its_world_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, device: str) -> LM:
        raise BadInput(f"The base of {name} is no use; build another.")

    monkeypatch.setattr(tunnel_jobs, "load_base", broken)
    told = go(tmp_path, "good")
    [failed] = told["failed"]
    assert (failed["recipe"], failed["world"]) == ("good", "lab:tiny")
    assert failed["message"] == "The base of lab:tiny is no use; build another."
    assert (told["recipes"], told["worlds"]) == ({}, [])


def test_a_base_that_cannot_be_made_ends_the_worlds_that_use_it_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bases = {"lab:tiny": "", "lab:sums-tiny": "lab:other", "lab:new-tiny": "lab:other"}
    wanted = list[str]()

    def base_folder(name: str) -> Path:
        wanted.append(name)
        if name == "lab:other":
            raise BadInput("lab:other cannot be trained; choose another.")
        return tmp_path

    monkeypatch.setattr(module, "base_folder", base_folder)
    monkeypatch.setattr(module, "spec", lambda name: SimpleNamespace(base=bases[name]))
    monkeypatch.setitem(RECIPES_MADE, "comer", made(worlds="newcomer"))
    lines: list[str] = []
    told = tunnel(
        ["good", "adder", "comer"], list(bases), items=4, workers=1, device="cpu", root=tmp_path,
        say=lines.append,
    )  # fmt: skip
    assert wanted == ["lab:tiny", "lab:other"]  # each once
    assert told["failed"] == [
        {"recipe": name, "world": world, "message": "lab:other cannot be trained; choose another."}
        for name, world in (("adder", "lab:sums-tiny"), ("comer", "lab:new-tiny"))
    ]
    assert lines.count("the base of lab:other: failed: lab:other cannot be trained; choose another.") == 1
    assert told["recipes"].keys() == {"good"}
    assert [base["world"] for base in told["worlds"]] == ["lab:tiny"]


@pytest.mark.parametrize("fault", [OutOfRoom("No disk space left."), KeyboardInterrupt()])
def test_a_machine_without_room_or_ctrl_c_in_the_making_of_a_base_ends_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def broken(name: str) -> Path:
        raise fault

    monkeypatch.setattr(module, "base_folder", broken)
    with pytest.raises(type(fault)):
        go(tmp_path, "good")
    assert RAN == {}


def test_a_base_that_is_damaged_after_it_was_asked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = list[str]()
    sound = tunnel_jobs.load_base

    def once(name: str, device: str) -> LM:
        loaded.append(name)
        if len(loaded) == 2:  # the first is asked, the next is tuned by the first recipe
            raise ModelError(f"The base of {name} is damaged; build it again.")
        return sound(name, device)

    monkeypatch.setattr(tunnel_jobs, "load_base", once)
    told = go(tmp_path, "failing", "good")
    assert [(job["recipe"], job["message"]) for job in told["failed"]] == [
        ("failing", "The base of lab:tiny is damaged; build it again.")
    ]
    assert told["recipes"].keys() == {"good"}


def test_stopped_in_an_arm_it_goes_on_with_that_arm(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, "good", "stopping")
    assert RAN == {"true": 2, "shuffled": 1, "plain": 1, "stopped": 1}
    told = go(tmp_path, "good", "stopping")
    assert told["recipes"].keys() == {"good", "stopping"}
    assert RAN == {"true": 2, "shuffled": 1, "plain": 2, "stopped": 2}


def test_a_recipe_that_fails_is_told_and_tried_again_and_the_others_go_on(tmp_path: Path) -> None:
    lines: list[str] = []
    told = go(tmp_path, "failing", "good", say=lines.append)
    assert told["recipes"].keys() == {"good"}
    [failed] = told["failed"]
    assert (failed["recipe"], failed["world"]) == ("failing", "lab:tiny")
    assert failed["message"] == "lab:tiny has no such thing; give one."
    assert "failing on lab:tiny: failed: lab:tiny has no such thing" in "\n".join(lines)
    assert "failing on lab:tiny failed: lab:tiny has no such thing" in Path(told["report"]).read_text()
    go(tmp_path, "failing", "good")
    assert (RAN["broken"], RAN["shuffled"]) == (2, 1)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where the method of `good`, without other arms, has kept a checkpoint; it grows as it is run."""
    places: list[Path] = []

    def noted(ctx: Context, knobs: Knobs) -> Outcome:
        place = ctx.checkpoint("first")
        assert place is not None
        place.mkdir(parents=True, exist_ok=True)
        places.append(place)
        return run(ctx, knobs)

    monkeypatch.setitem(RECIPES_MADE, "good", replace(made(controls={}, baselines={}), run=noted))
    return places


def test_checkpoints_go_once_a_job_is_finished(tmp_path: Path, seen: list[Path]) -> None:
    go(tmp_path, "good")
    assert len(seen) == 1
    assert not seen[0].parent.exists()
    assert len(list((seen[0].parents[1] / "arms").iterdir())) == 1


def test_checkpoints_of_a_job_that_ended_just_before_it_was_kept_go_when_it_is_found(
    tmp_path: Path, seen: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(job: Any, result: Any) -> None:
        if isinstance(job, tunnel_jobs.RecipeJob):
            raise KeyboardInterrupt
        tunnel_jobs.keep_result(job, result)

    with monkeypatch.context() as patch:
        patch.setattr(module, "keep_result", killed)
        with pytest.raises(KeyboardInterrupt):
            go(tmp_path, "good")
    [place] = seen
    assert place.is_dir()
    others = place.parent.with_name("stages-others")  # of other arms, which may be yet to end
    others.mkdir()
    assert go(tmp_path, "good")["recipes"].keys() == {"good"}
    assert len(seen) == 1  # found again, not run
    assert not place.parent.exists()
    assert others.is_dir()


def test_long_jobs_run_first_in_each_world_and_results_keep_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "kept", lambda: {"good": {"seconds_all": 5.0}, "long": {"seconds_all": 50.0}})
    asked = [tunnel_jobs.Asked(f"lab:judge-{n}", "judge", 0, None, "cpu", tmp_path) for n in (1, 2)]
    jobs = [
        tunnel_jobs.RecipeJob(where, name, (), (), {}) for where in asked for name in ("good", "long", "new")
    ]
    ran = module._longest_first(jobs)
    assert [job.name for job in ran] == [
        f"{name} on lab:judge-{n}" for n in (1, 2) for name in ("new", "long", "good")
    ]
    results = [{"recipe": job.recipe, "world": job.asked.world} for job in ran]
    order = Plan({name: ("lab:judge-1", "lab:judge-2") for name in ("good", "long", "new")}, {})
    assert [(r["recipe"], r["world"]) for r in module._in_order(order, results)] == order.pairs


def test_what_cannot_be_kept_or_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"--out .*/file/tunnel cannot be written: .*/file is no folder"):
        go(tmp_path, "good", out=tmp_path / "file" / "tunnel")
    assert RAN == {}
    go(tmp_path, "good")
    kept = next(tmp_path.glob("*/jobs/tiny-good-*/arms/plain-*.json"))
    kept.write_text("{")
    with pytest.raises(RunFolderError, match="is damaged; delete it"):
        go(tmp_path, "good")


def test_the_work_is_told_beforehand() -> None:
    told = work(["good", "adder"], seeds=2)
    assert (told["jobs"], told["arms"]) == (4, 12)
    assert told["worlds"] == ["lab:judge-1", "lab:judge-2", "lab:sums-1", "lab:sums-2"]
    assert told["never_timed"] == ["good", "adder"]
    assert RAN == {}


def test_the_work_of_oracles_is_told_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    oracles = {"told": {"signal": "told"}}
    for name in ("timed", "untimed"):
        monkeypatch.setitem(RECIPES_MADE, name, made(oracles=oracles))
    times = {"seconds_all": 10.0, "seconds_oracles": 3.0}
    before = {"seconds_all": 10.0}  # kept before oracles were timed
    monkeypatch.setattr(tunnel_plan, "kept", lambda: {"timed": times, "untimed": before, "good": before})
    names = ["timed", "untimed", "good", "adder"]
    told = work(names, seeds=2, oracles=True)
    assert told["seconds"] == 2 * (10 + 3) + 2 * 10 + 2 * 10
    assert (told["never_timed"], told["oracles_never_timed"]) == (["adder"], ["untimed"])
    told = work(names, seeds=2)
    assert (told["seconds"], told["oracles_never_timed"]) == (60, [])


def test_a_dry_run_refuses_what_a_run_would(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--items is 1"):
        work(["good"], items=1)
    with pytest.raises(UnknownName, match="No knob of any of these recipes called 'stepps'"):
        work(["good"], changes={"stepps": "5"})
    with pytest.raises(BadInput, match="steps"):
        work(["good"], changes={"steps": "0"})
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="file is no folder; give another path"):
        work(["good"], out=tmp_path / "file" / "new" / "tunnel")
    told = work(["good"], items=2, changes={"steps": "5"}, out=tmp_path / "new" / "tunnel")
    assert (told["items_per_task"], told["changes"]) == (2, {"steps": "5"})
    assert not (tmp_path / "new").exists()


def test_a_world_whose_base_knows_no_task_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forgot = [{"name": "topic", "kept": False, "pivot_accuracy": 0.2}]
    monkeypatch.setattr(tunnel_jobs, "kept_tasks", lambda *_: forgot)
    [failed] = go(tmp_path, "good")["failed"]
    assert failed["message"].startswith("The base of lab:tiny has learned no task in its pivot")
