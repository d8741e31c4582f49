"""Select: which of a source's languages are meant, by code, name, script or family."""

from collections.abc import Iterable, Sequence

from interlingua.core.errors import BadInput
from interlingua.languages.families import families_named
from interlingua.languages.language import look, pick
from interlingua.languages.scripts import script_named

_HAN = ("Hani", "Hans", "Hant")
_SHOWN = 12  # codes named in a message


def select(
    codes: Iterable[str],
    lang: Sequence[str] = ("all",),
    script: str | None = None,
    family: str | None = None,
) -> tuple[str, ...]:
    """Those of `codes` that are called so and are of that script and family; each once.

    `lang` are codes or names in any spelling (`pick`), in whose order they come, or `all`, in the order of
    `codes`. `script` is a code or name (`Deva`, `devanagari`; `Hani` is both ways of writing Chinese),
    `family` a family or branch (`bantu`). Languages whose family we do not know are of none.
    Raises `UnknownName` for a language, script or family that nobody knows, or a language that is not among
    `codes`; `BadInput` for a language that could be several, or where none is left.
    """
    codes = tuple(dict.fromkeys(codes))
    named = codes if "all" in lang else tuple(dict.fromkeys(pick(name, codes) for name in lang))
    scripts, kin = _scripts(script), families_named(family) if family is not None else ()
    chosen = tuple(
        code
        for code, language in ((code, look(code)) for code in named)
        if (not scripts or language.script in scripts)
        and (not kin or {language.family, *language.branches}.intersection(kin))
    )
    if not chosen:
        parts = (
            f"{what} {name}" for what, name in (("script", script), ("family", family)) if name is not None
        )
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        raise BadInput(
            f"No language of {' and '.join(parts) or 'any kind'} among the {len(named)} asked for"
            f"{': ' if named else ''}{', '.join(named[:_SHOWN])}{more}."
        )
    return chosen


def _scripts(script: str | None) -> tuple[str, ...]:
    if script is None:
        return ()
    code = "Hani" if script.strip().casefold() in ("han", "chinese") else script_named(script)
    if code is None:
        raise BadInput(f"No script called {script!r}. Write its name or ISO 15924 code, e.g. Arabic or Deva.")
    return _HAN if code == "Hani" else (code,)
