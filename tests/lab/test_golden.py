"""Worlds and their corpora never change by accident: bases that ship were trained on exactly these texts."""

import pytest

from interlingua.core.fingerprint import fingerprint
from interlingua.lab.corpus import draw_documents, pack, train_tokenizer
from interlingua.lab.named import WORLDS, world

SPECS = {
    "lab:tiny": "163979bb4012ccb4",
    "lab:standard": "104993e64ae13f38",
    "lab:judge-1": "f3f49135034b040e",
    "lab:judge-2": "2b0f03bccc6769c9",
    "lab:judge-3": "e57f2bfdd18fcd2e",
    "lab:judge-4": "da5c88479a78d1a5",
    "lab:judge-5": "336c990af627a03c",
    "lab:new": "2c884e4494ab20e1",
    "lab:new-tiny": "a8ab9c255408e0f2",
    "lab:new-1": "8ca5df376987a9c6",
    "lab:new-2": "957ce2081554c77e",
    "lab:new-3": "f5d3e35075541e8e",
    "lab:new-4": "fc169ea3450706e5",
    "lab:new-5": "43771d207eafad21",
    "lab:sums-tiny": "fc8c2b0c2356c03c",
    "lab:sums": "6b45710a8b60372f",
    "lab:sums-1": "f3514638205e0523",
    "lab:sums-2": "37a0de5c07bde7f6",
    "lab:sums-3": "714ee78e859cc7d8",
    "lab:sums-4": "d3e50260ddde3d17",
    "lab:sums-5": "c2240cfb2d595ea2",
}
GENERATED = {
    "lab:tiny": {
        "text": "3e85948633455fee",
        "pairs": "0964ccdca2f15f56",
        "questions": "2c96c3f5c150cd2e",
        "tasks": "3202527b8861d227",
        "train": "1b38a20a8760838f",
        "dictionary": "a00bf393911e166d",
        "shares": "ba3c42aa6dd071b3",
        "documents": "7130573622248bad",
        "tokenizer": "3945079c5120ad78",
        "packed": "ea9abafaf7af27a2",
    },
    "lab:standard": {
        "text": "43bb79f60edfd07f",
        "pairs": "8f1d08a934d11995",
        "questions": "56b66e4a44c52851",
        "tasks": "1c273aa5e539ee94",
        "train": "85390fcbce189a84",
        "dictionary": "7c29cd7cb5ac3358",
        "shares": "ca3e69db5a5c8ea2",
        "documents": "2c95c0a634ad42c5",
        "tokenizer": "eac4b0c23103222a",
        "packed": "9cd03970c938f55b",
    },
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_specification_of_a_world_is_the_one_its_base_was_trained_on(name: str) -> None:
    assert fingerprint(WORLDS[name]) == world(name).fingerprint() == SPECS[name]


def test_every_named_world_is_pinned() -> None:
    assert SPECS.keys() == WORLDS.keys()


@pytest.mark.parametrize("name", GENERATED)
def test_what_a_world_hands_out_is_pinned(name: str) -> None:
    assert generated(name) == GENERATED[name]


def test_sums_and_their_steps_are_pinned() -> None:
    lab = world("lab:sums-tiny")
    asked = [lab.task("arithmetic", lang, "dev") for lang in lab.languages]
    told = [lab.explained("arithmetic", lang, "dev") for lang in lab.languages]
    assert fingerprint(asked, told) == "fdd8b58c9e27b438"


def generated(name: str) -> dict[str, str]:
    """A fingerprint of everything a world hands out in its dev split, and of a small corpus of it."""
    lab = world(name)
    others = lab.languages[1:]
    documents = draw_documents(lab, 600, 0)
    tokenizer = train_tokenizer([document.text for document in documents], lab.spec.vocabulary)
    return {
        "text": fingerprint([lab.text(lang, "dev") for lang in lab.languages]),
        "pairs": fingerprint([lab.pairs(lang, lab.pivot, "dev") for lang in others]),
        "questions": fingerprint([lab.questions(lang, lab.pivot, "dev") for lang in others]),
        "tasks": fingerprint([lab.task(task, lang, "dev") for task in lab.tasks for lang in lab.languages]),
        "train": fingerprint([lab.bank(task, "train") for task in lab.tasks]),
        "dictionary": fingerprint([lab.dictionary(lang, lab.pivot) for lang in others]),
        "shares": fingerprint(lab.shares),
        "documents": fingerprint(documents),
        "tokenizer": fingerprint(tokenizer.backend_tokenizer.to_str()),
        "packed": fingerprint(*pack(documents, tokenizer, 128, lab.spec.mixture.answer_weight)),
    }
