"""What the logit lens has to read of each item: rows of tokens, places in them, and what counts there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from interlingua.core.errors import BadInput
from interlingua.core.lens_read import Words
from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.label_tokens import TAIL, Beginnings, label_tokens
from interlingua.scoring.tokens import cut_left, encode, start_token

Where = int | Sequence[int] | Literal["all"]


class Probe(NamedTuple):
    """A place in a row of tokens where words of one kind are read; `groups` are the tokens summed up there.

    One group per option; behind those of English words that of the tokens that native words begin with as
    well, where there are native words at this place.
    """

    item: int
    position: int
    kind: Words
    place: int
    groups: tuple[tuple[int, ...], ...]


@dataclass
class Plan:
    """Rows of tokens with their probes; per item the tokens `cut` off; words that were `unclear`."""

    rows: list[tuple[int, ...]] = field(default_factory=list)
    probes: list[list[Probe]] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    unclear: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def places(self) -> list[list[int]]:
        """The places to be read in each row."""
        return [sorted({probe.place for probe in own}) for own in self.probes]


def plan_reads(
    lm: LM,
    items: Sequence[Choice],
    english: Sequence[str] | None,
    native: Mapping[str, Sequence[str]],
    position: Where,
) -> Plan:
    """One row per item, unless its kinds of words are joined to different texts; see `read_lens`.

    Raises `BadInput` as `read_lens` does.
    """
    if not items:
        raise BadInput("There are no items to look at through the lens; give at least one.")
    positions = _positions(position)
    kinds = [_words(item, english, native) for item in items]
    ends = [(item.shots + item.question)[-TAIL:] for item in items]
    known = label_tokens(
        lm, [(end, words) for end, own in zip(ends, kinds, strict=True) for words in own.values()]
    )
    plan = Plan(unclear={words for (_, words), begun in known.items() if begun is None})
    for index, ids in enumerate(encode(lm, [item.shots + item.question for item in items])):
        begun = {kind: known[ends[index], words] for kind, words in kinds[index].items()}
        whole = {
            kind: ids[: len(ids) - (labels.back if labels is not None else 0)] or [start_token(lm)]
            for kind, labels in begun.items()
        }
        kept = {kind: tuple(cut_left(lm, own, lm.context)) for kind, own in whole.items()}
        plan.cut.append(max(len(whole[kind]) - len(kept[kind]) for kind in kept))
        for row, probes in _rows(items[index], index, kept, begun, positions):
            plan.rows.append(row)
            plan.probes.append(probes)
    return plan


def named(item: Choice) -> str:
    """An item as people read it."""
    return f"Item {item.id!r} of {item.task} ({item.lang})"


def _positions(position: Where) -> list[int] | None:
    """Positions from the end; None for all."""
    if position == "all":
        return None
    asked = [position] if isinstance(position, int) else list(position)
    if not asked or len(set(asked)) < len(asked) or not all(isinstance(at, int) and at < 0 for at in asked):
        raise BadInput(
            f"A position counts from the end of a prompt, -1 being its last token; got {position!r}."
        )
    return asked


def _words(
    item: Choice, english: Sequence[str] | None, native: Mapping[str, Sequence[str]]
) -> dict[Words, tuple[str, ...]]:
    """The words of each kind, joined to the prompt as the item's own options are."""
    if not all(option.strip() for option in item.options) or not 0 <= item.answer < len(item.options):
        raise BadInput(
            f"{named(item)} has options {item.options!r} and answer {item.answer}; "
            "every option needs text and the answer must index them."
        )
    blank = item.options[0][: len(item.options[0]) - len(item.options[0].lstrip())]
    found: dict[Words, tuple[str, ...]] = {"options": item.options}
    given: dict[Words, Sequence[str] | None] = {"english": english, "native": native.get(item.lang)}
    for kind, words in given.items():
        if words is None:
            continue
        if len(words) != len(item.options) or not all(word.strip() for word in words):
            raise BadInput(
                f"{named(item)} has {len(item.options)} options and the {kind} words {tuple(words)!r}; "
                "give one for each, in their order."
            )
        found[kind] = tuple(blank + word.strip() for word in words)
    return found


def _rows(
    item: Choice,
    index: int,
    kept: Mapping[Words, tuple[int, ...]],
    begun: Mapping[Words, Beginnings | None],
    positions: list[int] | None,
) -> list[tuple[tuple[int, ...], list[Probe]]]:
    """Rows with their probes: the longest prompt of an item serves all those that it begins with.

    The item's own options are always looked for, even if nothing counts there: their place has the entropy.
    """
    longest, shortest = max(kept.values(), key=len), min(map(len, kept.values()))
    wanted = list(range(-shortest, 0)) if positions is None else positions
    if -min(wanted) > shortest:
        raise BadInput(
            f"{named(item)} has a prompt of {shortest} tokens and none at position {min(wanted)}; "
            "take one nearer to its end."
        )
    found: dict[tuple[int, ...], list[Probe]] = {}
    for kind, labels in begun.items():
        if labels is None and kind != "options":
            continue
        groups = labels.first if labels is not None else ()
        other = begun.get("native")
        if kind == "english" and other is not None and len(kept["native"]) == len(kept[kind]):
            own, theirs = ({token for group in one for token in group} for one in (groups, other.first))
            groups = (*groups, tuple(sorted(own & theirs)))
        row = longest if longest[: len(kept[kind])] == kept[kind] else kept[kind]
        found.setdefault(row, []).extend(
            Probe(index, at, kind, len(kept[kind]) + at, groups) for at in wanted
        )
    return list(found.items())
