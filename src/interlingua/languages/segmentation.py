"""Segmentation: a text as words, and as characters where a script writes no spaces."""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

# Written without spaces: Thai, Lao, Tibetan, Myanmar, Khmer, Tai Le to Tai Lue, Tai Tham, kana, Han, Yi.
_UNSPACED = (
    r"\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\ua000-\ua4cf\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """Words of a text (NFC): parts between spaces, single characters in scripts without spaces."""
    return _WORD.findall(normalize("NFC", text))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end, without the punctuation around them.

    `text[start:end]` of each; what has no letter, mark or digit is no word.
    """
    for found in _WORD.finditer(text):
        start, end = found.span()
        while start < end and category(text[start])[0] not in "LMN":
            start += 1
        while end > start and category(text[end - 1])[0] not in "LMN":
            end -= 1
        if start < end:
            yield start, end
