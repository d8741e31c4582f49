"""Question-translation tuning against TRL's SFTTrainer, into docs/results/training_speed.{md,json}.

    python benchmarks/training.py                     about a quarter of an hour on two idle cores
    python benchmarks/training.py --repetitions 1     a third of it
    python benchmarks/training.py --threads 1         where other work runs beside it

Both tune LoRA matrices on q_proj and v_proj of the same random Llama (8 layers of width 384) with the same
16 sequences per optimiser step, in child processes that take turns. TRL may pad 16 rows at once or 4 rows
four times, or pack them (`bfd`) in either way; its fastest way is what we are compared with. Counted are
real tokens, not padding. The rows are the released training questions of Zhang et al. 2024 and the paper's
test questions put from 19 languages into English; without ../shared/data, questions of the lab.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from interlingua.core.files import write_atomic
from interlingua.core.provenance import commit, versions
from interlingua.data.items import Example

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "results"
DATA = ROOT.parent / "shared" / "data" / "lml_snli"
STEPS, SKIPPED, ROWS, CHECKED = 12, 2, 16, 20
OURS = "interlingua"
ARMS: dict[str, dict[str, Any]] = {
    "TRL padded, 16 rows": {"rows": 16},
    "TRL padded, 4 rows x 4": {"rows": 4},
    "TRL packed, rows of 1024": {"length": 1024},
    "TRL packed, rows of 512 in turn": {"length": 512},
}
WORK = {"released questions, 5 languages": (4096, 32768), "test questions, 19 languages": (32768,)}


def examples(work: str) -> list[Example]:
    """The rows of a workload in random order."""
    if not DATA.is_dir():
        from interlingua.data.builders import question_translation
        from interlingua.lab.named import world

        lab = world("lab:standard")
        codes = [tongue.code for tongue in lab.spec.tongues if tongue.code != lab.pivot]
        return question_translation(lab, codes[:5], limit=1000)
    import pyarrow.parquet as parquet

    if "released" in work:
        found = parquet.read_table(DATA / "train_question.parquet").to_pylist()
        rows = [Example(row["input"], row["answer"], lang=row["lang"]) for row in found]
    else:
        found = parquet.read_table(DATA / "test.parquet").to_pylist()
        english = {row["id"]: row for row in found if row["lang"] == "en"}
        frame = "{premise}\n{hypothesis}\n"
        ask = "Translate the input from {lang} to English:\n"
        rows = [
            Example((frame + ask).format(**row), frame.format(**english[row["id"]]), lang=row["lang"])
            for row in found
            if row["lang"] != "en"
        ]
    random.Random(0).shuffle(rows)
    return rows[:4000]


def prepared(work: str, vocabulary: int, folder: Path) -> None:
    """Tokenizer of a workload, trained on its rows, beside the rows themselves."""
    from tokenizers import Tokenizer, decoders, pre_tokenizers, trainers
    from tokenizers.models import BPE
    from transformers import PreTrainedTokenizerFast

    rows = examples(work)
    backend = Tokenizer(BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["<pad>", "</s>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    backend.train_from_iterator((row.prompt + row.target for row in rows), trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", eos_token="</s>")
    tokenizer.save_pretrained(str(folder))
    texts = [(row.prompt, row.target) for row in rows[: ROWS * max(STEPS, CHECKED)]]
    (folder / "rows.json").write_text(json.dumps({"vocabulary": vocabulary, "rows": texts}))


def child(arm: str, folder: Path, steps: int, tell: bool) -> dict[str, Any]:
    """One training: wall and CPU seconds at the end of each step, its real tokens, and losses if asked."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from interlingua.models.adapters import with_lora
    from interlingua.models.lm import LM
    from interlingua.training.batches import sft_batches

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    given = json.loads((folder / "rows.json").read_text())
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=given["vocabulary"], hidden_size=384, intermediate_size=1024, num_hidden_layers=8,
        num_attention_heads=6, num_key_value_heads=6, max_position_embeddings=2048, tie_word_embeddings=True,
        pad_token_id=0, eos_token_id=1, bos_token_id=None,
    )  # fmt: skip
    base = LM(LlamaForCausalLM(config).eval(), tokenizer, "bench")
    lm = with_lora(base, ("q_proj", "v_proj"), 8, 16)
    rows = [Example(prompt, target) for prompt, target in given["rows"]]
    batches = sft_batches(lm, rows, ROWS, steps, 0, window=1)
    stamps: list[tuple[float, float]] = []
    losses: list[float] = []

    def stamp() -> None:
        stamps.append((time.perf_counter(), time.process_time()))

    tokens = (_ours if arm == OURS else _theirs)(arm, lm, batches, stamp, losses, tell)
    wall, cpu = (end - start for start, end in zip(stamps[SKIPPED], stamps[-1], strict=True))
    counted = sum(tokens[SKIPPED:])
    return {
        "tokens": counted, "seconds": wall, "cpu_seconds": cpu, "losses": losses, "load": os.getloadavg()[0],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "padding": batches.padding, "labels": batches.label_tokens / batches.tokens,
        "length": batches.tokens / (ROWS * steps), "weights": base.model.num_parameters(),
    }  # fmt: skip


