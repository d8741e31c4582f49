"""One training loop on Accelerate; a new method is a new objective or new batches, never a new loop."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, PartialState
from accelerate.utils import DistributedType
from torch import Tensor, nn

from interlingua.core.errors import BadInput, TrainingDiverged
from interlingua.core.fingerprint import fingerprint
from interlingua.core.progress import progress
from interlingua.core.seeds import derive
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy
from interlingua.training.batches import Batches
from interlingua.training.budget import Budget
from interlingua.training.checkpoints import Checkpoints
from interlingua.training.loss import Batch, Objective
from interlingua.training.muon import Muon

Selector: TypeAlias = Callable[[str], bool]
OnStep: TypeAlias = Callable[[int, Mapping[str, float]], None]


def everything(name: str) -> bool:
    """Learn every parameter."""
    return True


def adapters(name: str) -> bool:
    """Learn the LoRA matrices only."""
    return "lora_" in name


def train(
    lm: LM,
    batches: Batches,
    objective: Objective,
    budget: Budget,
    *,
    learn: Selector | None = None,
    seed: int = 0,
    checkpoint: Path | None = None,
    save_seconds: float = 60.0,
    save_steps: int | None = None,
    on_step: OnStep | None = None,
    title: str = "Tuning",
) -> LM:
    """A new model whose parameters chosen by `learn` are trained; it shares all others with `lm`.

    `lm` stays as it was. `learn` sees parameter names and defaults to the adapter where there is one, else
    to everything. With `checkpoint`, the state is saved there every `save_seconds` or `save_steps`, and the
    same call goes on from it to bit-equal weights. After each step `on_step(step, facts)` gets loss, lr,
    grad_norm, units (label tokens) and the objective's parts. All randomness comes from (`seed`, step);
    torch's own generators are left as they were. Under `accelerate launch` each process takes its rows of
    every batch.

    Raises TrainingDiverged naming step and batch, BadInput, RunFolderError for a checkpoint of another
    training, OutOfRoom.
    """
    learn = learn or (adapters if lm.adapted else everything)
    if len(batches) < budget.batches:
        raise BadInput(f"{title} needs {budget.batches} batches for its budget, not {len(batches)}.")
    run = _Run(lm, objective, budget, learn, seed, title)
    saves = None
    if checkpoint is not None:
        saves = Checkpoints(checkpoint, _settings(lm, batches, objective, budget, seed, run.names))
        run.resume(saves)
    saved_at = monotonic()
    with _own_randomness(lm.device), progress(title, budget.steps, run.done) as tick:
        while run.done < budget.steps:
            facts = run.step(batches)
            tick(1, note=f"loss {facts['loss']:.3f}")
            if on_step is not None:
                on_step(run.done - 1, facts)
            due = save_steps and run.done % save_steps == 0
            if saves and run.done < budget.steps and (due or monotonic() - saved_at >= save_seconds):
                run.save(saves)
                saved_at = monotonic()
    if saves:
        run.save(saves)
    return run.result()


class _Run:
    """A training under way: the working copy of the model, its optimiser, and the number of steps done."""

    def __init__(
        self, lm: LM, objective: Objective, budget: Budget, learn: Selector, seed: int, title: str
    ) -> None:
        self.done = 0
        self._origin, self._budget, self._seed, self._title = lm, budget, seed, title
        precision = budget.precision
        if precision == "auto":
            precision = "bf16" if lm.device.type == "cuda" else "fp32"
        model = shared_copy(lm.model, own=learn).train()
        if precision == "fp32":
            model.float()
        self._learned: dict[str, nn.Parameter] = {}
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(learn(name))
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
                self._learned[name] = parameter
        if not self._learned:
            raise BadInput(f"{title}: `learn` chooses no parameter of {lm.name}.")
        optimizer = _optimizer(self._learned, budget)
        self._accelerator = _accelerator(lm.device, precision)
        forward = _Forward(LM(model, lm.tokenizer, lm.name, lm.card), objective)
        self._forward, self._optimizer = self._accelerator.prepare(forward, optimizer)

    @property
    def names(self) -> list[str]:
        """Names of the learned parameters."""
        return list(self._learned)

    def step(self, batches: Batches) -> dict[str, float]:
        """One optimiser step over `accumulate` batches, each weighing as many units as its loss is over."""
        step, budget, accelerator = self.done, self._budget, self._accelerator
        torch.manual_seed(derive(self._seed, "step", step, accelerator.process_index))
        rate = budget.rate(step)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        first = step * budget.accumulate
        sums, units, parts = [], 0.0, Counter[str]()
        for index in range(first, first + budget.accumulate):
            last = index == first + budget.accumulate - 1
            with nullcontext() if last else accelerator.no_sync(self._forward):
                value, details, weight = self._forward(self._share(batches[index]))
                accelerator.backward(value * weight)
            sums.append(value.detach() * weight)
            units += weight
            for name, part in details.items():
                parts[name] += part * weight
        if not units:
            raise BadInput(
                f"{self._title}: {batches.describe(first)} at step {step + 1} have nothing to learn."
            )
        totals = torch.stack([*sums, *(sums[0].new_tensor(n) for n in (units, *parts.values()))])
        totals = accelerator.reduce(totals, "mean").tolist()
        losses, (units, *details) = totals[: budget.accumulate], totals[budget.accumulate :]
        self._demand_finite("loss", losses, batches)
        for parameter in self._learned.values():
            if parameter.grad is not None:
                parameter.grad.div_(units)
        norm = accelerator.clip_grad_norm_(self._learned.values(), budget.clip or math.inf).item()
        self._demand_finite("gradient", [norm], batches)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.done += 1
        facts = {name: total / units for name, total in zip(parts, details, strict=True)}
        facts |= {"loss": sum(losses) / units, "lr": rate, "grad_norm": norm}
        return facts | {"units": units * accelerator.num_processes}

    def resume(self, saves: Checkpoints) -> None:
        """Take weights and moments from the newest checkpoint, if there is one."""
        saved = saves.latest()
        if saved is None:
            return
        with torch.no_grad():
            for name, parameter in self._learned.items():
                parameter.copy_(saved.weights[name])
        for key, tensor in saved.moments.items():
            kind, _, name = key.partition(":")
            parameter = self._learned[name]
            self._optimizer.state[parameter][kind] = tensor.to(parameter.device)
        self.done = saved.step

    def save(self, saves: Checkpoints) -> None:
        """Write a checkpoint; the last one needs no moments."""
        if not self._accelerator.is_main_process:
            return
        moments = {
            f"{kind}:{name}": tensor
            for name, parameter in self._learned.items()
            for kind, tensor in self._optimizer.state.get(parameter, {}).items()
        }
        weights = {name: parameter.detach() for name, parameter in self._learned.items()}
        saves.save(self.done, weights, moments if self.done < self._budget.steps else {})

    def result(self) -> LM:
        """The trained model: number format, frozen flags and all other tensors are those of the original."""
        model = shared_copy(self._origin.model, own=self._learned.__contains__).eval()
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name in self._learned:
                    parameter.copy_(self._learned[name])
        self._accelerator.free_memory()
        return LM(model, self._origin.tokenizer, self._origin.name, dict(self._origin.card))

    def _share(self, batch: Batch) -> Batch:
        """This process's rows of a batch, on its device."""
        mine = slice(self._accelerator.process_index, None, self._accelerator.num_processes)
        return {name: tensor[mine].to(self._accelerator.device) for name, tensor in batch.items()}

    def _demand_finite(self, what: str, values: list[float], batches: Batches) -> None:
        """Raise TrainingDiverged naming the step and the first batch whose value is not a number."""
        for offset, value in enumerate(values):
            if not math.isfinite(value):
                rows = batches.describe(self.done * self._budget.accumulate + offset)
                raise TrainingDiverged(
                    f"{self._title}: the {what} is {value} at step {self.done + 1} of {self._budget.steps}, "
                    f"on {rows}. Lower lr ({self._budget.lr}) or look at these rows."
                )


