"""One training loop on Accelerate; a new method is a new objective or new batches, never a new loop."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

import torch
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
from interlingua.training.optimizers import optimizer
from interlingua.training.pieces import overhead, pieces
from interlingua.training.processes import Processes

Selector: TypeAlias = Callable[[str], bool]
OnStep: TypeAlias = Callable[[int, Mapping[str, float]], None]
OnModel: TypeAlias = Callable[[int, LM], None]


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
    on_model: OnModel | None = None,
    looks: Collection[int] = (),
    title: str = "Tuning",
) -> LM:
    """A new model whose parameters chosen by `learn` are trained; it shares all others with `lm`.

    `lm` stays as it was. `learn` sees parameter names and defaults to the adapter where there is one, else
    to everything. With `checkpoint`, the state is saved there every `save_seconds` or `save_steps`, and the
    same call goes on from it to bit-equal weights. After each step `on_step(step, facts)` gets loss, lr,
    grad_norm, units (label tokens) and the objective's parts; after those in `looks`, `on_model(step, lm)`
    gets the model as it is then, a copy of what is learned. All randomness comes from (`seed`, step);
    torch's own generators are left as they were. On a CPU the batches of a `by_row` objective are computed in
    `pieces` of similar length. Under `accelerate launch` or `torchrun` each process takes its rows of every
    batch and returns the same model; the first one alone shows progress and saves (`Processes`).

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
    processes = run.processes
    bar = progress(title, budget.steps, run.done) if processes.main else nullcontext(_untold)
    with _own_randomness(processes.device), bar as tick:
        while run.done < budget.steps:
            facts = run.step(batches)
            tick(1, note=f"loss {facts['loss']:.3f}")
            if on_step is not None:
                on_step(run.done - 1, facts)
            if on_model is not None and run.done - 1 in looks:
                on_model(run.done - 1, run.model())
            if saves is None or run.done == budget.steps:
                continue
            due = save_steps is not None and run.done % save_steps == 0
            if processes.agreed(due or monotonic() - saved_at >= save_seconds):
                run.save(saves)
                saved_at = monotonic()
    if saves:
        run.save(saves)
    tuned = run.model()
    processes.free()
    return tuned


class _Run:
    """A training under way: the working copy of the model, its optimiser, and the number of steps done."""

    def __init__(
        self, lm: LM, objective: Objective, budget: Budget, learn: Selector, seed: int, title: str
    ) -> None:
        self.done = 0
        self._origin, self._budget, self._seed, self._title = lm, budget, seed, title
        self.processes = Processes(lm.device, budget.precision)
        model = shared_copy(lm.model, own=learn).train()
        if self.processes.precision == "fp32":
            model.float()
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(learn(name))
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
        if self.processes.sharded:
            self.processes.shard(model)
        self._learned = {name: p for name, p in model.named_parameters() if p.requires_grad}
        if not self._learned:
            raise BadInput(f"{title}: `learn` chooses no parameter of {lm.name}.")
        # A forward pass gathers the shards of all processes, so each must do as many.
        apart = self.processes.device.type == "cpu" and not self.processes.sharded
        self._overhead = overhead(lm) if apart and getattr(objective, "by_row", False) else None
        chosen = optimizer(self._learned, budget, sharded=self.processes.sharded)
        self._optimizer = self.processes.optimizer(chosen)
        forward = _Forward(LM(model, lm.tokenizer, lm.name, lm.card), objective)
        self._forward = self.processes.wrapped(forward)

    @property
    def names(self) -> list[str]:
        """Names of the learned parameters."""
        return list(self._learned)

    def step(self, batches: Batches) -> dict[str, float]:
        """One optimiser step over `accumulate` batches, each weighing as many units as its loss is over."""
        step, budget, processes = self.done, self._budget, self.processes
        torch.manual_seed(derive(self._seed, "step", step, processes.rank))
        rate = budget.rate(step)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        first = step * budget.accumulate
        parts = [
            (place, part, counts)
            for place in range(budget.accumulate)
            for part, counts in self._parts(batches[first + place])
        ]
        sums = [torch.zeros((), device=processes.device) for _ in range(budget.accumulate)]
        units, figures = 0.0, Counter[str]()
        for number, (place, part, counts) in enumerate(parts, 1):
            with nullcontext() if number == len(parts) else processes.keep_gradients(self._forward):
                value, details, weight = self._forward(part)
                weight *= counts
                processes.backward(value * weight)
            sums[place] += value.detach() * weight
            units += weight
            for name, figure in details.items():
                figures[name] += figure * weight
        totals = torch.stack([*sums, *(sums[0].new_tensor(n) for n in (units, *figures.values()))])
        means = processes.mean(totals).tolist()
        losses, (units, *details) = means[: budget.accumulate], means[budget.accumulate :]
        if not units:
            raise BadInput(
                f"{self._title}: {batches.describe(first)} at step {step + 1} have nothing to learn."
            )
        self._demand_finite("loss", losses, batches)
        for parameter in self._learned.values():
            if parameter.grad is not None:
                parameter.grad.div_(units)
        norm = processes.clip(self._learned, budget.clip or math.inf)
        self._demand_finite("gradient", [norm], batches)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.done += 1
        facts = {name: total / units for name, total in zip(figures, details, strict=True)}
        facts |= {"loss": sum(losses) / units, "lr": rate, "grad_norm": norm}
        return facts | {"units": units * processes.count}

    def resume(self, saves: Checkpoints) -> None:
        """Take weights and moments from the newest checkpoint, if there is one."""
        saved = saves.latest()
        if saved is not None:
            share = self.processes.share
            with torch.no_grad():
                for name, parameter in self._learned.items():
                    parameter.copy_(share(saved.weights[name], parameter))
            for key, tensor in saved.moments.items():
                kind, _, name = key.partition(":")
                parameter = self._learned[name]
                self._optimizer.state[parameter][kind] = share(tensor, parameter)
            self.done = saved.step
        self.processes.demand_same_step(self.done, str(saves.folder))

    def save(self, saves: Checkpoints) -> None:
        """Write a checkpoint; the last one needs no moments."""
        moments = {
            f"{kind}:{name}": tensor
            for name, parameter in self._learned.items()
            for kind, tensor in self._optimizer.state.get(parameter, {}).items()
            if self.done < self._budget.steps
        }
        weights, moments = self.processes.whole(self._learned), self.processes.whole(moments)
        if self.processes.main:
            saves.save(self.done, weights, moments)
        self.processes.wait()

    def model(self) -> LM:
        """The model as it is now; number format, frozen flags and all other tensors are the original's."""
        model = shared_copy(self._origin.model, own=self._learned.__contains__).eval()
        learned = self.processes.whole(self._learned)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name in learned:
                    parameter.copy_(learned[name])
        origin = self._origin
        changed = origin.changed or not all(map(adapters, learned))
        return LM(model, origin.tokenizer, origin.name, dict(origin.card), changed)

    def _parts(self, batch: Batch) -> list[tuple[Batch, bool]]:
        """This process's rows of a batch, in one part or several, and whether they count."""
        rows, counts = self.processes.rows(batch)
        parts = [rows] if self._overhead is None else pieces(rows, self._overhead)
        return [(part, counts) for part in parts]

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


def _own_randomness(device: torch.device) -> AbstractContextManager[None]:
    """Put torch's generators back afterwards."""
    return torch.random.fork_rng(devices=[device] if device.type == "cuda" else [])


def _untold(done: int = 1, *, note: str = "") -> None:
    """The progress of a process that does not show it."""


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
