"""Cause or effect in 12 languages (XCOPA and COPA): which of two sentences goes on after "because" or "so".

The premise without its full stop, a connective and the choice make one sentence. Connectives are ours and not
checked by native speakers. The English row tells whether the cause or the effect is asked for: as published,
`question` differs from it in Thai (250 of 500 test items), Turkish (51), Swahili (37), Indonesian and Italian
(4 each), where the answer is still that to the English question.
"""

from interlingua.data.task import Hub, Task

_SPACED = "{premise|unstopped}{question} {answer|lowered}"

TASK = Task(
    licence="CC BY 4.0 (XCOPA), BSD-2-Clause (COPA)",
    source="Ponti et al. 2020, arXiv:2005.00333; cambridgeltl/xcopa; English: Roemmele et al. 2011",
    folder="xcopa",
    files={"val": "val.parquet", "test": "test.parquet"},
    hub=Hub(
        name="cambridgeltl/xcopa",
        configs={lang: lang for lang in ("et", "ht", "id", "it", "qu", "sw", "ta", "th", "tr", "vi", "zh")},
        splits={"val": "validation"},
        columns={"id": "idx"},
    ),
    of_pivot=("question",),
    question={
        **dict.fromkeys(("et", "ht", "id", "it", "qu", "sw", "vi"), _SPACED),
        "en": "{premise|unstopped}{question} {answer|lowered_en}",
        "ta": "{premise|unstopped}{question} {answer}",
        "th": "{premise}{question}{answer}",
        "tr": "{premise|unstopped}{question} {answer|lowered_tr}",
        "zh": "{premise|unstopped}{question}{answer}",
    },
    words={
        "question": {
            "en": {"cause": " because", "effect": ", so"},
            "et": {"cause": ", sest", "effect": ", nii et"},
            "ht": {"cause": " paske", "effect": ", donk"},
            "id": {"cause": " karena", "effect": ", sehingga"},
            "it": {"cause": " perché", "effect": ", quindi"},
            "qu": {"cause": ", imaraykuchus", "effect": ", chayrayku"},
            "sw": {"cause": " kwa sababu", "effect": ", kwa hiyo"},
            "ta": {"cause": ", ஏனெனில்", "effect": ", எனவே"},
            "th": {"cause": "เพราะ", "effect": " ดังนั้น"},
            "tr": {"cause": ", çünkü", "effect": ", bu yüzden"},
            "vi": {"cause": " vì", "effect": " nên"},
            "zh": {"cause": "，因为", "effect": "，所以"},
        }
    },
    options=("choice1", "choice2"),
    label_is="index",
)
