"""The shipped recipe on real questions of five languages, measured in twenty, with ordinary architectures."""

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from interlingua.data.files import FileSource
from interlingua.studies import resolve
from interlingua.studies.single import run_recipe

SPEC = Path(__file__).resolve().parents[2] / "examples" / "snli.toml"


# What a random model writes may end inside a character, into which the first token of every label runs.
@pytest.mark.filterwarnings("ignore:Labels .* cannot be told apart")
@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_question_translation_on_real_questions(
    kind: str, shared_data: Path, random_model: Any, same_logits: Any, tmp_path: Path
) -> None:
    source = FileSource(SPEC)
    texts = [
        pair.source
        for lang in ("deu_Latn", "swh_Latn")
        for pair in islice(source.questions(lang, "eng_Latn"), 200)
    ]
    folder = random_model(kind, texts)
    told = run_recipe(
        "question_translation", model=str(folder), source=str(SPEC), languages=("de", "sw"),
        changes={"steps": 2, "batch_size": 4, "limit": 20}, limit=4, device="cpu", root=tmp_path,
    )  # fmt: skip
    assert (told["pivot"], told["tuned_languages"]) == ("eng_Latn", ["deu_Latn", "swh_Latn"])
    for mode in ("direct", "restate"):
        languages = told["modes"][mode]["languages"]
        assert len(languages) == 20
        assert {each["tuned"]["n"] for each in languages.values()} == {4}
        assert told["modes"][mode]["chance"] == pytest.approx(1 / 3)
    tuned = resolve.model(told["saved"], str(SPEC), "cpu")
    assert tuned.adapted
    same_logits(tuned, Path(told["saved"]), str(folder))
