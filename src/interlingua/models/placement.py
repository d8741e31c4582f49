"""Where a model's weights are held and in which numbers: device and number format, chosen or checked."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import torch

from interlingua.core.errors import BadInput

_FORMATS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
FOUR_BIT = "4bit"


@dataclass(frozen=True)
class Placement:
    """A device and a number format: a torch type, `auto` (as the checkpoint holds them) or `4bit`."""

    device: torch.device
    numbers: torch.dtype | str

    @property
    def four_bit(self) -> bool:
        """Whether the weights are squeezed into four bits while they are read."""
        return self.numbers == FOUR_BIT


def placement(device: str = "auto", dtype: str = "auto") -> Placement:
    """`auto` takes CUDA, then MPS, then CPU; float32 on CPU, bfloat16 on CUDA, else the checkpoint's own.

    Raises `BadInput` for a device that is not here, a format nobody knows, and `4bit` off CUDA or without
    bitsandbytes.
    """
    place = _device(device)
    return Placement(place, _numbers(dtype, place))


def four_bit_options() -> dict[str, Any]:
    """What transformers is told for four-bit weights: normal-float blocks that compute in bfloat16.

    Source: Dettmers et al. 2023, arXiv:2305.14314, sections 3 (NF4, double quantisation).
    """
    from transformers import BitsAndBytesConfig

    how = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )  # fmt: skip
    return {"quantization_config": how, "dtype": torch.bfloat16}


def _device(wanted: str) -> torch.device:
    if wanted == "auto":
        cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
        return torch.device("cuda" if cuda else "mps" if mps else "cpu")
    try:
        torch.empty(0, device=wanted)
    except (RuntimeError, AssertionError) as error:
        raise BadInput(f"Device {wanted!r} cannot be used here; say cpu, cuda or auto.") from error
    return torch.device(wanted)


def _numbers(wanted: str, device: torch.device) -> torch.dtype | str:
    usual: dict[str, torch.dtype] = {"cpu": torch.float32, "cuda": torch.bfloat16}
    if wanted == "auto":
        return usual.get(device.type, "auto")
    if wanted == FOUR_BIT:
        if device.type != "cuda":
            raise BadInput(f"dtype 4bit needs CUDA, and this model goes to {device.type}; say bfloat16.")
        if find_spec("bitsandbytes") is None:
            raise BadInput(
                "dtype 4bit needs bitsandbytes: pip install '.[quant]' in the checkout; or say bfloat16."
            )
        return FOUR_BIT
    if wanted not in _FORMATS:
        raise BadInput(f"No number format {wanted!r}; say auto, {', '.join(_FORMATS)} or {FOUR_BIT}.")
    return _FORMATS[wanted]
