"""Language: one language in one script, and its look-up from any spelling people use."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from interlingua.core.errors import BadInput, UnknownName
from interlingua.languages import registry
from interlingua.languages.families import lineage
from interlingua.languages.flores import CODES, DEFAULT_SCRIPT
from interlingua.languages.scripts import Direction, direction, script_named

_INSIDE = re.compile(r"([a-z]{3})_([A-Z][a-z]{3})(?:-([A-Za-z0-9-]+))?")
_LAB = re.compile(r"q[a-t][a-z]")
_SHOWN = 20  # codes named in a message
_SPENT = {("zho", "CN"): "zho_Hans", ("zho", "TW"): "zho_Hant", ("pes", "AF"): "prs_Arab"}
"""Regions that only say which FLORES-200 code is meant; any other region stays as the variant."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language in one script, with an optional variant.

    `code` is what we use inside: the FLORES-200 code where one exists (`swh_Latn`), else ISO 639-3 and
    script, with a variant if needed (`eng_Latn-GB`). `bcp47` is the shortest tag (`sw`, `zh-Hant`).
    `autonym` is the name in the language itself, or `name` where CLDR has none.
    """

    code: str
    name: str
    script: str
    direction: Direction
    autonym: str
    iso639_3: str
    bcp47: str

    @property
    def variant(self) -> str:
        """What stands behind the hyphen of the code (`GB`), else empty."""
        return self.code.partition("-")[2]

    @property
    def label(self) -> str:
        """Name for a table: script and variant are added where the bare name would not tell them apart."""
        usual = DEFAULT_SCRIPT.get(self.iso639_3, self.script)
        extra = [part for part in (self.script if self.script != usual else "", self.variant) if part]
        return f"{self.name} ({', '.join(extra)})" if extra else self.name

    @property
    def family(self) -> str | None:
        """Its family, as Glottolog calls it; None where our table lacks the language."""
        return next(iter(lineage(self.iso639_3)), None)

    @property
    def branches(self) -> tuple[str, ...]:
        """Branches of the family it belongs to, the widest first; often none."""
        return lineage(self.iso639_3)[1:]

    @property
    def speakers(self) -> int | None:
        """How many people speak it by CLDR's estimate, all scripts together; None where nobody says."""
        return None if _LAB.fullmatch(self.iso639_3) else registry.speakers(self.iso639_3)

    def __str__(self) -> str:
        return self.code


@cache
def find(text: str) -> Language:
    """The language meant by a code or name in any usual spelling.

    Takes ISO 639-1, -2 and -3, BCP-47 and FLORES-200 codes, English names and names in the languages
    themselves: `sw`, `swh_Latn`, `Swahili`, `kiswahili`, `zh-Hant`, `pt_BR`, `ger`, `Serbian (Latin)`.
    A code wins over a name. A macrolanguage means its FLORES-200 member (`ar` is `arb_Arab`, `no` is
    `nob_Latn`); without a script the usual one is taken. `qaa` to `qtz` are lab languages.

    Raises:
        UnknownName: nothing is called so; near names are offered.
        BadInput: several languages could be meant, or a part of the tag makes no sense.
    """
    wanted = " ".join(text.split())
    if not wanted:
        raise BadInput("No language given. Write a code or a name, e.g. sw, swh_Latn or Swahili.")
    if not wanted.isprintable() and any(unicodedata.category(char) in ("Cc", "Cs") for char in wanted):
        raise BadInput(f"Language {wanted!r} holds control characters. Write a code or a name, e.g. sw.")
    code = _code_from_tag(wanted)
    if code and wanted.istitle():  # Ga: the name of gaa, or the code of Irish?
        same = filter(None, map(_code_from_tag, registry.tags_in_english(wanted)))
        return look(_only(wanted, {code, *same}))
    return look(code or _code_from_name(wanted))


