"""What a recipe is given: context, knobs read from text, ranges; and that listing loads nothing heavy."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.named import world
from interlingua.recipes.recipe import Context, Outcome, check_knobs, knob_sources, with_knobs


@dataclass(frozen=True)
class Knobs:
    """One knob of each kind."""

    kind: Literal["near", "far"] = "near"  # the paper: near
    count: int = 3
    rate: float = 0.5
    steps: int | None = None
    names: tuple[str, ...] = ("a", "b")
    loud: bool = False
    text: str = "t"

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        check_knobs(self, at_least_one=("count", "steps"), above_zero=("rate",), shares=("rate",))


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("kind", "far", "far"),
        ("count", "7", 7),
        ("count", 7, 7),
        ("rate", "1e-3", 1e-3),
        ("rate", "nan", BadInput("Knob rate must be above 0, not nan.")),
        ("steps", "None", None),
        ("steps", None, None),
        ("steps", "12", 12),
        ("names", "q_proj, v_proj", ("q_proj", "v_proj")),
        ("names", ["q_proj"], ("q_proj",)),
        ("loud", "Yes", True),
        ("loud", False, False),
        ("text", "3", "3"),
        ("kind", "fra", BadInput("Knob kind is one of near, far, not 'fra'.")),
        ("count", "many", BadInput("Knob count takes int, not 'many'.")),
        ("count", 2.5, BadInput("Knob count takes int, not 2.5.")),
        ("count", None, BadInput("Knob count takes int, not None.")),
        ("count", "0", BadInput("Knob count must be at least 1, not 0.")),
        ("steps", "-4", BadInput("Knob steps must be at least 1, not -4.")),
        ("rate", "1", BadInput("Knob rate must be a share from 0 to below 1, not 1.0.")),
        ("names", 3, BadInput("Knob names takes tuple, not 3.")),
        ("loud", "maybe", BadInput("Knob loud takes bool, not 'maybe'.")),
        ("text", 3, BadInput("Knob text takes str, not 3.")),
    ],
)
def test_values_are_read_as_their_knobs_type(name: str, given: object, read: Any) -> None:
    if isinstance(read, BadInput):
        with pytest.raises(BadInput) as told:
            with_knobs(Knobs(), {name: given})
        assert str(told.value) == str(read)
        return
    found = getattr(with_knobs(Knobs(), {name: given}), name)
    assert found == read
    assert type(found) is type(read)


def test_an_int_is_fine_where_a_float_is_wanted_and_others_stay() -> None:
    with pytest.raises(BadInput, match="rate must be a share"):
        with_knobs(Knobs(), {"rate": 1})
    assert with_knobs(Knobs(count=9), {"text": "x"}) == Knobs(count=9, text="x")
    assert with_knobs(Knobs(), {}) == Knobs()


def test_an_unknown_knob_has_near_names() -> None:
    with pytest.raises(UnknownName, match=r"No knob called 'cuont'\. Did you mean count"):
        with_knobs(Knobs(), {"cuont": 3})


def test_a_context_translates_into_the_pivot_and_keeps_its_stages_apart(tmp_path: Path) -> None:
    place = world("lab:tiny")
    ctx = Context(None, place, ("qab_Cyrl",))  # type: ignore[arg-type]
    assert (ctx.target, ctx.checkpoint("one")) == ("qaa_Latn", None)
    kept = Context(None, place, ("qab_Cyrl",), target="qad_Deva", folder=tmp_path)  # type: ignore[arg-type]
    assert (kept.target, kept.checkpoint("one")) == ("qad_Deva", tmp_path / "one")


@pytest.mark.parametrize(
    ("languages", "target", "told"),
    [
        ((), "", "No language to tune on"),
        (("qaa_Latn",), "", "qaa_Latn is the target language"),
        (("qab_Cyrl", "qad_Deva"), "qab_Cyrl", "qab_Cyrl is the target language"),
        (("qab_Latn",), "", r"No language of lab:tiny called 'qab_Latn'. Did you mean"),
        (("qab_Cyrl",), "qaz_Latn", "No language of lab:tiny called 'qaz_Latn'"),
    ],
)
def test_languages_that_do_not_fit_are_refused(languages: tuple[str, ...], target: str, told: str) -> None:
    with pytest.raises((BadInput, UnknownName), match=told):
        Context(None, world("lab:tiny"), languages, target=target)  # type: ignore[arg-type]


def test_the_catalogue_loads_no_torch() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from interlingua.cli.main import main; "
        "done = CliRunner().invoke(main, ['recipes']); assert 'question_translation' in done.stdout; "
        "sys.exit('torch' in sys.modules or done.exit_code)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_gathered_by_language_stands_by_quantity_and_the_first_model_is_tuned() -> None:
    x: Any = "model of x"
    y: Any = "model of y"
    found = {"x": {"area": 1.0, "bits": None}, "y": {"area": 2.0, "bits": 3.0}}
    done = Outcome.by_language({"x": x, "y": y}, {"steps": 4.0}, found, {"x": {"bits": None}})
    assert done == Outcome({"tuned": x, "tuned-y": y}, facts={"steps": 4.0},
                           numbers={"area": {"x": 1.0, "y": 2.0}, "bits": {"y": 3.0}})  # fmt: skip
    assert Outcome.by_language({}, {}, {}) == Outcome()


def test_the_comment_behind_a_knob_is_its_source() -> None:
    assert knob_sources(Knobs) == {"kind": "the paper: near"}