def _ours(arm: str, lm: Any, batches: Any, stamp: Any, losses: list[float], tell: bool) -> list[int]:
    from interlingua.training.budget import Budget
    from interlingua.training.loop import train
    from interlingua.training.objectives.next_token import next_token

    def on_step(step: int, facts: Any) -> None:
        stamp()
        losses.append(facts["loss"])

    stamp()
    budget = Budget(len(batches), 1e-3, warmup=0, schedule="constant")
    train(lm, batches, next_token, budget, on_step=on_step)
    return [int(batches[step]["attention_mask"].sum()) for step in range(len(batches))]


def _theirs(arm: str, lm: Any, batches: Any, stamp: Any, losses: list[float], tell: bool) -> list[int]:
    import datasets
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    datasets.disable_progress_bars()
    rows = []
    for step in range(len(batches)):
        batch = batches[step]
        for ids, mask, labels in zip(
            *(batch[n] for n in ("input_ids", "attention_mask", "labels")), strict=True
        ):
            length = int(mask.sum())
            rows.append({"input_ids": ids[:length].tolist(), "labels": labels[:length].tolist()})

    class Watch(TrainerCallback):
        def on_train_begin(self, *args: Any, **more: Any) -> None:
            stamp()

        def on_step_end(self, *args: Any, **more: Any) -> None:
            stamp()

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any) -> None:
            losses.extend([logs["loss"]] if "loss" in logs else [])

    how, packed = dict(ARMS[arm]), "length" in ARMS[arm]
    if packed:
        together = max(1, round(sum(len(row["input_ids"]) for row in rows) / len(batches) / how["length"]))
        at_once, turns = (1, together) if "turn" in arm else (together, 1)
    else:
        at_once, turns = how["rows"], ROWS // how["rows"]
    config = SFTConfig(
        output_dir=tempfile.mkdtemp(), per_device_train_batch_size=at_once, gradient_accumulation_steps=turns,
        num_train_epochs=1, learning_rate=1e-3, lr_scheduler_type="constant", weight_decay=0.0,
        max_grad_norm=1.0, optim="adamw_torch_fused", logging_strategy="steps" if tell else "no",
        logging_steps=1, save_strategy="no", eval_strategy="no", report_to=[], disable_tqdm=True,
        use_cpu=True, dataloader_num_workers=0, dataloader_pin_memory=False, gradient_checkpointing=False,
        bf16=False, train_sampling_strategy="sequential", shuffle_dataset=False, packing=packed,
        max_length=how["length"] if packed else None,
    )  # fmt: skip
    for name, parameter in lm.model.named_parameters():
        parameter.requires_grad_("lora_" in name)
    trainer = SFTTrainer(
        model=lm.model, args=config, train_dataset=datasets.Dataset.from_list(rows),
        processing_class=lm.tokenizer, callbacks=[Watch()],
    )  # fmt: skip
    trainer.train()
    lengths = [len(ids) for ids in trainer.train_dataset["input_ids"]]
    size = at_once * turns
    return [sum(lengths[first : first + size]) for first in range(0, len(lengths), size)]


