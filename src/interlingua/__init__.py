"""Make a language model answer as well in every language as in its strongest one, and prove the gain.

import interlingua

before = interlingua.measure("path/to/model", "data/", tasks=["xnli"], lang=["sw", "hi"])
tuned = interlingua.align("path/to/model", "questions.toml", lang=["zh", "de"])
after = interlingua.measure(tuned["saved"], "data/", tasks=["xnli"], lang=["sw", "hi"])
gains = interlingua.compare(before["folder"], after["folder"])
why = interlingua.explain("path/to/model", "data/", after=tuned["saved"], tasks=["xnli"])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlingua.studies.aligning import align as align
    from interlingua.studies.comparing import compare as compare
    from interlingua.studies.demo import demo as demo
    from interlingua.studies.explaining import explain as explain
    from interlingua.studies.measuring import measure as measure
    from interlingua.studies.single import run_recipe as run_recipe

__version__ = "0.1.0"

_CALLS = {
    "align": "interlingua.studies.aligning",
    "compare": "interlingua.studies.comparing",
    "demo": "interlingua.studies.demo",
    "explain": "interlingua.studies.explaining",
    "measure": "interlingua.studies.measuring",
    "run_recipe": "interlingua.studies.single",
}


def __getattr__(name: str) -> Any:
    """The call behind a command, loaded when it is first asked for."""
    if name not in _CALLS:
        raise AttributeError(f"module 'interlingua' has no attribute {name!r}")
    return getattr(import_module(_CALLS[name]), name)


def __dir__() -> list[str]:
    """The public calls."""
    return sorted([*_CALLS, "__version__"])
