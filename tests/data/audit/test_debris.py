"""Entities and mojibake, and text that only looks like them."""

import pytest


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("html_entities", "L&#39;Oreal"),
        ("html_entities", "&quot;so&quot;"),
        ("html_entities", "A &amp; B"),
        ("html_entities", "&# 39 ; spaced"),
        ("mojibake", "CaÃ±itas"),
        ("mojibake", "9 â€“18"),
        ("mojibake", "19.500 kmÂ²"),
        ("mojibake", "BáÄch áº¡n"),
        ("mojibake", "ÐŸÑ€Ð¸Ð²ÐµÑ‚"),
    ],
)
def test_found(sheet, told, kind: str, text: str) -> None:
    assert told("debris", sheet(text={"en": ["fine", text], "de": ["gut", "Gut."]})) == {("en", kind, "001")}


@pytest.mark.parametrize(
    "text",
    [
        "Q&A; more", "AT&T and R&D;", "«\u00a0très clairement blessé\u00a0»", "Ç’është arkeologjia?", "CAFÉ™",
        "miššan ášši", "São Paulo, Ângela", "„Spaß“ und „Maß“", "ÅÄÖ", "x &notanentity; y",
    ],
)  # fmt: skip
def test_not_found(sheet, told, text: str) -> None:
    assert told("debris", sheet(text={"en": ["fine", text]})) == set()