class _Forward(nn.Module):
    """The objective as a module, for Accelerate to wrap (autocast, data parallel)."""

    def __init__(self, lm: LM, objective: Objective) -> None:
        super().__init__()
        self.model, self._lm, self._objective = lm.model, lm, objective

    def forward(self, batch: Batch) -> tuple[Tensor, dict[str, float], float]:
        """The parts of a `Loss`."""
        loss = self._objective(self._lm, batch)
        return loss.value, loss.parts, loss.weight


def _accelerator(device: torch.device, precision: str) -> Any:
    """An Accelerator for this training alone; an earlier one may have left global state."""
    cpu = device.type == "cpu"
    AcceleratorState._reset_state(reset_partial_state=not PartialState(cpu=cpu).use_distributed)
    accelerator = Accelerator(cpu=cpu, mixed_precision="bf16" if precision == "bf16" else "no")
    if accelerator.distributed_type in (DistributedType.FSDP, DistributedType.DEEPSPEED):
        raise BadInput("Training is data parallel only; launch it without FSDP and DeepSpeed.")
    return accelerator


def _own_randomness(device: torch.device) -> AbstractContextManager[None]:
    """Put torch's generators back afterwards."""
    return torch.random.fork_rng(devices=[device] if device.type == "cuda" else [])


def _settings(
    lm: LM, batches: Batches, objective: Objective, budget: Budget, seed: int, names: list[str]
) -> dict[str, Any]:
    """What the result of a training depends on."""
    return {
        **asdict(budget),
        "betas": list(budget.betas),
        "seed": seed,
        "model": lm.fingerprint(),
        "batches": batches.fingerprint(),
        "objective": getattr(objective, "__qualname__", type(objective).__qualname__),
        "learned": fingerprint(names),
    }


def _optimizer(learned: Mapping[str, nn.Parameter], budget: Budget) -> torch.optim.Optimizer:
    """The budget's optimiser; norms and biases do not decay."""
    if budget.optimizer == "muon":
        return Muon(learned.items(), budget.lr, betas=budget.betas, weight_decay=budget.weight_decay)
    groups = [
        {"params": [p for p in learned.values() if p.ndim > 1], "weight_decay": budget.weight_decay},
        {"params": [p for p in learned.values() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=budget.lr, betas=budget.betas, fused=True)