@cache
def look(code: str) -> Language:
    """The language of an inside code such as `swh_Latn`, `eng_Latn-GB` or `qab_Cyrl`.

    Raises:
        UnknownName: not an inside code; `find` takes other spellings.
        BadInput: a script or variant that nobody knows.
    """
    parts = _INSIDE.fullmatch(code)
    if parts is None or _code_from_tag(code) != code:
        raise UnknownName("language code", code, CODES, hint="Codes are written like swh_Latn.")
    iso, script, variant = parts.groups()
    lab = bool(_LAB.fullmatch(iso))
    name, autonym = (f"Lab language {iso}",) * 2 if lab else registry.names(iso)
    tag = iso if lab else registry.shortest(iso)
    if lab or script != registry.usual_script(iso):
        tag += f"-{script}"
    if variant:
        tag += f"-{variant}"
    return Language(code, name, script, direction(script), autonym, iso, tag)


def pick(text: str, codes: Iterable[str]) -> str:
    """The one of `codes` that `text` means: itself, its bare first part (`qab`), or any spelling.

    Raises:
        UnknownName: `text` means no language, or none of `codes`.
        BadInput: `text` could mean several.
    """
    codes = list(codes)
    if text in codes:
        return text
    bare = [code for code in codes if code.partition("_")[0] == text]
    if len(bare) == 1:
        return bare[0]
    lab = bool(_LAB.fullmatch(text))
    if lab and bare:
        raise BadInput(f"Language {text!r} is here as {' and '.join(bare)}. Write one of them.")
    code = text if lab else find(text).code
    if code not in codes:
        more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
        raise UnknownName("language here", code, codes, f"Here are: {', '.join(codes[:_SHOWN])}{more}.")
    return code


def _iso639_3(code: str) -> str | None:
    return code if _LAB.fullmatch(code) else registry.iso639_3(code)


def _code_from_tag(text: str) -> str | None:
    """Inside code for a tag like `zh-Hant` or `en_GB.UTF-8`; None when it begins with no language code."""
    head, *rest = re.split(r"[-_]", text.partition(".")[0])
    if rest and re.fullmatch(r"[a-z]{3}", rest[0]) and head.lower() in ("zh", "ar", "ms", "sw"):
        head, *rest = rest  # extended language subtag: zh-yue is yue
    iso = _iso639_3(head.lower()) if re.fullmatch(r"[A-Za-z]{2,3}", head) else None
    if iso is None:
        return None
    script = "Latn" if head.lower() in ("sh", "hbs") else ""
    region, variants = "", []
    for part in rest:
        if re.fullmatch(r"[A-Za-z]{2}|\d{3}", part) and not region:
            region = part.upper() if part != "001" else ""  # 001 is the world
        elif named := script_named(part):
            script = named
        elif registry.is_variant(part):
            variants.append(part.lower())
        else:
            raise BadInput(f"Language {text!r}: {part!r} is no script, region or registered variant.")
    if not script and _LAB.fullmatch(iso):
        raise BadInput(f"Lab language {iso!r} needs its script, e.g. {iso}_Latn.")
    spent = _SPENT.get((iso, region), "")
    if spent and script in ("", spent[-4:]):
        return "-".join([spent, *variants])
    script = script or registry.usual_script(iso, region)
    return "-".join([f"{iso}_{script}", *([region] if region else []), *variants])


def _code_from_name(text: str) -> str:
    """Inside code of the one language called `text`, perhaps with a script: `Serbian (Latin)`."""
    tags = registry.tags_called(text)
    script = None
    if not tags and (parts := re.fullmatch(r"(.+?) ?[ (-]([^() -]+)\)?", text)):
        script = script_named(parts[2])
        tags = registry.tags_called(parts[1]) if script else set()
    codes = {code for tag in tags if (code := _code_from_tag(f"{tag}-{script}" if script else tag))}
    if len(codes) > 1 and len(well_known := codes.intersection(CODES)) == 1:
        return well_known.pop()
    if not codes:
        codes = {code for tag in registry.tags_with_word(text) if (code := _code_from_tag(tag))}
        if len(codes) == 1:
            only = look(codes.pop())
            raise UnknownName("language", text, [only.name], hint=f"{only.name} is {only.code}.")
    if not codes:
        raise UnknownName("language", text, registry.near_names(text), hint="Codes like swh_Latn work too.")
    return _only(text, codes)


def _only(text: str, codes: set[str]) -> str:
    """The only one of `codes`; several are refused."""
    if len(codes) == 1:
        return next(iter(codes))
    shown = [f"{look(code).name} ({code})" for code in sorted(codes)]
    more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
    raise BadInput(f"Language {text!r} could be {', '.join(shown[:8])}{more}. Write the code.")
