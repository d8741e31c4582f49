"""Checkpoints: complete or absent, the newest sound one is found, damage and other trainings are told."""

import logging
import resource

import pytest
import torch

from interlingua.core.errors import InterlinguaError, OutOfRoom, RunFolderError
from interlingua.training.checkpoints import Checkpoints

SETTINGS = {"lr": 0.1, "seed": 0, "betas": (0.9, 0.999)}


def tensors(value: float) -> dict[str, torch.Tensor]:
    return {"w": torch.full((2, 3), value), "b": torch.tensor(value)}


@pytest.fixture
def saves(tmp_path):
    """Checkpoints of steps 1, 2 and 3."""
    saves = Checkpoints(tmp_path / "c", SETTINGS)
    for step in (1, 2, 3):
        saves.save(step, tensors(step), tensors(-step))
    return saves


def names(saves):
    return sorted(path.name for path in saves.folder.iterdir())


def test_the_newest_comes_back_bit_for_bit(saves):
    saved = Checkpoints(saves.folder, SETTINGS).latest()
    assert saved.step == 3
    assert torch.equal(saved.weights["w"], tensors(3)["w"])
    assert torch.equal(saved.moments["b"], tensors(-3)["b"])


def test_only_two_are_kept_and_the_last_one_alone(saves):
    assert names(saves) == ["step-00000002", "step-00000003"]
    saves.save(4, tensors(4), {})
    assert names(saves) == ["step-00000004"]
    assert saves.latest().moments == {}


def test_an_empty_or_absent_folder_has_none(tmp_path):
    assert Checkpoints(tmp_path, SETTINGS).latest() is None
    assert Checkpoints(tmp_path / "absent", SETTINGS).latest() is None


def test_a_half_written_one_is_not_seen_and_goes_away(saves):
    (saves.folder / ".step-0123.tmp").mkdir()
    (saves.folder / ".step-0123.tmp" / "weights.safetensors").write_bytes(b"half")
    assert saves.latest().step == 3
    saves.save(4, tensors(4), tensors(4))
    assert names(saves) == ["step-00000003", "step-00000004"]


@pytest.mark.parametrize("file", ["weights.safetensors", "optimizer.safetensors", "state.json"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_one_is_passed_over_and_named(saves, file, damage, caplog):
    path = saves.folder / "step-00000003" / file
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:])
    with caplog.at_level(logging.WARNING):
        assert saves.latest().step == 2
    assert "step-00000003 is damaged" in caplog.text
    assert "going on from step 2" in caplog.text


def test_when_all_are_damaged_one_line_says_so(saves):
    for path in saves.folder.glob("*/weights.safetensors"):
        path.write_bytes(b"")
    with pytest.raises(RunFolderError, match=r"step-00000003 is damaged .*no sound one is left") as error:
        saves.latest()
    assert "\n" not in str(error.value)


def test_another_training_is_refused_naming_what_differs(saves):
    with pytest.raises(RunFolderError, match=r"training: lr 0\.1 there, 0\.2 here\. .* a stage name"):
        Checkpoints(saves.folder, SETTINGS | {"lr": 0.2}).latest()


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InterlinguaError, match="file"):
        Checkpoints(tmp_path / "file" / "c", SETTINGS).save(1, tensors(1), {})


def test_a_full_disk_is_told_and_nothing_saved_is_lost(saves):
    """A limit on file size stands in for the full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OutOfRoom, match="No disk space left"):
            saves.save(4, {"w": torch.zeros(10_000)}, tensors(4))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names(saves) == ["step-00000002", "step-00000003"]
    assert saves.latest().step == 3
