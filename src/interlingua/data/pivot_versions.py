"""Pivot versions: what a question of any language is in the pivot, known where questions are parallel."""

from interlingua.data.contaminated import Questions


def pivot_versions(questions: Questions, pivot: str) -> dict[str, str]:
    """Each question -> the question of its group in the pivot, those of the pivot -> themselves.

    A question whose group the pivot lacks is left out.
    """
    found = dict[str, str]()
    for side in (questions.tested, questions.others):
        told = {
            (task, item.group): item.question
            for task, lang in side
            if lang == pivot
            for item in side[task, lang]
        }
        for (task, _), items in side.items():
            found |= {item.question: told[task, item.group] for item in items if (task, item.group) in told}
    return found
