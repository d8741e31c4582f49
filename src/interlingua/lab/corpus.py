"""Corpus: the documents a base model of a world is pretrained on, its tokenizer, packed rows of tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from interlingua.lab.concepts import ANSWERS
from interlingua.lab.facts import Facts, say, say_clause
from interlingua.lab.tongues import TongueSpec
from interlingua.lab.worlds import World

END, PAD, UNKNOWN = "</s>", "<pad>", "<unk>"
ASCII = [chr(c) for c in range(33, 127)] + ["\n"]
EQUALS = " = "
"""What stands between two translations in bilingual text."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text; its characters from `answer_at` on are an answer and weigh more in pretraining (-1: none)."""

    text: str
    answer_at: int = -1


Draw: TypeAlias = Callable[[], Document]


def task_document(world: World, facts: Facts) -> Document:
    """A training question of the pivot with its answer; answers of a task are equally frequent."""
    weights = [world.spec.mixture.task_weights[task] for task in world.tasks]
    task = facts.rng.choices(world.tasks, weights)[0]
    question = facts.one(world.by_answer(task, "train")[facts.rng.randrange(len(ANSWERS[task]))])
    pivot = world.tongues[world.pivot]
    text = say(question.parts, pivot)
    answer = " ".join(pivot.word(ANSWERS[question.task][question.answer]))
    return Document(f"{text} {answer}", len(text))


def bilingual_document(world: World, facts: Facts, lang: str) -> Document:
    """One or two sentences and their translation, in either direction."""
    clauses = [facts.clause() for _ in range(1 + facts.coin())]
    sides = [say(clauses, world.tongues[lang]), say(clauses, world.tongues[world.pivot])]
    if facts.coin():
        sides.reverse()
    return Document(EQUALS.join(sides))


def code_switched_document(world: World, facts: Facts, lang: str) -> Document:
    """Pivot sentences in which each word is replaced by its translation with probability one half."""
    pivot, other = world.tongues[world.pivot], world.tongues[lang]
    out = []
    for _ in range(1 + facts.coin()):
        words = [
            " ".join(other.word(concept)) if facts.coin() else word
            for word, concept in say_clause(facts.clause(), pivot)
        ]
        out.append(" ".join(words) + pivot.stop)
    return Document(" ".join(out))


def text_document(world: World, facts: Facts, lang: str) -> Document:
    """One to three sentences of one language."""
    return Document(say(facts.clauses(3), world.tongues[lang]))


def draw_documents(world: World, count: int, seed: int) -> list[Document]:
    """Documents in random order whose shares of words follow the world's mixture.

    The kind with the fewest words against its share is drawn next, so shares hold whatever the lengths of
    documents; languages within a kind are drawn by their shares.
    """
    mixture, tongues = world.spec.mixture, world.spec.tongues
    facts = world.facts("pretraining", seed)
    both = [t for t in tongues if t.bilingual]

    def foreign(among: Sequence[TongueSpec], write: Callable[[World, Facts, str], Document]) -> Draw:
        codes, weights = [t.code for t in among], [t.share for t in among]
        return lambda: write(world, facts, facts.rng.choices(codes, weights)[0])

    kinds: list[tuple[float, Draw]] = [
        (mixture.tasks, lambda: task_document(world, facts)),
        (mixture.bilingual, foreign(both, bilingual_document)),
        (mixture.code_switched, foreign(both, code_switched_document)),
        (mixture.foreign, foreign(tongues, text_document)),
        (1 - mixture.tasks - mixture.bilingual - mixture.code_switched - mixture.foreign,
         lambda: text_document(world, facts, world.pivot)),
    ]  # fmt: skip
    kinds = [(share, draw) for share, draw in kinds if share > 0]
    used = [0.0] * len(kinds)
    documents = []
    for _ in range(count):
        neediest = min(range(len(kinds)), key=lambda i: used[i] / kinds[i][0])
        document = kinds[neediest][1]()
        used[neediest] += len(document.text.split())
        documents.append(document)
    facts.rng.shuffle(documents)
    return documents


def train_tokenizer(texts: Sequence[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Byte-pair encoding on generated text: spaces as ▁, punctuation apart, all ASCII known."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[:=.;?!\n\"।።։]"), "isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="first"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[PAD, END, UNKNOWN],
        initial_alphabet=[*ASCII, "▁"], show_progress=False,
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, unk_token=UNKNOWN,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip


def pack(
    documents: Sequence[Document], tokenizer: PreTrainedTokenizerFast, length: int, answer_weight: float
) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Rows of `length` tokens, documents whole and ended by `</s>`, and the weight of each token as a target.

    Returns two arrays (rows, length): ids and weights. Padding weighs nothing; a document longer than a row
    is cut, and the last row, which is not full, is left out.
    """
    end, pad = tokenizer.eos_token_id, tokenizer.pad_token_id
    ids_rows, weight_rows = [], []
    ids: list[int] = []
    weights: list[float] = []
    encodings = tokenizer.backend_tokenizer.encode_batch([d.text for d in documents])
    for document, encoding in zip(documents, encodings, strict=True):
        here = [*encoding.ids, end][:length]
        if len(ids) + len(here) > length:
            ids_rows.append(ids + [pad] * (length - len(ids)))
            weight_rows.append(weights + [0.0] * (length - len(weights)))
            ids, weights = [], []
        ids += here
        answer_at = document.answer_at if document.answer_at >= 0 else len(document.text)
        counted = [answer_weight if last > answer_at else 1.0 for _, last in encoding.offsets]
        weights += [*counted, 1.0][:length]
    return np.array(ids_rows, dtype=np.int16), np.array(weight_rows, dtype=np.float32)
