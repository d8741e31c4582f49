"""CLP-Transfer: a helper's similarities, the race against nothing, and the overlap that it needs."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.dictionaries import twice_in_a_row, twice_links
from interlingua.lab.named import newcomers, world
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.models.surgery.translated import word_rows
from interlingua.models.surgery.vocabulary import known
from interlingua.recipes.clp_transfer import RECIPE, SMALL, Knobs, _known, run
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


def test_every_training_is_counted_once(ctx: Context) -> None:
    method = run(ctx, QUICK)
    assert method.facts["steps"] == 9  # the helper, the model from nothing, the transfer
    for name, changes in {**RECIPE.controls, **RECIPE.baselines, **RECIPE.oracles}.items():
        other = run(ctx, with_knobs(QUICK, changes))
        if name == "scratch":
            assert other.facts == {fact: value * 2 / 3 for fact, value in method.facts.items()}
        else:
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


def test_the_oracle_has_shared_rows_then_translations_then_those_of_the_helper(ctx: Context) -> None:
    pivot, old = ctx.source.pivot, ctx.base.tokenizer
    method, oracle = run(ctx, QUICK), run(ctx, with_knobs(QUICK, RECIPE.oracles["lexicon"]))
    new = oracle.models["tuned"].tokenizer
    shared = known(_known(ctx, QUICK, LATIN, new))
    weights = _known(ctx, replace(QUICK, rows="lexicon"), LATIN, new)
    told = known(weights) & ~shared
    assert 20 < told.sum() < (~shared).sum()  # pieces that are in no word are left to the helper
    assert abs(weights[shared] - _known(ctx, QUICK, LATIN, new)[shared]).sum() == 0
    rows = word_rows(old, new, twice_in_a_row(ctx.source.dictionary(LATIN, pivot)), twice_links, 1).weights
    assert abs(weights[told] - rows[told]).sum() == 0
    assert oracle.numbers["bits_per_byte_start"] != method.numbers["bits_per_byte_start"]


def test_without_a_dictionary_the_oracle_says_so_before_any_training(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlingua.recipes.clp_transfer.learn_text", None)  # a training would fail
    monkeypatch.setattr(World, "dictionary", _lacking)
    with pytest.raises(MissingResource, match="no dictionary"):
        run(ctx, with_knobs(QUICK, RECIPE.oracles["lexicon"]))


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


def _lacking(self: World, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
    raise MissingResource("no dictionary")
