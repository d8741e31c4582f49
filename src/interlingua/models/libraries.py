"""Calls into transformers and PEFT: no bars of their own, and what they raise is told in one line."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError
from transformers.utils import logging as transformers_logging

from interlingua.core.errors import ModelError, OutOfRoom
from interlingua.core.faults import translate

T = TypeVar("T")

_UNUSABLE = (
    *(OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError, MemoryError),
    *(SafetensorError, StrictDataclassError, UserWarning),
)


@contextmanager
def quiet() -> Iterator[None]:
    """No bars of transformers (ours show the time left), no tables of it, no warning of its use by PEFT.

    What its tables of read weights tell is told by `reading`, in one line.
    """
    bars, level = transformers_logging.is_progress_bar_enabled(), transformers_logging.get_verbosity()
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
            yield
    finally:
        transformers_logging.set_verbosity(level)
        if bars:
            transformers_logging.enable_progress_bar()


def or_model_error(what: str, action: Callable[[], T]) -> T:
    """The result of `action`; what the libraries raise on unusable files becomes one `ModelError`."""
    try:
        with quiet():
            return action()
    except _UNUSABLE as error:
        if isinstance(told := translate(error), OutOfRoom):
            raise told from error
        why = first_sentence(error)
        if isinstance(error, SafetensorError):
            why = f"its weights are damaged ({why}); save or fetch them anew."
        raise ModelError(f"{what}: {why}") from error


def first_sentence(error: BaseException) -> str:
    """The first sentence of an error message, on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return re.split(r"(?<=[a-z)\]'\"])\. ", text)[0][:300]
