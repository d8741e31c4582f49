"""CLP-Transfer: a helper's similarities, the race against nothing, and the overlap that it needs."""

from dataclasses import replace
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput
from interlingua.lab.named import newcomers, world
from interlingua.models.lm import LM
from interlingua.recipes.clp_transfer import RECIPE, SMALL, Knobs, run
from interlingua.recipes.recipe import Context, with_knobs

QUICK = replace(SMALL, steps=3, batch_size=2, held_out=4)
LATIN, OTHER = newcomers(world("lab:new-tiny"))


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world with newcomers, and the one in the pivot's script."""
    return Context(tiny_base, world("lab:new-tiny"), (LATIN,))


def test_similarities_are_not_clipped_unless_asked() -> None:
    assert not Knobs().clip  # as in the released code
    assert SMALL.clip


def test_all_three_trainings_are_counted_in_every_arm(ctx: Context) -> None:
    method = run(ctx, QUICK)
    assert method.facts["steps"] == 9
    for changes in (*RECIPE.controls.values(), *RECIPE.baselines.values()):
        other = run(ctx, with_knobs(QUICK, changes))
        assert other.facts == method.facts
        assert other.models["tuned"].fingerprint() != method.models["tuned"].fingerprint()


def test_helper_and_race_are_shared_by_arms_in_one_folder(ctx: Context, tmp_path: Path) -> None:
    kept = replace(ctx, folder=tmp_path)
    alone = run(ctx, QUICK)
    assert run(kept, QUICK).models["tuned"].fingerprint() == alone.models["tuned"].fingerprint()
    scratch = run(kept, replace(QUICK, rows="scratch"))
    assert scratch.numbers["steps_to_target"][LATIN] <= 1
    names = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert names == {f"{stage}-{LATIN}" for stage in ("helper", "scratch", "clp-clipped")}


def test_no_overlap_is_refused_before_any_training(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlingua.recipes.clp_transfer.learn_text", None)  # a training would fail
    monkeypatch.setattr("interlingua.recipes.clp_transfer.tokenizer_like", lambda old, *rest: _Renamed(old))
    with pytest.raises(BadInput, match="share no token"):
        run(ctx, QUICK)


class _Renamed:
    """A tokenizer all of whose tokens, but special ones, are called otherwise."""

    def __init__(self, old) -> None:
        self.all_special_tokens = old.all_special_tokens
        self._tokens = {
            token if token in old.all_special_tokens else f"<{token}>": number
            for token, number in old.get_vocab().items()
        }

    def get_vocab(self) -> dict[str, int]:
        """Names to numbers."""
        return self._tokens