def run(arm: str, folder: Path, steps: int = STEPS, tell: bool = False) -> dict[str, Any]:
    """A training in a process of its own."""
    command = [sys.executable, __file__, "--arm", arm, "--folder", str(folder), "--steps", str(steps)]
    # Threads that wait must not spin: on a busy machine they would take the time of those that work.
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        command + ["--tell"] * tell,
        capture_output=True,
        text=True,
        env=environment | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
    )
    if done.returncode:
        raise SystemExit(f"{arm} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(work: str, vocabulary: int, repetitions: int) -> dict[str, Any]:
    """All arms on one workload, in turn; tokens per second are medians over repetitions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(work, vocabulary, folder)
        runs: dict[str, list[dict[str, Any]]] = {arm: [] for arm in (OURS, *ARMS)}
        for _ in range(repetitions):
            for arm, done in runs.items():
                done.append(run(arm, folder))
        padded = "TRL padded, 4 rows x 4"
        told = {arm: run(arm, folder, CHECKED, tell=True)["losses"] for arm in (OURS, padded)}
    gaps = [abs(a - b) for a, b in zip(told[OURS], told[padded], strict=True)]
    arms = {
        arm: {
            "tokens_per_second": statistics.median(one["tokens"] / one["seconds"] for one in done),
            "tokens_per_cpu_second": statistics.median(one["tokens"] / one["cpu_seconds"] for one in done),
            "megabytes": max(one["megabytes"] for one in done),
            "runs": [round(one["tokens"] / one["seconds"]) for one in done],
            "loads": [round(one["load"], 2) for one in done],
        }
        for arm, done in runs.items()
    }
    first = runs[OURS][0]
    return {
        "work": work, "vocabulary": vocabulary, "arms": arms,
        "steps_compared": len(gaps), "loss_gap": max(gaps),
        **{key: first[key] for key in ("padding", "labels", "length", "weights")},
        **{key: _ratio(arms, key) for key in ("tokens_per_second", "tokens_per_cpu_second")},
    }  # fmt: skip


def _ratio(arms: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
    """How much faster we are than TRL's fastest way."""
    best = max(ARMS, key=lambda arm: float(arms[arm][key]))
    return {"best": best, "ratio": arms[OURS][key] / arms[best][key]}


def page(record: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        "# Tuning speed",
        "",
        "LoRA (rank 8, q_proj and v_proj) on question translation, float32, a random Llama of 8 layers of "
        f"width 384, {ROWS} sequences per optimiser step in random order. Real tokens per second of wall "
        f"time, median of {record['repetitions']} child processes that take turns ({STEPS - SKIPPED} steps "
        f"each after {SKIPPED} unmeasured ones); in brackets per second of CPU time, which other work on the "
        "machine disturbs less.",
        "",
        f"{record['machine']}, {record['threads']} threads; load {record['load'][0]:.1f} to "
        f"{record['load'][1]:.1f} while it ran; commit {record['commit']}. `python benchmarks/training.py`",
        "",
        "What is saved: padding, because rows of similar length are computed together, and the output head "
        "on positions that are not learned. On a CPU TRL projects every position and computes its metrics "
        "there, so the gain grows with the vocabulary.",
        "",
    ]
    for one in record["workloads"]:
        lines += [
            f"## {one['work']}, vocabulary {one['vocabulary']:,}",
            "",
            f"{one['weights'] / 1e6:.0f} million weights; rows of {one['length']:.0f} tokens on average, "
            f"{one['labels']:.0%} of them learned; {ROWS} rows padded together are {one['padding']:.0%} "
            "padding.",
            "",
            "| | tokens/s | peak memory, MB |",
            "|---|---:|---:|",
        ]
        for arm, found in one["arms"].items():
            speed = f"{found['tokens_per_second']:,.0f} ({found['tokens_per_cpu_second']:,.0f})"
            lines.append(f"| {arm} | {speed} | {found['megabytes']:,} |")
        wall, cpu = one["tokens_per_second"], one["tokens_per_cpu_second"]
        lines += [
            "",
            f"**{wall['ratio']:.2f}x** the fastest way of TRL ({wall['best'].removeprefix('TRL ')}); "
            f"{cpu['ratio']:.2f}x per CPU second ({cpu['best'].removeprefix('TRL ')}). Largest difference of "
            f"the loss on identical batches over {one['steps_compared']} steps: {one['loss_gap']:.1e}.",
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure every workload and write the figures; with --arm, be one of the children."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--arm")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--tell", action="store_true")
    given = parser.parse_args()
    if given.arm:
        print(json.dumps(child(given.arm, given.folder, given.steps, given.tell)))
        return
    os.environ["OMP_NUM_THREADS"] = str(given.threads)
    workloads = [
        measured(work, vocabulary, given.repetitions) for work, sizes in WORK.items() for vocabulary in sizes
    ]
    loads = [load for one in workloads for arm in one["arms"].values() for load in arm["loads"]]
    record = {
        "workloads": workloads, "repetitions": given.repetitions, "load": [min(loads), max(loads)],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "threads": given.threads,
        "versions": versions() | {"trl": version("trl")}, "commit": commit(Path(__file__)),
    }  # fmt: skip
    told = page(record)
    OUT.mkdir(parents=True, exist_ok=True)
    write_atomic(OUT / "training_speed.json", json.dumps(record, indent=1) + "\n")
    write_atomic(OUT / "training_speed.md", told)
    print(told)


if __name__ == "__main__":
    main()
