"""Two processes: the steps, losses and weights of one, with copies of the model and with shards of it."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from accelerate.utils import DistributedType
from safetensors.torch import load_file

from interlingua.core.errors import BadInput, RunFolderError
from interlingua.models.adapters import with_lora
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.objectives.next_token import next_token
from interlingua.training.processes import Processes, main_process

SCRIPT = Path(__file__).with_name("spread_training.py")
BIN = Path(sys.executable).parent
EXAMPLES = Path(__file__).parents[2] / "examples" / "launch"
CPU = torch.device("cpu")
LAUNCH = {
    "DistributedDataParallel": (
        *(str(BIN / "accelerate"), "launch", "--config_file", str(EXAMPLES / "copies.yaml")),
    ),
    "_Forward": (sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", "--standalone"),
}


def losses_and_weights(script, lm, examples, last=8, **more):
    recorder = script["Recorder"](last)
    try:
        model = script["tuned"](lm, examples, recorder, **more).model
    except KeyboardInterrupt:
        return recorder.losses, None
    return recorder.losses, {name: p.detach() for name, p in model.named_parameters()}


def close(one, other):
    assert one.keys() == other.keys()
    assert max((one[name] - other[name]).abs().max().item() for name in one) < 1e-5


@pytest.mark.parametrize("wrapper", LAUNCH)
def test_two_processes_make_the_steps_of_one(lm, examples, tmp_path, wrapper):
    """Rows are dealt out unevenly in label tokens and in number, so a mean of means would differ."""
    script = runpy.run_path(str(SCRIPT))
    losses, weights = losses_and_weights(script, lm, examples)
    losses_and_weights(script, lm, examples, last=5, checkpoint=tmp_path / "one")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["step-00000004"]
    sharded = wrapper == "_Forward"
    source = str(Path(__file__).parents[2] / "src")
    environment = {"PYTHONPATH": source, "INTERLINGUA_SHARD": str(int(sharded)), "OMP_NUM_THREADS": "1"}
    command = [*LAUNCH[wrapper], str(SCRIPT), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=120)
    assert done.returncode == 0, done.stderr
    everything = sum(p.numel() for p in with_lora(lm, "all-linear", 2, 4).model.parameters())
    for rank in (0, 1):
        told = json.loads((tmp_path / f"told-{rank}.json").read_text())
        assert (told["wrapper"], told["world"], told["backend"]) == (wrapper, 2, "gloo")
        assert told["fsdp"] == [sharded] * 3  # the model and its two layers
        assert told["local"] == (everything // 2 if sharded else everything)
        assert (told["main"], told["bars"]) == ((True, 3) if rank == 0 else (False, 0))
        assert told["stopped"] == 5
        assert told["whole"] == pytest.approx(losses, abs=1e-5)
        assert told["resumed"] == pytest.approx(losses[4:], abs=1e-5)
        close(load_file(tmp_path / f"whole-{rank}"), weights)
        close(load_file(tmp_path / f"resumed-{rank}"), weights)
    again, resumed = losses_and_weights(script, lm, examples, checkpoint=tmp_path / "two")
    assert again == pytest.approx(losses[4:], abs=1e-5)
    close(resumed, weights)


def test_the_example_saves_a_model_that_loads(tmp_path, monkeypatch, capsys):
    out = tmp_path / "tuned"
    monkeypatch.setattr(sys, "argv", ["tune.py", "--out", str(out), "--steps", "2"])
    runpy.run_path(str(EXAMPLES / "tune.py"), run_name="__main__")
    assert f"Saved in {out}: {{'steps': 2.0" in capsys.readouterr().out
    assert (out / "adapter_model.safetensors").is_file()
    assert [path.name for path in (tmp_path / "tuned-checkpoints").iterdir()] == ["step-00000002"]


def test_rows_are_dealt_out_and_a_process_without_one_weighs_nothing():
    batch = {"input_ids": torch.arange(3)[:, None]}
    processes = Processes(CPU, "fp32")
    dealt = {}
    for processes.rank, processes.count in ((0, 2), (1, 2), (3, 4)):
        rows, counts = processes.rows(batch)
        dealt[processes.rank] = (rows["input_ids"].flatten().tolist(), counts)
    assert dealt == {0: ([0, 2], True), 1: ([1], True), 3: ([0], False)}


def test_alone_nothing_is_sharded_and_everything_is_main(monkeypatch):
    monkeypatch.setenv("INTERLINGUA_SHARD", "1")
    processes = Processes(CPU, "auto")
    assert (processes.main, processes.count, processes.sharded, processes.precision) == (
        True,
        1,
        False,
        "fp32",
    )
    assert processes.agreed(True)
    assert not processes.agreed(False)
    assert main_process()
    monkeypatch.setenv("RANK", "1")
    assert not main_process()


def test_processes_that_found_different_checkpoints_are_stopped(monkeypatch, tmp_path):
    processes = Processes(CPU, "fp32")
    processes.demand_same_step(4, str(tmp_path))
    monkeypatch.setattr(processes._accelerator, "gather", lambda found: torch.tensor([4, 2]))
    with pytest.raises(RunFolderError, match=f"found steps 4, 2 in {tmp_path}; give one folder for all"):
        processes.demand_same_step(4, str(tmp_path))


def test_another_way_of_sharding_is_refused(monkeypatch):
    class Launched:
        distributed_type = DistributedType.FSDP

    monkeypatch.setattr("interlingua.training.processes.Accelerator", lambda **settings: Launched())
    with pytest.raises(BadInput, match=r"without the FSDP and DeepSpeed plugins .*INTERLINGUA_SHARD=1"):
        Processes(CPU, "fp32")


def test_a_wrong_switch_is_refused(lm, examples, monkeypatch):
    monkeypatch.setenv("INTERLINGUA_SHARD", "yes")
    with pytest.raises(BadInput, match="INTERLINGUA_SHARD must be 0 or 1, not 'yes'"):
        train(lm, sft_batches(lm, examples, 4, 1, 0), next_token, Budget(1, 1e-2))
