"""Tunnel worlds: the lab worlds that judge a recipe, by the kind it names, and why kinds stand apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.named import JUDGES, NEW_JUDGES, SUM_JUDGES, spec


@dataclass(frozen=True)
class Kind:
    """One kind of world: its judging worlds, others of the kind, and what is asked in them.

    `others` are the tuning world and the smallest one, which judge nothing and are taken only when named.
    `tasks` are the tasks asked; none: those that the base has learned in the pivot. `why` says in one
    sentence what sets the kind's numbers apart from those of other kinds.
    """

    name: str
    judges: tuple[str, ...]
    others: tuple[str, ...]
    title: str
    why: str
    tasks: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "judge", JUDGES, ("lab:standard", "lab:tiny"), "Languages that the base has read",
            "The base has read every language here, most of them little, and has learned the tasks in its "
            "pivot: what is judged is how much of that reaches the other languages.",
        ),
        Kind(
            "sums", SUM_JUDGES, ("lab:sums", "lab:sums-tiny"),
            "An ability that the base lacks",
            "The base cannot do sums in any language, so a gain here is a new ability carried over, and "
            "cannot be set beside a gain on tasks that the base knows.",
            ("arithmetic",),
        ),
        Kind(
            "newcomer", NEW_JUDGES, ("lab:new", "lab:new-tiny"),
            "Languages that base and tokenizer never saw",
            "Neither the base nor its tokenizer has seen the languages tuned on here, so a method has to "
            "teach a language before it can carry anything over.",
        ),
    )
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind called `name`; `UnknownName` otherwise."""
    if name not in KINDS:
        raise UnknownName("kind of lab world", name, KINDS)
    return KINDS[name]


def worlds_of(kind: Kind, named: Sequence[str] = (), seeds: int | None = None) -> tuple[str, ...]:
    """The worlds of a kind to run: its first `seeds` judging worlds, or those of the `named` that are of it.

    Raises `UnknownName` for a named world that there is not, `BadInput` for more seeds than worlds.
    """
    if named:
        full = tuple(dict.fromkeys(spec(name).name for name in named))
        return tuple(name for name in full if name in (*kind.judges, *kind.others))
    if seeds is None:
        return kind.judges
    if not 1 <= seeds <= len(kind.judges):
        raise BadInput(
            f"--seeds is {seeds}; there are {len(kind.judges)} judging worlds of kind {kind.name}."
        )
    return kind.judges[:seeds]


def smallest(kind: Kind) -> str:
    """The smallest world of a kind, for trying things out."""
    return kind.others[-1]
