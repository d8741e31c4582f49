"""Full results as the demo and `explain` write them, a reader of HTML that insists, and a browser."""

import json
import math
import random
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from interlingua.report.png import browser

VOID = {"meta", "br", "input"}
ENDS = {"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}
"""Elements whose end HTML lets be left out, by what begins after them; `tbody` ends all of them."""
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--force-prefers-reduced-motion",
    "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom",
)  # fmt: skip
WATCH = """<script>
window.loads = [];
document.addEventListener("securitypolicyviolation", (event) => loads.push(event.blockedURI));
</script>"""
SAY = """<script>
window.addEventListener("load", () => {
  const say = (key, value) => document.body.setAttribute("data-" + key, JSON.stringify(value));
  %s
  say("loads", [...loads, ...performance.getEntriesByType("resource").map((entry) => entry.name)]);
});
</script>"""

LETTERS = {
    "Latn": "aeioubdklmnprstvz", "Cyrl": "аеиоубдклмнпрствз", "Grek": "αεηιουβδκλμνπρστ",
    "Deva": "अइउकखगचजटडतदनपबमयरलवसह", "Arab": "ابتجدرزسشعفقكلمنهوي", "Geor": "აბგდევზთიკლმნოპრსტუ",
    "Ethi": "ሀለመሰረበተነአከወዘየደገጠፈ",
}  # fmt: skip
LANGUAGES = [  # code, name, family, tuned on, share of text, share of bilingual text
    ("qaa_Latn", "Asterran", "Northern", False, 0.72, None),
    ("qab_Cyrl", "Borevian", "Northern", True, 0.05, 0.0021),
    ("qac_Grek", "Calydic", "Northern", False, 0.04, 0.0018),
    ("qad_Deva", "Dharani", "Eastern", True, 0.035, 0.0015),
    ("qae_Arab", "Essari", "Eastern", False, 0.03, 0.0012),
    ("qaf_Geor", "Fartuli", "Eastern", False, 0.028, 0.0011),
    ("qag_Ethi", "Gezari", "Eastern", False, 0.022, 0.0009),
    ("qah_Latn", "Hollish", "Northern", False, 0.02, 0.0006),
    ("qai_Cyrl", "Irtian", "Southern", False, 0.017, 0.0003),
    ("qaj_Latn", "Jorvic", "Southern", False, 0.014, 0.00042),
    ("qak_Deva", "Kashiri", "Southern", False, 0.012, 0.0),
    ("qal_Arab", "Lahwani", "isolate", False, 0.008, 0.0),
]


def sentence(rng: random.Random, script: str) -> str:
    letters = LETTERS[script]
    return " ".join("".join(rng.choices(letters, k=rng.randint(2, 7))) for _ in range(9))


