"""mergekit makes the same of what we read and of what we write; skipped without the extra referee."""

import warnings
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM, save
from interlingua.studies.merging import CONFIG, merge, swap

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it warns of itself is none of ours
    pytest.importorskip("mergekit", reason="needs the extra referee")
    from mergekit.config import MergeConfiguration
    from mergekit.merge import run_merge
    from mergekit.options import MergeOptions

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def folders(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base and two experts in folders of those names, in the folder that is here."""
    monkeypatch.chdir(tmp_path)
    tokenizer = small_tokenizer(["is the river long ? yes"] * 4, 300)
    for seed, name in enumerate(("base", "task", "language")):
        lm = tiny_model("llama", tokenizer, num_hidden_layers=4, tie_word_embeddings=request.param)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in lm.model.parameters():
                parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
        save(LM(lm.model, lm.tokenizer, name), name)


def same_by_mergekit(config: Path, ours: Path) -> None:
    """mergekit makes of the configuration what lies in `ours`."""
    told = MergeConfiguration.model_validate(yaml.safe_load(config.read_text(encoding="utf-8")))
    options = MergeOptions(quiet=True, write_model_card=False, copy_tokenizer=False)
    run_merge(told, "theirs", options)
    files = Path("theirs").glob("*.safetensors")
    theirs = {name: tensor for file in files for name, tensor in load_file(file).items()}
    found = load_file(ours / "model.safetensors")
    assert theirs.keys() == found.keys()
    for name, tensor in found.items():
        torch.testing.assert_close(theirs[name], tensor, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("transition", [0, 1])
def test_a_swap(folders: None, transition: int) -> None:
    swap("task", "language", "ours", bottom=1, top=0, transition=transition, embeddings="task")
    same_by_mergekit(Path("ours", CONFIG), Path("ours"))


TEXTS = {
    "ties": """
base_model: {0}/base
models: [{{model: {0}/task}}, {{model: {0}/language}}]
parameters: {{weight: 0.5, density: 0.4, lambda: 0.7}}
merge_method: ties
""",
    "linear": """
models:
  - {{model: {0}/task, parameters: {{weight: [1, 0.2]}}}}
  - {{model: {0}/language, parameters: {{weight: 1}}}}
merge_method: linear
""",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_of_theirs_and_the_one_that_we_write(folders: None, name: str) -> None:
    place = Path("theirs.yml")
    place.write_text(TEXTS[name].format(Path.cwd()), encoding="utf-8")
    merge(place, "ours")
    same_by_mergekit(place, Path("ours"))
    same_by_mergekit(Path("ours", CONFIG), Path("ours"))
