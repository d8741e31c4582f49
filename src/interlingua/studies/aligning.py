"""Aligning: question-translation tuning of a model, saved in the ordinary layout with its card."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from interlingua.core.files import write_atomic
from interlingua.core.provenance import versions
from interlingua.core.runs import RunFolder
from interlingua.studies import resolve
from interlingua.studies.measured import Arm, Job, tune
from interlingua.studies.prepared import prepare

RECIPE = "question_translation"


def align(
    model: str | None = None,
    on: str = "lab:standard",
    *,
    lang: Sequence[str] = (),
    to: str | None = None,
    out: Path | None = None,
    merge: bool = False,
    changes: Mapping[str, Any] | None = None,
    preset: str | None = None,
    control: str | None = None,
    seed: int = 0,
    device: str = "auto",
    run: str | None = None,
    fresh: bool = False,
    root: Path = Path("runs"),
) -> dict[str, Any]:
    """Tune a model on translating task questions of a few languages, without answers, and save it.

    `lang` are one to three languages of the source (a lab world draws them by its rule), `to` the language
    to translate into (default: the pivot). The tuned model is an adapter in `out` (default: the run folder's
    `model`), or a whole model with `merge`. `changes` are knobs of the recipe `question_translation`. A
    broken off call goes on from its last checkpoint.
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`, and what training raises.
    Source: Zhang et al. 2024, arXiv:2405.13816.
    """
    started = monotonic()
    place = resolve.source(on)
    ready = prepare(
        RECIPE, place, model, on, lang=lang, to=to, changes=changes, preset=preset, control=control,
        seed=seed, device=device,
    )  # fmt: skip
    base = ready.base
    settings = {
        "recipe": RECIPE, "model": base.fingerprint(), "source": place.fingerprint(),
        "languages": ready.languages, "target": ready.target, "knobs": ready.knobs, "seed": seed,
        "merge": merge,
    }  # fmt: skip
    with RunFolder.open("align", settings, root=root, name=run, fresh=fresh) as folder:
        keep = Path(out) if out else folder.path / "model"
        folder.record(seeds={"tuning": seed}, base=base.fingerprint(), saved=str(keep))
        job = Job(
            Arm("tuned", RECIPE), on, model, ready.languages, ready.target, (), (), None, seed,
            ready.preset, ready.changes, folder.path, device, keep=keep, merge=merge,
        )  # fmt: skip
        tuned = tune(job, base, place, folder.ledger)
        assert tuned.lm is not None  # this recipe leaves a model
        result = {
            "recipe": RECIPE, "model": base.name, "source": place.name, "pivot": place.pivot,
            "target": ready.target,
            "tuned_languages": list(ready.languages), "control": control, "preset": ready.preset or "paper",
            "knobs": {name: str(value) for name, value in vars(ready.knobs).items()},
            "cost": dict(tuned.facts),
            "template": tuned.template, "saved": str(keep), "merged": merge,
            "fingerprint": tuned.lm.fingerprint(), "versions": versions(), "seeds": {"tuning": seed},
            "folder": str(folder.path),
            "seconds": round(monotonic() - started, 1),
        }  # fmt: skip
        write_atomic(folder.path / "result.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        folder.finish()
    return result
