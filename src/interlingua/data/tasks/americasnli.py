"""Natural language inference in 10 indigenous languages of the Americas (AmericasNLI), asked as XNLI is.

Nobody here writes these languages: frame and words that answer are English, whatever the prompt.
"""

from interlingua.data.task import Hub, Task

TASK = Task(
    licence="CC BY-SA 4.0",
    source="Ebrahimi et al. 2022, arXiv:2104.08726; abteen/americasnli",
    folder="americasnli",
    files={"dev": "dev.parquet"},
    evaluated="dev",
    hub=Hub(
        name="nala-cub/americas_nli",
        configs={
            "ay": "aym", "bzd": "bzd", "cni": "cni", "gn": "gn", "hch": "hch",
            "nah": "nah", "oto": "oto", "quy": "quy", "shp": "shp", "tar": "tar",
        },
        splits={"dev": "validation"},
        columns={"id": "#"},
    ),
    few=6,
    shots_from="dev",
    question={"*": "Premise: {premise}\nHypothesis: {hypothesis}\nTrue, unclear or false? {answer}"},
    labels={"*": {"entailment": "true", "neutral": "unclear", "contradiction": "false"}},
)  # fmt: skip
