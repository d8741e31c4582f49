"""How far a scorer's memory rises above the loaded model, each scorer in a process of its own."""

import gc
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from interlingua.core.engine import map_jobs
from interlingua.models.lm import LM
from interlingua.scoring.harness_model import harness_model, plain_model
from interlingua.studies.referee_questions import Case, Question, answered, questions, torn
from interlingua.studies.resolve import model as model_of

_FORGET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
"""Linux forgets a process's highest resident size when 5 is written to the first; the second tells it."""


@dataclass(frozen=True)
class _Work:
    """One scorer on a case."""

    case: Case
    scorer: str
    batch_size: int

    @property
    def name(self) -> str:
        """For messages."""
        return f"memory of {self.scorer}"


def peaks(case: Case, batch_size: int) -> dict[str, int]:
    """Bytes above the loaded and warmed-up model at the highest, by scorer: `lm_eval`, `ours`.

    Of the process's resident memory, or of what torch has allocated on the model's GPU. Where the system
    cannot forget an earlier peak (not Linux), only what rises above that is seen. Raises as `referee`.
    """
    work = [_Work(case, scorer, batch_size) for scorer in ("lm_eval", "ours")]
    return {one.scorer: peak for one, peak in zip(work, map_jobs(_peak, work, workers=2), strict=True)}


def _peak(work: _Work) -> int:
    case = work.case
    lm = model_of(case.model, case.on, case.device, case.dtype)
    ours = work.scorer == "ours"
    scorer = harness_model(lm, batch_size=work.batch_size) if ours else plain_model(lm, work.batch_size)
    asked = [question for question in questions(case) if not torn(scorer, question)]
    answered(scorer, [_short(scorer, asked)])
    before = _forgotten(lm)
    answered(scorer, asked)
    return max(0, _highest(lm) - before)


def _short(scorer: Any, asked: Sequence[Question]) -> Question:
    """A request of a few words, for what a process allocates once and keeps."""
    ends = (
        replace(one, pairs=((context[-20:], option),), options=1)
        for one in asked
        for context, option in one.pairs
        if context.strip()
    )
    return next(one for one in (*ends, asked[0]) if not torn(scorer, one))


def _forgotten(lm: LM) -> int:
    """Memory in use now, from which the highest is counted on."""
    gc.collect()
    if lm.device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(lm.device)
    elif _FORGET.exists():
        _FORGET.write_text("5", encoding="ascii")
    return _highest(lm)


def _highest(lm: LM) -> int:
    if lm.device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(lm.device))
    if _STATUS.exists():  # getrusage would count what the parent process had when it started this one
        told = re.search(r"^VmHWM:\s+(\d+) kB$", _STATUS.read_text(encoding="ascii"), re.MULTILINE)
        if told:
            return 1024 * int(told[1])
    import resource  # not on Windows

    # The unit is kilobytes, on macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
