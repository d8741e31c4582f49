"""Device and number format: what auto takes, what is refused, and four bits where they can be had."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models import placement as module
from interlingua.models.adapters import with_lora
from interlingua.models.lm import load, save
from interlingua.models.placement import placement


@pytest.fixture
def with_cuda(monkeypatch):
    """A machine that says it has CUDA."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.fixture
def bare(monkeypatch):
    """A machine with nothing but a processor."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("bare")
def test_a_processor_takes_float32_unless_told_otherwise():
    assert placement() == module.Placement(torch.device("cpu"), torch.float32)
    assert placement("cpu", "bfloat16").numbers == torch.bfloat16


@pytest.mark.usefixtures("with_cuda")
def test_cuda_takes_bfloat16_unless_told_otherwise():
    assert placement() == module.Placement(torch.device("cuda"), torch.bfloat16)
    assert placement("auto", "float16").numbers == torch.float16


@pytest.mark.usefixtures("bare")
def test_mps_keeps_the_numbers_of_the_checkpoint(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert placement() == module.Placement(torch.device("mps"), "auto")


def test_a_model_is_read_in_the_wanted_numbers(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    for dtype, wanted in (("bfloat16", torch.bfloat16), ("auto", torch.float32), ("float16", torch.float16)):
        model = load(folder, device="cpu", dtype=dtype).model
        assert {parameter.dtype for parameter in model.parameters()} == {wanted}


def test_unknown_formats_and_devices_are_refused():
    with pytest.raises(
        BadInput, match="No number format 'int3'; say auto, float32, bfloat16, float16 or 4bit"
    ):
        placement("cpu", "int3")
    with pytest.raises(BadInput, match="Device 'gpu' cannot be used here; say cpu, cuda or auto"):
        placement("gpu")


@pytest.mark.usefixtures("with_cuda")
def test_four_bits_need_cuda_and_bitsandbytes(monkeypatch):
    with pytest.raises(BadInput, match=r"dtype 4bit needs CUDA, and this model goes to cpu; say bfloat16"):
        placement("cpu", "4bit")
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"dtype 4bit needs bitsandbytes: pip install '.\[quant\]'"):
        placement("auto", "4bit")
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    assert placement("auto", "4bit").four_bit


@pytest.mark.gpu
def test_four_bits_on_cuda(tiny_lm, logits, stirred, tmp_path):
    pytest.importorskip("bitsandbytes")
    folder = save(tiny_lm(hidden_size=128), tmp_path / "model")
    base, again = (load(folder, "cuda", "4bit") for _ in range(2))
    assert base.model.is_quantized
    assert base.fingerprint() == again.fingerprint() != load(folder, "cuda").fingerprint()
    adapted = with_lora(base, "all-linear", 4, 8)
    assert torch.equal(on_cuda(adapted), on_cuda(base))
    before = on_cuda(base)
    stirred(adapted)
    assert torch.equal(on_cuda(base), before)
    back = load(save(adapted, tmp_path / "adapter"), "cuda", "4bit")
    assert torch.equal(on_cuda(back), on_cuda(adapted))
    assert back.fingerprint() == adapted.fingerprint()


def on_cuda(lm):
    """Logits of one line."""
    ids = torch.tensor([lm.tokenizer("der fluss ist lang")["input_ids"]], device="cuda")
    with torch.no_grad():
        return lm.model(input_ids=ids).logits
