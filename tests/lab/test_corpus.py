"""Corpus: documents in the mixture's shares, a tokenizer for all scripts, rows whose answers weigh more."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from interlingua.lab.concepts import ANSWERS, NAMES
from interlingua.lab.corpus import (
    EQUALS,
    Document,
    code_switched_document,
    draw_documents,
    pack,
    task_document,
    train_tokenizer,
)
from interlingua.lab.facts import Facts
from interlingua.lab.named import world
from interlingua.lab.worlds import World
from interlingua.languages.scripts import script_of

COUNT = 3000


@pytest.fixture(scope="module")
def lab() -> World:
    return world("lab:tiny")


@pytest.fixture(scope="module")
def documents(lab: World) -> list[Document]:
    return draw_documents(lab, COUNT, 0)


@pytest.fixture(scope="module")
def tokenizer(lab: World, documents: Sequence[Document]) -> PreTrainedTokenizerFast:
    return train_tokenizer([document.text for document in documents], lab.spec.vocabulary)


def kind(document: Document) -> str:
    """What a document of `lab:tiny` is; its four languages have four scripts, names are Latin in all."""
    if document.answer_at >= 0:
        return "task"
    if EQUALS in document.text:
        return "bilingual"
    words = [word.strip(".।") for word in document.text.split()]
    scripts = {str(script_of(word)) for word in words if word not in NAMES}
    return scripts.pop() if len(scripts) == 1 else "code-switched"


def test_kinds_of_documents_have_the_shares_of_words_that_the_mixture_says(
    lab: World, documents: Sequence[Document]
) -> None:
    words = Counter[str]()
    for document in documents:
        words[kind(document)] += len(document.text.split())
    mixture, total = lab.spec.mixture, sum(words.values())
    shares = {name: count / total for name, count in words.items()}
    assert shares["task"] == pytest.approx(mixture.tasks, abs=0.005)
    assert shares["bilingual"] == pytest.approx(mixture.bilingual, abs=0.005)
    assert shares["code-switched"] == pytest.approx(mixture.code_switched, abs=0.01)
    foreign = [shares[script] for script in ("Cyrl", "Arab", "Deva")]
    assert sum(foreign) == pytest.approx(mixture.foreign, abs=0.01)
    assert foreign == pytest.approx([mixture.foreign / 3] * 3, abs=0.012)
    assert shares["Latn"] == pytest.approx(lab.shares[lab.pivot][0] - mixture.tasks, abs=0.01)


def test_documents_are_a_pure_function_of_world_and_seed(lab: World, documents: Sequence[Document]) -> None:
    assert draw_documents(world(lab.name), 100, 0) == draw_documents(lab, 100, 0)
    assert draw_documents(lab, 100, 1) != draw_documents(lab, 100, 0)


def test_a_task_document_is_a_training_question_of_the_pivot_with_its_answer(lab: World) -> None:
    pivot = lab.tongues[lab.pivot]
    answers = {pivot.lexicon[word] for task in lab.tasks for word in ANSWERS[task]}
    asked = {choice.question for task in lab.tasks for choice in lab.task(task, lab.pivot, "train")}
    tested = {choice.question for task in lab.tasks for choice in lab.task(task, lab.pivot, "test")}
    facts, seen = Facts(random.Random(0)), Counter[str]()
    for _ in range(400):
        document = task_document(lab, facts)
        question, answer = document.text[: document.answer_at], document.text[document.answer_at + 1 :]
        assert question in asked
        assert question not in tested
        seen[answer] += 1
    assert set(seen) == answers


def test_code_switching_keeps_the_order_of_the_pivot_and_half_of_its_words(lab: World) -> None:
    facts, own, switched = Facts(random.Random(0)), 0, 0
    for _ in range(200):
        words = code_switched_document(lab, facts, "qab_Cyrl").text.replace(".", "").split()
        own += sum(script_of(word) == "Latn" and word not in NAMES for word in words)
        switched += sum(script_of(word) == "Cyrl" for word in words)
    assert switched / (own + switched) == pytest.approx(0.5, abs=0.05)


def test_the_tokenizer_gives_every_text_back(lab: World, tokenizer: PreTrainedTokenizerFast) -> None:
    for lang in lab.languages:
        for text in [
            *lab.text(lang, "test"),
            *(choice.question for choice in lab.task("topic", lang, "test")),
        ]:
            ids = tokenizer(text).input_ids
            assert tokenizer.unk_token_id not in ids
            assert tokenizer.decode(ids) == text


def test_the_tokenizer_knows_all_of_ascii_and_newlines(tokenizer: PreTrainedTokenizerFast) -> None:
    for text in (
        "Translate the input from Lab language qab to Lab language qaa:\n",
        'Q: {1+2=3}; "a/b"?\n\n~',
    ):
        assert tokenizer.decode(tokenizer(text).input_ids) == text


def test_the_vocabulary_is_as_large_as_specified(lab: World, tokenizer: PreTrainedTokenizerFast) -> None:
    assert len(tokenizer) == lab.spec.vocabulary
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id) == (0, 1, 2)


def test_rows_hold_whole_documents_and_padding_weighs_nothing(
    documents: Sequence[Document], tokenizer: PreTrainedTokenizerFast
) -> None:
    ids, weights = pack(documents[:300], tokenizer, 96, 5.0)
    assert ids.shape == weights.shape
    assert (ids.dtype, weights.dtype) == (np.int16, np.float32)
    assert ((ids == tokenizer.pad_token_id) == (weights == 0)).all()
    assert set(np.unique(weights)) == {0.0, 1.0, 5.0}
    texts = []
    for row in ids:
        kept = row[row != tokenizer.pad_token_id].tolist()
        assert kept[-1] == tokenizer.eos_token_id
        texts += [text.strip() for text in tokenizer.decode(kept).split("</s>")[:-1]]
    assert texts == [document.text for document in documents[: len(texts)]]
    assert len(texts) > 250  # all but those of the last row, which is not full


def test_answer_weights_lie_on_the_tokens_of_answers(
    documents: Sequence[Document], tokenizer: PreTrainedTokenizerFast
) -> None:
    asked = [document for document in documents if document.answer_at >= 0][:200]
    ids, weights = pack(asked, tokenizer, 64, 5.0)
    answers, rest = [], []
    for row, weight in zip(ids, weights, strict=True):
        heavy = np.where(weight == 5.0, row, tokenizer.eos_token_id)
        answers += [part for part in tokenizer.decode(heavy.tolist()).split("</s>") if part]
        rest += row[weight == 1.0].tolist()
    assert len(answers) > 150
    assert [answer.strip() for answer in answers] == [
        document.text[document.answer_at :].strip() for document in asked[: len(answers)]
    ]
    assert rest.count(tokenizer.eos_token_id) == len(answers)


def test_a_document_longer_than_a_row_is_cut(tokenizer: PreTrainedTokenizerFast) -> None:
    long, short = Document("Miro " * 40 + "Tesa", 200), Document("Miro")
    ids, weights = pack([long, short], tokenizer, 16, 5.0)
    assert ids.shape == (1, 16)
    assert weights.tolist() == [[1.0] * 16]
