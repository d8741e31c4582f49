"""Named worlds: what `lab:NAME` means. Knobs are tuned on `standard`, headlines come from judging worlds."""

import random
from collections.abc import Mapping
from dataclasses import replace

from interlingua.core.errors import UnknownName
from interlingua.core.seeds import derive
from interlingua.lab.sums import SUMS
from interlingua.lab.tongues import Marking, Order, TongueSpec
from interlingua.lab.worlds import World, WorldSpec

ZIPF = 0.5
_FAMILIES = ("north", "south", None, "north", "south", None, "north", "south", None, "north", "south", None)
_SCRIPTS = ("Latn", "Deva", "Cyrl", "Latn", "Arab", "Geor", "Cyrl", "Deva", "Latn", "Grek", "Arab", "Ethi")
_ORDERS: tuple[Order, ...] = ("SVO", "SVO", "SOV", "SOV", "VSO")
_MARKINGS: tuple[Marking, ...] = ("suffix", "suffix", "prefix", "particle")


def drawn(name: str, seed: int, without_bilingual: int = 0) -> WorldSpec:
    """A world of twelve languages beside the pivot: two families of four, four isolates, seven scripts.

    Ranks of data share alternate between families and isolates, shares fall as Zipf's law with exponent
    `ZIPF`. Scripts, word order, marking and the adjective's place are drawn from the seed.
    `without_bilingual` languages, drawn among all but the first two ranks, have no text beside the pivot's.
    """
    rng = random.Random(derive(seed, "typology"))
    scripts = list(_SCRIPTS)
    rng.shuffle(scripts)
    codes = [f"qa{letter}_{script}" for letter, script in zip("bcdefghijklm", scripts, strict=True)]
    without = set(rng.sample(codes[2:], without_bilingual))
    tongues = tuple(
        TongueSpec(
            code,
            family,
            order=rng.choice(_ORDERS),
            marking=rng.choice(_MARKINGS),
            adjective_first=rng.random() < 0.5,
            share=(rank + 1) ** -ZIPF,
            bilingual=code not in without,
        )
        for rank, (code, family) in enumerate(zip(codes, _FAMILIES, strict=True))
    )
    return WorldSpec(name, TongueSpec("qaa_Latn", share=0.0), tongues, seed)


def _tiny() -> WorldSpec:
    """Three languages, two tasks: what tests use."""
    tongues = (
        TongueSpec("qab_Cyrl", "north", share=1.0),
        TongueSpec("qac_Arab", "north", order="SOV", share=1.0),
        TongueSpec("qad_Deva", None, order="VSO", marking="prefix", share=1.0),
    )
    bank = {"train": 400, "dev": 60, "test": 60}
    pivot, tasks = TongueSpec("qaa_Latn", share=0.0), ("sentiment", "topic")
    return WorldSpec("lab:tiny", pivot, tongues, 7, tasks=tasks, vocabulary=700, bank=bank)


JUDGES = tuple(f"lab:judge-{number}" for number in range(1, 6))
"""Judging worlds; in the last two, five of the ten unseen languages have no bilingual text."""


def with_sums(spec: WorldSpec, name: str) -> WorldSpec:
    """A world with the languages and the base of another, and arithmetic beside its tasks."""
    return replace(spec, name=name, tasks=(*spec.tasks, SUMS), base=spec.base or spec.name)


COGNATES = 0.35
"""Share of the pivot's words in the newcomer that is written in the pivot's script."""


def with_newcomers(spec: WorldSpec, name: str) -> WorldSpec:
    """A world with the languages and the base of another, and two that base and tokenizer never saw.

    One is written in the pivot's script and has `COGNATES` of the pivot's words, the other has nothing but
    names in common with anybody, and a script of its own. Both have text, parallel text, a dictionary and
    tasks; their share of pretraining is 0. Script, word order, marking and the adjective's place are drawn
    from the seed.
    """
    rng = random.Random(derive(spec.seed, "newcomers"))
    last = max(tongue.code[2] for tongue in spec.tongues)
    scripts = (spec.pivot.script, rng.choice(("Armn", "Hebr")))
    newcomers = tuple(
        TongueSpec(
            f"qa{chr(ord(last) + place)}_{script}",
            borrowed=COGNATES if script == spec.pivot.script else 0.0,
            order=rng.choice(_ORDERS),
            marking=rng.choice(_MARKINGS),
            adjective_first=rng.random() < 0.5,
            share=0.0,
        )
        for place, script in enumerate(scripts, 1)
    )
    return replace(spec, name=name, tongues=(*spec.tongues, *newcomers), base=spec.base or spec.name)


_PRETRAINED: Mapping[str, WorldSpec] = {
    "lab:tiny": _tiny(),
    "lab:standard": drawn("lab:standard", 0),
    **{name: drawn(name, 101 + place, 5 if place >= 3 else 0) for place, name in enumerate(JUDGES)},
}
SUM_JUDGES = tuple(f"lab:sums-{number}" for number in range(1, 6))
"""Judging worlds with arithmetic; `lab:sums` is the tuning world."""

NEW_JUDGES = tuple(f"lab:new-{number}" for number in range(1, 6))
"""Judging worlds with newcomers; `lab:new` is the tuning world, `lab:new-tiny` what tests use."""

WORLDS: Mapping[str, WorldSpec] = {
    **_PRETRAINED,
    "lab:new": with_newcomers(_PRETRAINED["lab:standard"], "lab:new"),
    "lab:new-tiny": with_newcomers(_PRETRAINED["lab:tiny"], "lab:new-tiny"),
    **{
        name: with_newcomers(_PRETRAINED[judge], name) for name, judge in zip(NEW_JUDGES, JUDGES, strict=True)
    },
    "lab:sums-tiny": with_sums(_PRETRAINED["lab:tiny"], "lab:sums-tiny"),
    "lab:sums": with_sums(_PRETRAINED["lab:standard"], "lab:sums"),
    **{name: with_sums(_PRETRAINED[judge], name) for name, judge in zip(SUM_JUDGES, JUDGES, strict=True)},
}


def spec(name: str) -> WorldSpec:
    """The specification of a named world, with or without `lab:`; `UnknownName` otherwise."""
    full = name if name.startswith("lab:") else f"lab:{name}"
    if full not in WORLDS:
        raise UnknownName("world", name, WORLDS, hint="`interlingua lab list` shows them.")
    return WORLDS[full]


def world(name: str) -> World:
    """A named world, ready as a `Source`."""
    return World(spec(name))


def newcomers(world: World) -> tuple[str, ...]:
    """The languages that base and tokenizer of a world never saw."""
    return tuple(tongue.code for tongue in world.spec.tongues if not tongue.share)


def tuned_by_rule(world: World) -> tuple[str, ...]:
    """The languages a world is tuned on: its newcomers; or the two largest with bilingual text, not kin."""
    if new := newcomers(world):
        return new
    first, *rest = (t for t in world.spec.tongues if t.bilingual)
    second = next((t for t in rest if t.family is None or t.family != first.family), rest[0])
    return first.code, second.code
