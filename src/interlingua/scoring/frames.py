"""Frames: how each task of a source is asked in the pivot, for answering restated questions."""

from interlingua.core.errors import MissingResource
from interlingua.data.source import Source
from interlingua.scoring.restate import Frame


def pivot_frames(source: Source, split: str = "test") -> dict[str, Frame]:
    """Few-shot text and option words of every task in the pivot; `MissingResource` where it has no items.

    Where every item has options of its own, the frame has none: a restated question keeps its item's.
    """
    frames = {}
    for task in source.tasks:
        items = source.task(task, source.pivot, split)
        if not items:
            raise MissingResource(
                f"{source.name} has no {split} item of {task} in {source.pivot}, its pivot."
            )
        same = {item.options for item in items} == {items[0].options}
        frames[task] = Frame(items[0].shots, items[0].options if same else ())
    return frames
