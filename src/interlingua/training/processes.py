"""Processes: one training spread over several, each with a copy of the model or with a shard of it.

Under `accelerate launch` or `torchrun` every process holds the whole model (DistributedDataParallel); with
`INTERLINGUA_SHARD=1` in the environment each keeps its share of every tensor (`fully_shard`, FSDP2).
"""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, PartialState
from accelerate.utils import DistributedType
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from interlingua.core.errors import BadInput, RunFolderError
from interlingua.training.loss import Batch

SHARD = "INTERLINGUA_SHARD"


def main_process() -> bool:
    """Whether this process is the one that shows progress and writes files; always so when it is alone."""
    return int(os.environ.get("RANK", "0")) == 0


class Processes:
    """The processes of one training; alone, every method is what a single process would do anyway."""

    def __init__(self, device: torch.device, precision: str) -> None:
        """`device` is where the given model is, `precision` as in `Budget`.

        Shards of a model in main memory go to the GPUs, if there are any. Raises BadInput where the launcher
        wants another way of sharding.
        """
        wanted = os.environ.get(SHARD, "0")
        if wanted not in ("0", "1"):
            raise BadInput(f"{SHARD} must be 0 or 1, not {wanted!r}.")
        cpu = device.type == "cpu" and not (wanted == "1" and torch.cuda.is_available())
        if precision == "auto":
            precision = "bf16" if not cpu and torch.cuda.is_available() else "fp32"
        self.precision = precision
        # An Accelerator for this training alone; an earlier one may have left global state.
        AcceleratorState._reset_state(reset_partial_state=not PartialState(cpu=cpu).use_distributed)
        self._accelerator = Accelerator(cpu=cpu, mixed_precision="bf16" if precision == "bf16" else "no")
        if self._accelerator.distributed_type in (DistributedType.FSDP, DistributedType.DEEPSPEED):
            raise BadInput(
                f"Launch without the FSDP and DeepSpeed plugins of Accelerate; {SHARD}=1 shards the model."
            )
        self.count: int = self._accelerator.num_processes
        self.rank: int = self._accelerator.process_index
        self.device: torch.device = self._accelerator.device
        self.sharded = wanted == "1" and self.count > 1

    @property
    def main(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def shard(self, model: Any) -> None:
        """Leave each process its share of every tensor, block by block; the model is changed in place."""
        mesh = init_device_mesh(self.device.type, (self.count,))
        plain = model.get_base_model() if hasattr(model, "peft_config") else model
        blocks = set(getattr(plain, "_no_split_modules", None) or ())
        for module in plain.modules():
            if type(module).__name__ in blocks:
                fully_shard(module, mesh=mesh)
        fully_shard(model, mesh=mesh)

    def wrapped(self, forward: nn.Module) -> nn.Module:
        """The forward pass in its number format, averaging gradients over the processes."""
        model: nn.Module = self._accelerator.prepare_model(forward, evaluation_mode=self.sharded)
        return model

    def optimizer(self, optimizer: torch.optim.Optimizer) -> Any:
        """The optimiser as Accelerate steps it."""
        return self._accelerator.prepare_optimizer(optimizer)

    def rows(self, batch: Batch) -> tuple[Batch, bool]:
        """This process's rows of a batch, on its device, and whether they count.

        More processes than rows: one without a row takes the first, which must then weigh nothing.
        """
        rows = len(next(iter(batch.values())))
        mine = slice(self.rank, None, self.count) if self.rank < rows else slice(0, 1)
        return {name: tensor[mine].to(self.device) for name, tensor in batch.items()}, self.rank < rows

    def keep_gradients(self, forward: nn.Module) -> AbstractContextManager[None]:
        """Backward passes inside do not yet exchange gradients."""
        context: AbstractContextManager[None] = self._accelerator.no_sync(forward)
        return context

    def backward(self, value: Tensor) -> None:
        """Add the gradients of `value`."""
        self._accelerator.backward(value)

    def mean(self, tensor: Tensor) -> Tensor:
        """The mean of a tensor over the processes."""
        mean: Tensor = self._accelerator.reduce(tensor, "mean")
        return mean

    def clip(self, parameters: Mapping[str, nn.Parameter], most: float) -> float:
        """Scale gradients to a norm of at most `most`; returns the norm they had."""
        return float(_whole(nn.utils.clip_grad_norm_(list(parameters.values()), most)))

    def whole(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The tensors with the shares of all processes; every process must ask."""
        return {name: _whole(tensor.detach()) for name, tensor in tensors.items()}

    def share(self, tensor: Tensor, parameter: Tensor) -> Tensor:
        """What this process keeps of a tensor that belongs to `parameter`."""
        tensor = tensor.to(parameter.device)
        if isinstance(parameter, DTensor) and tensor.shape == parameter.shape:
            return distribute_tensor(tensor, parameter.device_mesh, parameter.placements)
        return tensor

    def agreed(self, yes: bool) -> bool:
        """What the main process says."""
        if self.count == 1:
            return yes
        answer = torch.tensor([float(yes and self.main)], device=self.device)
        return bool(self._accelerator.reduce(answer, "sum").item())

    def demand_same_step(self, step: int, place: str) -> None:
        """Wait until all processes have read their checkpoint; RunFolderError unless it is the same one."""
        steps = self._accelerator.gather(torch.tensor([step], device=self.device)).tolist()
        if len(set(steps)) > 1:
            raise RunFolderError(
                f"The processes found steps {', '.join(map(str, steps))} in {place}; give one folder for all."
            )

    def wait(self) -> None:
        """Return when all processes have come here."""
        self._accelerator.wait_for_everyone()

    def free(self) -> None:
        """Let go of the model and its wrappers."""
        self._accelerator.free_memory()


def _whole(tensor: Tensor) -> Tensor:
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