def full_result() -> dict[str, Any]:
    """Same numbers at every call."""
    rng = random.Random(4)
    languages: dict[str, Any] = {}
    for rank, (code, name, family, seen, share, bilingual) in enumerate(LANGUAGES):
        pivot = code == "qaa_Latn"
        high = 0.95 if pivot else 0.94 - 0.045 * rank + 0.05 * seen + rng.uniform(-0.04, 0.04)
        low = 0.95 if pivot else 0.38 + rng.uniform(-0.04, 0.05)

        def near(value: float) -> float:
            return round(min(value + rng.uniform(-0.03, 0.03), 1.0), 4)

        arms = ("shuffled", "pivot_only", "reverse")
        flat = {arm: {"direct": near(low), "restate": near(low - 0.01)} for arm in arms}
        languages[code] = {
            "name": name,
            "script": code[4:],
            "direction": "rtl" if code.endswith("Arab") else "ltr",
            "family": family,
            "order": ("SVO", "SOV", "VSO")[rank % 3],
            "seen": seen,
            "share": share,
            "bilingual_share": bilingual,
            "base": {"direct": near(low), "restate": near(low), "word_accuracy": near(0.31 + 0.6 * pivot)},
            "tuned": {
                "direct": near(low + 0.02),
                "restate": near(high),
                "own_answers": near(high - 0.15 * (not pivot)),
                "word_accuracy": near(high + 0.02),
            },
            "controls": {
                **flat,
                "few_shot": {"restate": near(low + 0.03)},
                "own_answers_untranslated": {"own_answers": near(low + 0.01)},
            },
        }

    def average(seen: bool, *path: str) -> float:
        scores = []
        for code, *_ in LANGUAGES[1:]:
            score: Any = languages[code]
            if score["seen"] is seen:
                for key in path:
                    score = score[key]
                scores.append(score)
        return float(sum(scores) / len(scores))

    def between(mean: float, half: float = 0.041) -> dict[str, float]:
        return {"mean": round(mean, 4), "low": round(mean - half, 4), "high": round(mean + half, 4)}

    def gain(mode: str, *other: str, seen: bool = False) -> dict[str, float]:
        return between(average(seen, "tuned", mode) - average(seen, *other), 0.06 if seen else 0.041)

    reference = "vatu selim not karodi the orun, namela the tibor kesti"
    wrong = "vatu tibor karodi the the orun selim orun"
    right = "vatu selim not karodi the orun, namela the dovin kesti"
    samples = [
        {"lang": code, "task": "inference", "question": sentence(rng, code[4:]), "reference": reference,
         "base": wrong, "tuned": tuned}
        for code, tuned in (("qae_Arab", reference), ("qag_Ethi", right), ("qad_Deva", reference))
    ]  # fmt: skip
    before = {code: round(rng.uniform(0.18, 0.42), 3) for code, *_ in LANGUAGES[1:]}
    after = {code: round(value + rng.uniform(0.15, 0.38), 3) for code, value in before.items()}
    only, good = "own_answers_untranslated", "the pivot reaches 90%"
    arms = ("shuffled", "pivot_only", "reverse")
    return {
        "world": "lab:standard",
        "seeds": {"world": 0, "tuning": 0, "items": 0},
        "model": "lab:standard",
        "pivot": "qaa_Latn",
        "tuned_languages": ["qab_Cyrl", "qad_Deva"],
        "unseen_languages": [code for code, _, _, seen, *_ in LANGUAGES[1:] if not seen],
        "tasks": [
            {"name": "sentiment", "chance": 0.5, "pivot_accuracy": 0.987, "kept": True, "reason": good},
            {"name": "topic", "chance": 0.25, "pivot_accuracy": 0.973, "kept": True, "reason": good},
            {"name": "inference", "chance": 0.333, "pivot_accuracy": 0.92, "kept": True, "reason": good},
            {"name": "paraphrase", "chance": 0.5, "pivot_accuracy": 0.76, "kept": False,
             "reason": "the pivot itself has not learned it: 76.0% is below 90%"},
        ],
        "chance": 0.3611,
        "items_per_task": 150,
        "languages": languages,
        "gain_unseen": {
            "direct": gain("direct", "base", "direct"),
            "restate": gain("restate", "base", "restate"),
            "own_answers": gain("own_answers", "base", "direct"),
        },
        "gain_seen": {
            "direct": gain("direct", "base", "direct", seen=True),
            "restate": gain("restate", "base", "restate", seen=True),
            "own_answers": gain("own_answers", "base", "direct", seen=True),
        },
        "over_controls": {
            "restate": {arm: gain("restate", "controls", arm, "restate") for arm in (*arms, "few_shot")},
            "direct": {arm: gain("direct", "controls", arm, "direct") for arm in arms},
            "own_answers": {
                only: gain("own_answers", "controls", only, "own_answers")
            },
        },
        "pivot_change": {"direct": between(-0.004, 0.011), "own_answers": between(-0.013, 0.014)},
        "verdicts": {"restate": "works", "direct": "undecided", "own_answers": "works"},
        "alignment": {
            "before": before,
            "after": after,
            "per_layer": {"before": [0.08, 0.17, 0.29, 0.31, 0.22], "after": [0.09, 0.31, 0.57, 0.62, 0.49]},
        },
        "samples": samples,
        "knobs": [
            {"name": "lr", "value": 0.002, "paper": "5e-5",
             "reason": "0.8M weights: the rate of the paper does not move them in 400 steps"},
            {"name": "steps", "value": 400, "paper": "3 epochs", "reason": "a few minutes on a laptop"},
            {"name": "targets", "value": "all-linear", "paper": "q_proj, v_proj",
             "reason": "q and v alone are too few weights at this width"},
            {"name": "warmup", "value": 0.1, "paper": 0.1, "reason": None},
        ],
        "cost": {
            "base": {"seconds": 12.4},
            "question_translation": {"steps": 400.0, "label_tokens": 124479.0, "tokens": 369810.0,
                                     "seconds": 33.0},
            "shuffled": {"steps": 400.0, "label_tokens": 124479.0, "tokens": 369810.0, "seconds": 32.1},
            "own_answers": {"steps": 700.0, "label_tokens": 164799.0, "tokens": 584386.0,
                            "generated_tokens": 33413.0, "own_answers_right": 0.62, "seconds": 59.3},
        },
        "unit": "these languages, this seed",
        "versions": {"interlingua": "0.1.0", "python": "3.11.2", "torch": "2.13.0", "transformers": "5.23.0"},
        "command": "interlingua demo --seed 0 --device cpu",
        "seconds": 227.4,
        "report": "runs/demo/report.html",
    }  # fmt: skip


