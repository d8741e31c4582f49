"""School arithmetic in 11 languages (MGSM), answered with a number.

The problems take several steps; the shots, those of `msvamp`, show one each. The last number that the model
writes is its answer. Prompts are ours and not checked by native speakers.
"""

from interlingua.data.task import Hub, Task
from interlingua.data.tasks._sums import FEW, QUESTION, SHOTS

TASK = Task(
    licence="CC BY-SA 4.0",
    source="Shi et al. 2022, arXiv:2210.03057; google-research/url-nlp",
    folder="mgsm",
    files={"test": "test.parquet"},
    hub=Hub(
        name="juletxara/mgsm",
        configs={lang: lang for lang in ("bn", "de", "en", "es", "fr", "ja", "ru", "sw", "te", "th", "zh")},
        columns={"id": "#", "answer": "answer_number"},
    ),
    question=QUESTION,
    answer="answer",
    match="number",
    max_new_tokens=256,
    few=FEW,
    shots=SHOTS,
)
