"""Arithmetic word problems in 10 languages (MSVAMP), answered with a number.

The shots solve four sums in one step each. The last number that the model writes is its answer. Prompts
are ours and not checked by native speakers.
"""

from interlingua.data.task import Hub, Task
from interlingua.data.tasks._sums import FEW, QUESTION, SHOTS

TASK = Task(
    licence="MIT",
    source="Chen et al. 2023, arXiv:2310.20246; microsoft/MathOctopus",
    folder="msvamp",
    files={"test": "test.parquet"},
    hub=Hub(
        name="Mathoctopus/MSVAMP",
        configs={lang: lang for lang in ("bn", "de", "en", "es", "fr", "ja", "ru", "sw", "th", "zh")},
        columns={"id": "#", "question": "m_query", "answer": "response"},
    ),
    question=QUESTION,
    answer="answer",
    match="number",
    few=FEW,
    shots=SHOTS,
)