@pytest.fixture
def result() -> dict[str, Any]:
    return full_result()


class Checker(HTMLParser):
    """Collects tags, and insists that they close in order and that ids are unique."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.stack == []
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        assert len(ids) == len(set(ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end(ENDS.get(tag, set()))
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("thead", "tbody"):
            self.end({"td", "th", "tr"})
        assert self.stack.pop() == tag

    def end(self, tags: set[str]) -> None:
        """Close what HTML closes by itself."""
        while self.stack[-1:] and self.stack[-1] in tags:
            self.stack.pop()


@pytest.fixture
def checker() -> type[Checker]:
    return Checker


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """`opened(page, script)`: what the script told by `say(key, value)` in a browser, `loads` among it.

    `loads` is everything the page tried to fetch. Skips where no browser is installed; a line on the
    browser's console fails the test.
    """
    found = browser()
    if found is None:
        pytest.skip("no Chromium on this machine: scripts of the page are not exercised")

    def opened(text: str, script: str, *, width: int = 1280) -> dict[str, Any]:
        path = tmp_path / "report.html"
        text = text.replace("<title>", f"{WATCH}<title>", 1).replace("</body>", f"{SAY % script}</body>")
        path.write_text(text, encoding="utf-8")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        done = subprocess.run(
            [found, *FLAGS, profile, f"--window-size={width},900", path.as_uri()],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "CONSOLE" not in done.stderr, done.stderr
        body = next(attrs for tag, attrs in Checker(done.stdout).tags if tag == "body")
        return {key.removeprefix("data-"): json.loads(value or "null") for key, value in body.items()}

    return opened


REAL = [  # code, name, family, millions of speakers, how well a model knows it
    ("eng_Latn", "English", "Indo-European", 1500, 1.0), ("deu_Latn", "German", "Indo-European", 134, 0.9),
    ("fra_Latn", "French", "Indo-European", 310, 0.88), ("spa_Latn", "Spanish", "Indo-European", 560, 0.9),
    ("rus_Cyrl", "Russian", "Indo-European", 255, 0.82), ("zho_Hans", "Chinese", "Sino-Tibetan", 1180, 0.8),
    ("jpn_Jpan", "Japanese", "Japonic", 123, 0.76), ("kor_Hang", "Korean", "Koreanic", 82, 0.7),
    ("arb_Arab", "Arabic", "Afro-Asiatic", 330, 0.68), ("heb_Hebr", "Hebrew", "Afro-Asiatic", 9, 0.62),
    ("pes_Arab", "Persian", "Indo-European", 79, 0.6), ("hin_Deva", "Hindi", "Indo-European", 610, 0.58),
    ("ben_Beng", "Bengali", "Indo-European", 278, 0.5), ("tam_Taml", "Tamil", "Dravidian", 87, 0.4),
    ("tha_Thai", "Thai", "Tai-Kadai", 61, 0.55), ("ell_Grek", "Greek", "Indo-European", 13, 0.72),
    ("kat_Geor", "Georgian", "Kartvelian", 4, 0.35), ("swh_Latn", "Swahili", "Niger-Congo", 87, 0.42),
    ("yor_Latn", "Yoruba", "Niger-Congo", 47, 0.2), ("amh_Ethi", "Amharic", "Afro-Asiatic", 60, 0.15),
]  # fmt: skip
SAID = {
    "deu_Latn": "Der Film war langweilig.", "arb_Arab": "كان الفيلم مملاً جداً ولم يعجبني.",
    "heb_Hebr": "הסרט היה נהדר.", "zho_Hans": "这部电影非常精彩。", "hin_Deva": "फ़िल्म बहुत अच्छी थी।",
    "tha_Thai": "ภาพยนตร์เรื่องนี้สนุกมาก", "amh_Ethi": "ፊልሙ በጣም ጥሩ ነበር።", "kat_Geor": "ფილმი ძალიან კარგი იყო.",
    "swh_Latn": "Filamu ilikuwa nzuri sana.",
}  # fmt: skip


def explained_result(
    count: int = 20, depth: int = 33, points: int = 40, changed: int = 160
) -> dict[str, Any]:
    """What `explain` writes for a pair of models; same numbers at every call.

    More than 20 languages are the same ones again as lab languages: for pages of full size.
    """
    rng = random.Random(7)
    more = [
        (f"q{'abcd'[n // 26]}{chr(97 + n % 26)}_Latn", f"Language {n}", "none", 1, 0.2 + 0.6 * rng.random())
        for n in range(max(0, count - len(REAL)))
    ]
    known = [*REAL[:count], *more]
    tuned, skill = ("deu_Latn", "zho_Hans"), {code: level for code, *_, level in known}
    codes, sides = list(skill), ("before", "after")
    others = codes[1:]

    def around(mean: float, half: float) -> dict[str, Any]:
        low, high = max(mean - half, -1.0), mean + half
        return {"mean": round(mean, 5), "low": round(low, 5), "high": round(high, 5), "n": 500, "level": 0.95}

    def lift(code: str) -> float:
        return (
            0.0
            if code == "eng_Latn"
            else 0.22 * skill[code] * (1.05 - skill[code]) * 4 * rng.uniform(0.6, 1.1)
        )

    accuracy: dict[str, Any] = {}
    for mode, shift in (("direct", 0.6), ("restate", 1.0)):
        table = {}
        for code in codes:
            old = 0.34 + 0.5 * skill[code] ** 1.2 + rng.uniform(-0.03, 0.03)
            gained = shift * lift(code) + rng.uniform(-0.02, 0.02)
            table[code] = {
                "before": around(old, 0.042), "after": around(old + gained, 0.04),
                "gain": around(gained, 0.031) | {"p": 0.001, "p_holm": 0.017},
            }  # fmt: skip
        groups = {"seen": tuned, "unseen": [c for c in others if c not in tuned], "joint": others}
        means = {
            f"gain_{name}": around(
                sum(table[c]["gain"]["mean"] for c in group if c in table) / len(group), 0.018
            )
            for name, group in groups.items()
        }
        accuracy[mode] = {"chance": 1 / 3, "languages": table, **means}

    def hump(layer: int, top: float, peak: float = 0.6, wide: float = 0.22) -> float:
        return top * math.exp(-(((layer / (depth - 1) - peak) / wide) ** 2))

    def noisy(value: float, by: float = 0.015) -> float:
        return round(min(max(value + rng.uniform(-by, by), 0.0), 1.0), 4)

    def aligned(code: str, better: float) -> dict[str, Any]:
        top = min(0.98, skill[code] + better)
        mexa = [noisy(0.05 + hump(n, top, 0.55, 0.35)) for n in range(depth)]
        cosine = [noisy(0.4 + hump(n, 0.45 * top, 0.55, 0.4)) for n in range(depth)]
        return {
            "mexa": mexa, "mexa_mean": sum(mexa) / depth, "mexa_max": max(mexa),
            "estimate": sum(mexa) / depth * 0.86,
            "ranker": cosine, "ranker_random": [noisy(0.35) for _ in cosine],
            "retrieval": [noisy(value) for value in mexa], "csls": [noisy(value + 0.04) for value in mexa],
            "cka": [noisy(0.2 + value * 0.7) for value in mexa],
        }  # fmt: skip

    def read(code: str, after: bool) -> dict[str, Any]:
        level = min(1.0, skill[code] + 0.18 * after)
        rise = [1 / (1 + math.exp(-(n / (depth - 1) - 0.62) * 18)) for n in range(depth)]
        own = [1 / (1 + math.exp(-(n / (depth - 1) - 0.88) * 40)) for n in range(depth)]
        english = [noisy(0.62 * level * r * (1 - 0.6 * o), 0.008) for r, o in zip(rise, own, strict=True)]
        native = [noisy(0.5 * level * o, 0.006) for o in own]
        start, spread = depth * (0.86 - 0.3 * level), [10.3 - 7.5 * level * r for r in rise]
        return {
            "english": [[v, max(0.0, v - 0.03), v + 0.03] for v in english],
            "native": None if code == "eng_Latn" else [[v, max(0.0, v - 0.025), v + 0.025] for v in native],
            "entropy": [[v, v - 0.2, v + 0.2] for v in spread],
            "lead": around(start, 1.3),
        }  # fmt: skip

    def cloud(code: str, layer: int, after: bool) -> list[list[float]]:
        place, level = codes.index(code), skill[code]
        apart = 1 - hump(layer, 0.55 + (0.35 if after else 0.0), 0.6, 0.35)
        angle = 2 * math.pi * place / len(codes)
        x, y = 9 * apart * math.cos(angle) * (1.3 - level), 6 * apart * math.sin(angle) * (1.3 - level)
        return [[round(x + rng.gauss(0, 1.2), 4), round(y + rng.gauss(0, 0.9), 4)] for _ in range(points)]

    def grid(code: str, text: str) -> dict[str, Any]:
        tokens = text.split(" ") if " " in text else list(text)
        words = (
            ["the", " movie", "ung", "تي", " very", "好"],
            [" negative", " bad", " positive", " good", " neutral"],
        )
        cells = []
        for place in range(len(tokens)):
            column = []
            for layer in range(depth):
                deep, sure = layer / (depth - 1), 0.08 + 0.6 * max(0.0, layer / (depth - 1) - 0.35)
                pool = words[deep > 0.6 and place == len(tokens) - 1]
                first = rng.randrange(len(pool))
                top = [[pool[(first + n) % len(pool)], round(sure * 0.5**n, 4)] for n in range(5)]
                column.append({"top": top})
            cells.append(column)
        return {"lang": code, "text": text, "tokens": tokens, "cells": cells}

    def probe(rising: bool, after: bool) -> list[dict[str, Any]]:
        found = []
        for n in range(0, depth, max(1, depth // 16)):
            value = noisy(
                0.4 + 0.45 * n / depth + 0.06 * after if rising else 0.99 - hump(n, 0.25 + 0.3 * after)
            )
            found.append(
                {"layer": n, "accuracy": value, "control": noisy(0.3), "selectivity": round(value - 0.3, 4)}
            )
        return found

    def cost(code: str, worse: float) -> dict[str, Any]:
        ratio = 1 + worse * (1 - skill[code]) ** 1.5
        return {
            "fertility": None if code in ("zho_Hans", "jpn_Jpan", "tha_Thai") else round(1.25 * ratio, 3),
            "per_character": 0.24 * ratio, "per_byte": 0.2 * ratio, "ratio": round(ratio, 3),
            "bits_per_byte": round(0.9 + 0.1 * ratio, 3), "byte_fallback": round(0.08 * (ratio - 1), 4),
            "unknown": 0.0, "context_sentences": round(190 / ratio, 1),
            "split_graphemes": round(0.01 * (ratio - 1), 4),
        }  # fmt: skip

    answers = ("positive", "neutral", "negative")
    said = []
    for n in range(changed):
        lang, better = others[n % len(others)], n % 4 != 0
        question = SAID.get(lang, "Filamu hii ilikuwa nzuri sana, na nilipenda.")
        right, wrong = answers[n % 3], answers[(n + 1) % 3]
        said.append({
            "task": "sentiment" if n % 3 else "inference", "id": f"item-{n}", "lang": lang, "better": better,
            "question": question + (" " + sentence(rng, "Latn") * 12 if n % 11 == 0 else ""), "gold": right,
            "before": wrong if better else right, "after": right if better else wrong,
        })  # fmt: skip
    deep = {"before": 0.3, "after": 0.5}
    shown = [n for n in range(depth) if n % 4 == 0 or depth > 33 or count > 20]
    return {
        "model": "models/small-7b", "before": {"name": "models/small-7b", "fingerprint": "3f9ac1d2e4b5"},
        "after": {"name": "runs/align-2/model", "fingerprint": "b81e77aa0c9d"}, "source": "data/xnli",
        "pivot": "eng_Latn", "tuned_languages": list(tuned),
        "settings": {"limit": 500, "shots": 0, "prompt": "native", "positions": ["last", "weighted"]},
        "versions": {"interlingua": "0.1.0", "python": "3.11.2", "torch": "2.13.0", "transformers": "5.23.0"},
        "seeds": {"items": 0, "probes": 0}, "commit": "d33d8cf0c1", "seconds": 812.4,
        "folder": "runs/explain-1", "command": "interlingua explain runs/before runs/after --on data/xnli",
        "languages": {
            code: {"name": name, "script": code[4:], "family": family, "speakers": speakers * 1_000_000,
                   "direction": "rtl" if code[4:] in ("Arab", "Hebr") else "ltr", "seen": code in tuned,
                   "bilingual_share": None}
            for code, name, family, speakers, _ in known
        },
        "accuracy": accuracy,
        "alignment": {"sentences": 100, "parallel": "questions", "layers": depth, "languages": {
            code: {side: {"weighted": aligned(code, 0.15 * (side == "after")),
                          "last": aligned(code, 0.2 * (side == "after") - 0.1)} for side in sides}
            for code in others}},
        "lens": {
            "task": "sentiment", "position": -1, "english": list(answers),
            "languages": {code: {side: read(code, side == "after") for side in sides} for code in codes},
            "grid": [grid(code, SAID[code]) for code in ("deu_Latn", "arb_Arab", "zho_Hans")],
        },
        "geometry": {
            "fit": "joint",
            "layers": {
                str(n): {"explained": [0.31 + 0.004 * n, 0.12], "points": {
                    code: {side: cloud(code, n, side == "after") for side in sides} for code in codes}}
                for n in shown
            },
            "probes": {"language": {side: probe(False, side == "after") for side in sides},
                       "task": {side: probe(True, side == "after") for side in sides}},
            "variance_share": {
                side: {"language": [noisy(0.7 - hump(n, deep[side])) for n in range(depth)],
                       "control": [noisy(0.05) for _ in range(depth)]}
                for side in sides
            },
            "centroids": {
                code: {side: {"relative": [
                    round(3.2 - 5 * skill[code] * hump(n, deep[side]), 4) for n in range(depth)
                ]} for side in sides}
                for code in others
            },
        },
        "tokenizer": {name: {code: cost(code, worse) for code in codes}
                      for name, worse in (("small-7b", 9.0), ("wide-vocab", 3.2))},
        "changed": said, "near_ties": 3, "cut": {"amh_Ethi": 4},
    }  # fmt: skip


@pytest.fixture
def explained() -> dict[str, Any]:
    """A pair of models in 20 languages, small enough for quick tests."""
    return explained_result(depth=9, points=12)


@pytest.fixture
def explained_of() -> Callable[..., dict[str, Any]]:
    """`explained_of(count=60, depth=33)`: the same of another size."""
    return explained_result
