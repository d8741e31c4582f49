"""Task: one set of questions in many languages, declared in one file of `data/tasks/`.

A file on the shelf assigns one `Task` to `TASK`; its name is the task's name, the first line of its
docstring says what the task is. A declaration holds no code. An example with everything usual in it is
`data/tasks/xnli.py`; the same keys serve `[tasks.NAME]` of a user's TOML file.

Languages are written in any spelling (`sw`, `zh`, `pt-BR`); `"*"` means all of them. Frames for `en` serve
`en-GB`, but not another script. English must be there: `--prompt english` puts its frame and words around
the questions of every language.

What kind of task it is follows from what it has, exactly one of:

    labels    one set of labels: language -> label -> the word that answers
    options   options of its own for every item, in columns or in one list column
    answer    a column of free text or numbers to be written by the model
    text      no questions: the same text in many languages

Frames
    "Premise: {premise}\\nHypothesis: {hypothesis}\\nAnswer: {answer}"

    `{column}` is the text of a column, of a joined table too. `{answer}` is where the answer goes, a label
    word, an option or a text; without it, at the end. What the model reads stops before the spaces in front
    of `{answer}`; they belong to the answer, since tokenizers join them. So `Answer: {answer}` for English,
    but `答案：{answer}` for Chinese, where no space is written (nor in Thai, Japanese, Khmer, Lao, Burmese).
    What stands behind `{answer}` (a closing quote) is written in shots only; if it holds a column, it is
    part of what is scored: "{premise}, right? {answer}, {hypothesis}".
    `{column|unstopped}` leaves out a full stop at the end, `{column|lowered}` starts in lower case; so does
    `{answer|lowered}` (`lowered_en` keeps the pronoun I, `lowered_tr` knows the dotless i). `{options}` lists
    the options of an item with `letters`, one a line.

Shots are solved examples before every question: `few` of them, drawn once from the split `shots_from`, the
same for every item and the same groups in all languages (`data/shots.py`), or written out in `shots`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.core.shelf import Shelf
from interlingua.data.words import FromJson, Labels, Texts

TASKS = Shelf("interlingua.data.tasks", holds="TASK", group="interlingua.tasks")


@dataclass(frozen=True, kw_only=True)
class Join:
    """Columns `take` of a second table in long form, from the row of the same language whose `key` is `on`.

    Join(on="context_id", file="contexts.parquet", take=("context",))
    """

    on: str
    file: str
    take: tuple[str, ...]
    key: str = "id"


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Where the Hugging Face hub keeps the same data.

    `configs`: language -> configuration, or {"*": configuration} where one holds all languages in the
    column `Task.lang`. `splits`: our split -> the hub's, where they differ. `columns`: our column -> the
    hub's, where they differ (`"#"`: the number of the row). Class labels are read by their names.
    """

    name: str
    configs: Mapping[str, str]
    splits: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    revision: str | None = None


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task as data; see the module for frames and languages.

    Raises:
        BadInput: nothing or more than one thing that answers, or settings that do not go together.
    """

    # Where it is from
    licence: str = ""
    """One line, as the owners state it."""
    source: str = ""
    """Citation: authors, year, arXiv or ACL number; repository."""

    # Where the rows are: tables in long form, a row is one item in one language
    folder: str = ""
    """Folder of the set where many sets lie together: `xnli`, `lml_snli`."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Split -> file in the folder."""
    evaluated: str = "test"
    """The split that is measured; who asks for `test` gets it."""
    hub: Hub | None = None

    # Columns
    id: str = "id"
    """Unique in a language and split. `"#"`: the number of the row among those of its language."""
    lang: str = "lang"
    group: str | None = None
    """The same question in all languages; None: `id`."""
    cluster: str | None = None
    """Items with one value here (a premise, a passage) hang together; None: every group for itself."""
    parallel: bool = True
    """All languages have the same groups. False: each has questions of its own."""
    joins: tuple[Join, ...] = ()
    of_pivot: tuple[str, ...] = ()
    """Columns in which the pivot's row of a group holds for all languages: translations have it wrong."""

    # What is asked
    question: Texts = ""
    """Language -> frame."""
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Column -> language -> value -> word: {"question": {"en": {"cause": "because", "effect": "so"}}}."""

    # What answers: labels, options or answer
    labels: Labels = field(default_factory=dict)
    """Language -> label -> word. The first language's order of labels is the order of the options."""
    options: str | tuple[str, ...] = ()
    """Columns with one option each, or one column with a list."""
    letters: str = ""
    """`ABCD`: options are listed at `{options}` of the frame as `A. text`, and the letter answers."""
    label: str = "label"
    """Column of the right answer to `labels` and `options`."""
    label_is: Literal["index", "number", "letter", "text"] = "index"
    """With `options`: the label counts them from 0, from 1, names a letter (A is the first), or is one."""
    skip_unlabelled: bool = False
    """Rows without a label are left out instead of refused."""
    skip_empty: bool = False
    """Rows with an empty field that a frame asks for are left out instead of refused."""
    skip_repeated: bool = False
    """Items with the same option twice are left out instead of refused (with `letters` they are kept)."""
    answer: str | tuple[str, ...] = ()
    """Columns of accepted answers; a column may hold a list. The first is shown in shots."""
    shown: str = ""
    """Column that shots show instead, such as a solution in steps."""
    steps: str = ""
    """Column with the reasoning that leads to the answer, to tune on; empty: the one that is `shown`."""
    match: Literal["number", "text"] = "text"
    stop: tuple[str, ...] = ("\n",)
    """Writing ends before any of these."""
    max_new_tokens: int = 64

    # Parallel text
    text: str = ""
    """Column of the text; rows of one id say the same."""
    target: str = ""
    """Column with the pivot's text in the rows of every other language (the pivot has no rows then)."""

    # Shots
    few: int = 0
    """How many, unless asked otherwise. The paper: sentiment 2, inference 6, paraphrase 4."""
    shots_from: str = ""
    """Split they are drawn from; where that is the measured one, they are left out of it."""
    shots: Texts = ""
    """Shots written out, ready to stand before a question: language -> text of `few` solved examples."""
    between: str = "\n\n"
    """What stands behind each shot."""

    # Prompts that others published, read where they lie
    beside: Mapping[str, FromJson] = field(default_factory=dict)
    """`question`, `labels` or `shots` from JSON files (paths from the folder), used instead of the above
    where the files are there."""

    def __post_init__(self) -> None:
        kinds = [key for key in ("labels", "options", "answer", "text") if getattr(self, key)]
        if len(kinds) != 1:
            raise BadInput(
                "A task answers with labels (words by label), options (columns of them) or answer (columns "
                f"of text), or is plain text; give one of them, not {' and '.join(kinds) or 'none'}."
            )
        if not self.question and kinds != ["text"] and "question" not in self.beside:
            raise BadInput("A task needs a question: a frame, or frames by language.")
        if self.letters and kinds != ["options"]:
            raise BadInput("Letters go with options, which they name.")
        if unknown := set(self.beside) - {"question", "labels", "shots"}:
            raise BadInput(
                f"Beside the data lie question, labels or shots, not {', '.join(sorted(unknown))}."
            )

    @property
    def kind(self) -> Literal["choice", "open", "text"]:
        """What it hands out: `Choice`, `Open`, or pairs of text."""
        return "text" if self.text else "open" if self.answer else "choice"
