"""School examinations in 16 languages (EXAMS): three to five answers of its own for every question.

Whole answers are scored, not letters. Languages have different questions. Prompts are
ours and not checked by native speakers.
"""

from interlingua.data.task import Task
from interlingua.data.tasks._asked import frames

_LANGUAGES = (
    *("ar", "bg", "de", "en", "es", "fr", "hr", "hu", "it"),
    *("lt", "mk", "pl", "pt", "sq", "sr", "tr", "vi"),
)

TASK = Task(
    licence="CC BY-SA 4.0",
    source="Hardalov et al. 2020, arXiv:2011.03080; mhardalov/exams-qa",
    folder="exams",
    files={"dev": "dev.parquet"},
    evaluated="dev",
    parallel=False,
    question={lang: frame for lang, frame in frames().items() if lang in _LANGUAGES},
    options="choices",
    label="answer",
    label_is="letter",
    skip_repeated=True,
)
