"""ParallelText: the same text in several languages, as pairs of any two of them."""

from collections.abc import Sequence
from typing import Any

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Pair
from interlingua.data.long_table import Rows
from interlingua.data.tables import text_of


class ParallelText:
    """Rows of one id say the same in their languages.

    `target` is a column that holds the pivot's text in the rows of every language; the pivot then has none
    of its own. A text is cut where `strip_after` begins. `title` names it in messages, `instead` what
    would do where languages have nothing in common.
    """

    def __init__(
        self,
        rows: Rows,
        pivot: str,
        *,
        id: str,
        text: str,
        target: str | None,
        strip_after: str,
        instead: str,
    ) -> None:
        self.rows, self.pivot, self.title = rows, pivot, rows.title
        self.languages = rows.languages | ({pivot} if target else set())
        self._id, self._text, self._target, self._strip_after = id, text, target, strip_after
        self._instead = instead
        self._read: dict[tuple[str, str, bool], dict[str, str]] = {}

    def pairs(self, a: str, b: str, split: str) -> list[Pair]:
        """Source in `a`, target in `b`, for the ids that both have.

        Raises:
            BadInput: one language twice, an empty text, an id that comes twice.
            MissingResource: no rows in a language, no split of that name, or no id in both languages.
        """
        if a == b:
            raise BadInput(f"{self.title} of {a} with itself are no pairs; name two languages.")
        left, right = self._side(a, b, split), self._side(b, a, split)
        common = [id_ for id_ in left if id_ in right]
        if not common:
            raise MissingResource(f"{self.title} has no id in both {a} and {b}; {self._instead}.")
        return [Pair(id_, a, b, left[id_], right[id_], group=id_) for id_ in common]

    def texts(self, lang: str, split: str) -> Sequence[str]:
        """The text of one language."""
        return list(self._column(lang, self._text, split, cut=True).values())

    def _side(self, lang: str, other: str, split: str) -> dict[str, str]:
        """Id to text of `lang`; the pivot's text may stand in the rows of the `other` language."""
        if self._target is not None and lang == self.pivot:
            return self._column(other, self._target, split, cut=False)
        return self._column(lang, self._text, split, cut=True)

    def _column(self, lang: str, column: str, split: str, cut: bool) -> dict[str, str]:
        key = (lang, split, cut)
        if key not in self._read:
            found: dict[str, str] = {}
            for row in self.rows.rows(lang, split):
                id_ = str(row[self._id])
                if id_ in found:
                    raise BadInput(f"{self.title}: id {id_!r} comes twice among the {split} rows of {lang}.")
                title = f"{self.title} ({lang})"
                found[id_] = self._cut(row, column, id_, lang) if cut else text_of(row, column, title, id_)
            self._read[key] = found
        return self._read[key]

    def _cut(self, row: dict[str, Any], column: str, id_: str, lang: str) -> str:
        text = text_of(row, column, f"{self.title} ({lang})", id_)
        if not self._strip_after:
            return text
        text, marker, _ = text.partition(self._strip_after)
        if not marker:
            raise BadInput(f"{self.title}: {lang} row {id_!r} has no {self._strip_after!r} (strip_after).")
        return text
