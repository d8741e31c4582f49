"""Reading with four choices in English and German (Belebele): which answer fits the passage.

Whole answers are scored, not letters. All other languages: `belebele`. Prompts are ours.
"""

from interlingua.data.task import Task
from interlingua.data.tasks._asked import frames

_QUESTION = frames("{passage}\n")

TASK = Task(
    licence="CC BY-SA 4.0",
    source="Bandarkar et al. 2023, arXiv:2308.16884; English and German from saeub/item-evaluation",
    folder="belebele_ende",
    files={"test": "test.parquet"},
    cluster="passage",
    question={**_QUESTION, "*": _QUESTION["en"]},
    options="choices",
    label_is="index",
    skip_repeated=True,
)
