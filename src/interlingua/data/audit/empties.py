"""Nothing there: fields without text, rows without an answer."""

from collections.abc import Iterator

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits
from interlingua.data.audit.sheet import Sheet

_MOST = 0.5
"""A field that more rows of every language lack may be left out by design."""


def _find(sheet: Sheet) -> Iterator[Hits]:
    roles = sheet.roles
    for kind, columns in (("empty", roles.texts), ("unlabelled", roles.labels)):
        for column in columns:
            texts = sheet.text(column)
            bare = np.fromiter(
                (not text.strip("\ufeff\u200b \t\r\n\u00a0") for text in texts), bool, len(texts)
            )
            if bare.mean() > _MOST:
                continue
            for lang, block in sheet.blocks.items():
                rows = np.flatnonzero(bare[block.start : block.stop]) + block.start
                if len(rows):
                    told = f"{column} is empty"
                    yield Hits(kind, lang, rows, 1.0, told)


DETECTOR = Detector(
    _find,
    {
        "empty": "a text that is missing or only space, where other rows have one",
        "unlabelled": "a row without label or answer",
    },
)
