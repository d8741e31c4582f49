"""Counts: what texts are made of, as the rows of an integer array `(count, text)`."""

COUNTS = (
    *("tokens", "characters", "bytes", "words", "unknown", "pieces"),
    *("graphemes", "split", "changed", "lost"),
)
"""Characters are code points and bytes UTF-8; words are what spaces set apart, 0 where a script has none;
`unknown` tokens stand for what the vocabulary lacks, `pieces` for bytes of a character (byte fallback).
Graphemes are what readers take for one character, without spaces (Unicode Standard Annex 29); `split` ones
lie in more than one token. Both are 0 where a tokenizer does not say where its tokens lie.
`changed` is 1 for a text that does not come back from its tokens as it was, `lost` where even its
compatibility form (NFKC) without the spacing does not."""
