"""A full result of twelve lab languages in seven scripts, as the demo writes it."""

import random
from typing import Any

import pytest

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
