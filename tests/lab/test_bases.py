"""Bases: the same bits from the same spec, exact resume, and shipped files that are what they say."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab import bases
from interlingua.lab.bases import (
    MANIFEST,
    SHIPPED,
    BaseSpec,
    base_folder,
    base_spec,
    build_base,
    load_base,
    pretrain,
    pretrained_on,
    shipped,
    start,
)
from interlingua.lab.named import WORLDS, world
from interlingua.models.lm import LM, load
from interlingua.scoring.choices import score_choices
from interlingua.training.loop import train

FOLDERS = sorted(path.name for path in SHIPPED.iterdir() if (path / MANIFEST).is_file())
SMALL = replace(base_spec("lab:tiny"), steps=6, documents=300)
base = cache(partial(load_base, device="cpu"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BaseSpec:
    """`lab:tiny` with a base of six steps, and an empty cache."""
    monkeypatch.setattr(bases, "BASES", {"lab:tiny": SMALL})
    monkeypatch.setenv("INTERLINGUA_CACHE", str(tmp_path / "cache"))
    return SMALL


def test_pretraining_twice_gives_the_same_bits() -> None:
    (one, facts), (two, again) = (pretrain(world("lab:tiny"), SMALL) for _ in range(2))
    assert one.fingerprint() == two.fingerprint()
    assert facts["first_losses"] == again["first_losses"]
    assert len(facts["first_losses"]) == SMALL.steps


def test_other_seeds_give_other_bases() -> None:
    fresh = {start(world("lab:tiny"), replace(SMALL, seed=seed))[0].fingerprint() for seed in (0, 1)}
    assert len(fresh) == 2


def test_batches_are_a_pure_function_of_the_step() -> None:
    _, batches = start(world("lab:tiny"), SMALL)
    before = {step: batches[step]["input_ids"].tolist() for step in range(len(batches))}
    backwards = {step: batches[step]["input_ids"].tolist() for step in reversed(range(len(batches)))}
    assert before == backwards
    batch = batches[0]
    padding = batch["input_ids"] == 0
    assert (batch["labels"][padding] == -100).all()
    assert (batch["labels"][~padding] == batch["input_ids"][~padding]).all()
    assert (batch["weights"][padding] == 0).all()


def interrupted_after(step: int) -> Callable[..., LM]:
    """The training loop, saving every second step and stopped by Ctrl-C after one of them."""

    def loop(*given: Any, on_step: Callable[[int, Mapping[str, float]], None], **settings: Any) -> LM:
        def stop(done: int, facts: Mapping[str, float]) -> None:
            on_step(done, facts)
            if done == step:
                raise KeyboardInterrupt

        return train(*given, on_step=stop, save_steps=2, **settings)

    return loop


def test_an_interrupted_build_goes_on_to_the_same_bits(
    small: BaseSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = build_base("lab:tiny", tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(bases, "train", interrupted_after(4))
        with pytest.raises(KeyboardInterrupt):
            build_base("lab:tiny", tmp_path / "resumed")
    resumed = build_base("lab:tiny", tmp_path / "resumed")
    assert resumed["folder"] == str(tmp_path / "resumed")
    assert build_base("lab:tiny", tmp_path / "resumed")["folder"] == resumed["folder"]
    assert resumed["fingerprint"] == whole["fingerprint"]
    assert (len(whole["first_losses"]), resumed["first_losses"]) == (small.steps, [])
    weights = [load_file(tmp_path / name / "model.safetensors") for name in ("whole", "resumed")]
    assert all((weights[0][key] == weights[1][key]).all() for key in weights[0])


def test_a_base_is_built_once_and_found_in_the_cache(
    small: BaseSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_base("tiny", device="cpu")
    assert first.name == first.card["base"] == "lab:tiny"
    assert first.card["pretraining"]["spec"] == asdict(small)
    monkeypatch.delattr(bases, "train")
    assert load_base("lab:tiny", device="cpu").fingerprint() == first.fingerprint()


def test_a_folder_with_another_base_is_not_taken_for_this_one(small: BaseSpec, tmp_path: Path) -> None:
    build_base("lab:tiny", tmp_path / "base")
    with pytest.raises(BadInput, match="holds another base than lab:tiny; give another place, or --fresh"):
        build_base("lab:tiny", tmp_path / "base", steps=3)
    assert build_base("lab:tiny", tmp_path / "base", steps=3, fresh=True)["spec"]["steps"] == 3


def test_the_standard_base_ships() -> None:
    assert "standard" in FOLDERS
    serving = {name: spec.base or name for name, spec in WORLDS.items()}
    assert shipped() == [name for name, base in serving.items() if base.removeprefix("lab:") in FOLDERS]


@pytest.mark.parametrize("name", [name for name, spec in WORLDS.items() if spec.base])
def test_a_world_that_shares_a_base_has_its_languages(name: str) -> None:
    lab, other = world(name), pretrained_on(name)
    assert (other.name, base_spec(name)) == (WORLDS[name].base, base_spec(other.name))
    assert not other.spec.base
    assert lab.pivot == other.pivot
    assert all(lab.tongues[lang] == tongue for lang, tongue in other.tongues.items())


def test_a_shared_base_is_loaded_under_its_own_name(small: BaseSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build_base("lab:sums-tiny")
    assert built["world"] == "lab:tiny"
    monkeypatch.delattr(bases, "train")
    assert load_base("lab:sums-tiny", device="cpu").name == "lab:tiny"
    assert base_folder("lab:sums-tiny") == base_folder("lab:tiny")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_shipped_base_is_small_and_the_one_its_manifest_names(folder: str) -> None:
    place, lab = SHIPPED / folder, world(folder)
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    assert sum(path.stat().st_size for path in place.glob("*.safetensors")) <= 3_000_000
    assert load(place, device="cpu", dtype="float16").fingerprint() == manifest["fingerprint"]
    assert (manifest["world"], manifest["world_fingerprint"]) == (lab.name, lab.fingerprint())
    assert manifest["spec"] == asdict(base_spec(lab.name))
    assert manifest["command"] == f"interlingua lab build {folder}"
    assert len(manifest["first_losses"]) == 20


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_shipped_base_writes_its_world_with_hardly_an_unknown_token_and_answers_in_single_ones(
    folder: str,
) -> None:
    """A letter of a rare language may be missing in the text a tokenizer was trained on, as in real ones."""
    lm, lab = base(folder), world(folder)
    for lang in lab.languages:
        questions = [choice.question for choice in lab.task("inference", lang, "dev")[:60]]
        found = [lm.tokenizer(question).input_ids for question in questions]
        unknown = [lm.tokenizer.unk_token_id in ids for ids in found]
        assert np.mean([token == lm.tokenizer.unk_token_id for ids in found for token in ids]) <= 0.01
        for question, ids, lost in zip(questions, found, unknown, strict=True):
            assert lost or lm.tokenizer.decode(ids) == question
    for task in lab.tasks:
        options = lab.task(task, lab.pivot, "dev")[0].options
        assert [len(lm.tokenizer(f"a:{option}").input_ids) for option in options] == [
            len(lm.tokenizer("a:").input_ids) + 1
        ] * len(options)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_shipped_base_answers_three_tasks_in_its_pivot_by_constrained_decoding(folder: str) -> None:
    lm, lab = base(folder), world(folder)
    learned = 0
    for task in lab.tasks:
        rows = score_choices(lm, lab.task(task, lab.pivot)[:60])  # a fall-back to loglik would warn: an error
        assert not any("how" in row.extra for row in rows)
        learned += sum(row.correct for row in rows) >= 0.9 * len(rows)
    assert learned >= 3


class EnoughSteps(Exception):
    """Raised to end a pretraining early."""


@pytest.mark.parametrize(
    "folder",
    [pytest.param(name, marks=() if name == "standard" else pytest.mark.slow) for name in FOLDERS],
)
def test_the_first_steps_of_a_shipped_base_can_be_repeated(folder: str) -> None:
    losses: list[float] = []

    def three(step: int, facts: Mapping[str, float]) -> None:
        losses.append(facts["loss"])
        if step == 2:
            raise EnoughSteps

    with pytest.raises(EnoughSteps):
        pretrain(world(folder), base_spec(folder), on_step=three)
    manifest = json.loads((SHIPPED / folder / MANIFEST).read_text(encoding="utf-8"))
    assert losses == pytest.approx(manifest["first_losses"][:3], abs=2e-2)


def flip(path: Path, place: float) -> None:
    """Turn over one byte at a share of a file's length."""
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 0xFF
    path.write_bytes(content)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the shipped standard base, which is loaded instead."""
    monkeypatch.setattr(bases, "SHIPPED", tmp_path)
    return Path(shutil.copytree(SHIPPED / "standard", tmp_path / "standard"))


def test_a_copy_of_a_shipped_base_is_as_good(copied: Path) -> None:
    assert load_base("standard", device="cpu").fingerprint() == base("standard").fingerprint()


@pytest.mark.parametrize(
    ("file", "place", "says"),
    [
        ("model.safetensors", 0.7, "is not the model its base.json names; install interlingua again"),
        ("model.safetensors", 0.0, "Cannot load"),
        (MANIFEST, 0.0, "base.json is damaged"),
    ],
)
def test_a_damaged_shipped_base_is_refused_in_one_line(
    copied: Path, file: str, place: float, says: str
) -> None:
    flip(copied / file, place)
    with pytest.raises(ModelError, match=says) as caught:
        load_base("standard", device="cpu")
    assert "\n" not in str(caught.value)


def test_a_shipped_base_with_another_tokenizer_is_refused(copied: Path) -> None:
    path = copied / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"</s>"', '"<end>"'), encoding="utf-8")
    with pytest.raises(ModelError, match=r"is not the model|Cannot load"):
        load_base("standard", device="cpu")
