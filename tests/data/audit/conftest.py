"""Tiny tables for the audit, and sentences in six languages that say the same."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from interlingua.data.audit.detector import DETECTORS
from interlingua.data.audit.finding import Finding, findings
from interlingua.data.audit.sheet import Sheet, make_sheet

# Who, does, what, where; the order of the parts differs by language.
PARTS: dict[str, tuple[str, ...]] = {
    "en": (
        "the dog|the cat|the horse|the child|the teacher|the farmer|the doctor|the sailor",
        "sees|buys|carries|finds|sells|washes|paints|hides",
        "bread|water|a stone|dry wood|white paper|red cloth|salt|honey",
        "in the morning|at home|on the market|near the river|under the bridge|behind the school",
        "{0} {1} {2} {3}.",
    ),
    "es": (
        "el perro|el gato|el caballo|el niño|el maestro|el campesino|el médico|el marinero",
        "ve|compra|lleva|encuentra|vende|lava|pinta|esconde",
        "pan|agua|una piedra|leña seca|papel blanco|tela roja|sal|miel",
        "por la mañana|en casa|en el mercado|junto al río|bajo el puente|detrás de la escuela",
        "{3} {0} {1} {2}.",
    ),
    "de": (
        "der Hund|die Katze|das Pferd|das Kind|der Lehrer|der Bauer|der Arzt|der Matrose",
        "sieht|kauft|trägt|findet|verkauft|wäscht|malt|versteckt",
        "Brot|Wasser|einen Stein|trockenes Holz|weißes Papier|rotes Tuch|Salz|Honig",
        "am Morgen|zu Hause|auf dem Markt|am Fluss|unter der Brücke|hinter der Schule",
        "{3} {1} {0} {2}.",
    ),
    "sw": (
        "mbwa|paka|farasi|mtoto|mwalimu|mkulima|daktari|baharia",
        "anaona|ananunua|anabeba|anapata|anauza|anaosha|anapaka rangi|anaficha",
        "mkate|maji|jiwe|kuni kavu|karatasi nyeupe|kitambaa chekundu|chumvi|asali",
        "asubuhi|nyumbani|sokoni|karibu na mto|chini ya daraja|nyuma ya shule",
        "{0} {1} {2} {3}.",
    ),
    "ru": (
        "собака|кошка|лошадь|ребёнок|учитель|крестьянин|врач|матрос",
        "видит|покупает|несёт|находит|продаёт|моет|красит|прячет",
        "хлеб|воду|камень|сухие дрова|белую бумагу|красную ткань|соль|мёд",
        "утром|дома|на рынке|у реки|под мостом|за школой",
        "{3} {0} {1} {2}.",
    ),
    "hi": (
        "कुत्ता|बिल्ली|घोड़ा|बच्चा|शिक्षक|किसान|डॉक्टर|नाविक",
        "देखता है|खरीदता है|उठाता है|पाता है|बेचता है|धोता है|रंगता है|छिपाता है",
        "रोटी|पानी|पत्थर|सूखी लकड़ी|सफ़ेद कागज़|लाल कपड़ा|नमक|शहद",
        "सुबह|घर पर|बाज़ार में|नदी के पास|पुल के नीचे|स्कूल के पीछे",
        "{0} {3} {2} {1}।",
    ),
}


CHOSEN = random.Random(0).sample(range(8 * 8 * 8 * 6), 500)
"""Which words make up each sentence; no two sentences are the same."""


def sentence(lang: str, number: int) -> str:
    """Sentence `number` in a language."""
    *parts, order = PARTS[lang]
    rest, chosen = CHOSEN[number], []
    for part in parts:
        words = part.split("|")
        rest, at = divmod(rest, len(words))
        chosen.append(words[at])
    return order.format(*chosen)


@pytest.fixture(scope="session")
def texts() -> Callable[[str, int], list[str]]:
    """`texts("sw", 60)`: the first sixty sentences."""
    return lambda lang, count: [sentence(lang, number) for number in range(count)]


@pytest.fixture(scope="session")
def sheet() -> Callable[..., Sheet]:
    """`sheet(text={"en": [...], "sw": [...]}, label=...)`: a table of these columns; ids are 000, 001, ..."""

    def made(
        ids: Mapping[str, Sequence[str]] | None = None,
        scripts: Mapping[str, str] | None = None,
        **columns: Mapping[str, Sequence[Any]],
    ) -> Sheet:
        first = next(iter(columns.values()))
        langs = [lang for lang, values in first.items() for _ in values]
        named = ids or {lang: [f"{at:03d}" for at in range(len(values))] for lang, values in first.items()}
        return make_sheet(
            "tiny.jsonl",
            [one for lang in first for one in named[lang]],
            langs,
            {name: [value for lang in first for value in column[lang]] for name, column in columns.items()},
            scripts or {},
        )

    return made


@pytest.fixture(scope="session")
def found() -> Callable[..., list[Finding]]:
    """`found("scripts", sheet)`: what one detector finds, however unsure."""
    return lambda name, table: list(findings(table, DETECTORS.get(name).find(table)))


@pytest.fixture(scope="session")
def told(found: Callable[..., list[Finding]]) -> Callable[..., set[tuple[str, str, str]]]:
    """`told("scripts", sheet)`: (language, kind, id) of every row found with a score of one half or more."""
    return lambda name, table: {
        (one.lang, one.kind, row) for one in found(name, table) if one.score >= 0.5 for row in one.ids
    }
