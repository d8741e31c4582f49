"""What the IANA subtag registry and CLDR know of languages, read through `langcodes` when first asked."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from interlingua.languages.flores import DEFAULT_SCRIPT, MEMBER
from interlingua.languages.scripts import script_named

_USUAL = {"grc": "Grek"}
"""Where CLDR's likely script is a curiosity: it writes Ancient Greek in Cypriot signs."""

_RETIRED = {
    "auv": "Auvergnat", "blu": "Hmong Njua", "ccx": "Northern Zhuang", "cnm": "Ixtatán Chuj",
    "eml": "Emiliano-Romagnolo", "flm": "Falam Chin", "fri": "Western Frisian",
    "hsf": "Southeastern Huastec", "hva": "San Luís Potosí Huastec", "lnc": "Languedocien",
    "mly": "Malay", "prv": "Provençal", "stc": "Santa Cruz", "tzc": "Chamula Tzotzil",
}  # fmt: skip
"""Codes that ISO 639-3 has retired and the IANA registry lacks, but data sets still use. They stand for
themselves: their successors would throw different texts together."""


@cache
def iso639_3(code: str) -> str | None:
    """The ISO 639-3 code used inside for any ISO 639 code (`sw`, `swa`, `swh`: `swh`), None if unknown.

    Codes that FLORES-200 has stand for themselves; other macrolanguages become their FLORES-200 member.
    """
    from langcodes.data_dicts import LANGUAGE_REPLACEMENTS

    if code in DEFAULT_SCRIPT:
        return code
    long = _long(code) or _long(LANGUAGE_REPLACEMENTS.get(code, "").partition("-")[0])
    return MEMBER.get(long, long) if long else None


@cache
def shortest(iso: str) -> str:
    """The usual tag of an inside ISO 639-3 code: two letters if there are, `swh` being `sw`."""
    macro = next((macro for macro, member in MEMBER.items() if member == iso), iso)
    two = _two_letters()
    return two.get(iso) or two.get(macro) or macro


def usual_script(iso: str, region: str = "") -> str:
    """The script a language is usually written in, in a region if given.

    By FLORES-200, else the IANA registry, else CLDR's likely subtags; `Latn` where none of them says.
    """
    from langcodes.data_dicts import LIKELY_SUBTAGS

    if iso in _USUAL:
        return _USUAL[iso]
    short = shortest(iso)
    by_region = LIKELY_SUBTAGS.get(f"{short}-{region}") if region else None
    likely = by_region or LIKELY_SUBTAGS.get(short, "")
    script = likely.split("-")[1] if "-" in likely else "Latn"
    if not by_region:
        script = DEFAULT_SCRIPT.get(iso) or _languages().get(short, {}).get("Suppress-Script") or script
    return script_named(script) or script


def names(iso: str) -> tuple[str, str]:
    """English name and autonym of an inside ISO 639-3 code; twice the former where CLDR has no other."""
    from langcodes import Language as Tag
    from language_data.names import code_to_names

    english = Tag.get(shortest(iso), normalize=False).language_name("en")
    tag = Tag.get(shortest(iso))  # normalised, since CLDR files Dari under fa-AF
    own = code_to_names(tag.to_tag()).get(tag.language) or tag.autonym()
    if english.startswith("Unknown language"):
        english = (_languages() | _old())[shortest(iso)]["Description"][0]
    name = re.sub(r" \((macrolanguage|individual language)\)$", "", english)
    return name, own if f"[{shortest(iso)}]" not in own and own != english else name


def speakers(iso: str) -> int | None:
    """How many people speak a language by CLDR's estimate, None where it has none."""
    from langcodes import Language as Tag

    return Tag.get(shortest(iso), normalize=False).speaking_population() or None


def tags_in_english(name: str) -> set[str]:
    """Tags of the languages with exactly this English name; what stands in parentheses may be left out."""
    from language_data.names import normalize_name

    full, bare = _english()
    return full.get(normalize_name(name)) or bare.get(normalize_name(name)) or set()


def tags_called(name: str) -> set[str]:
    """Tags of the languages with exactly this name in English or in any language CLDR has names in.

    Where no name is the same to the letter, names that differ only in accents count.
    """
    from language_data.names import normalize_name

    if registered := tags_in_english(name):
        return registered
    wanted = normalize_name(name)
    if wanted in _all_names():
        return {tag.decode() for tag in _all_names()[wanted]}
    return _without_accents().get(_plain(wanted), set())


def tags_with_word(name: str) -> set[str]:
    """Tags of the languages whose English name has `name` as a whole word: `Sorbian` has two."""
    words = re.compile(rf"\b{re.escape(name.casefold())}\b")
    return {
        code
        for code, entry in _languages().items()
        if any(words.search(description.casefold()) for description in entry["Description"])
    }


def near_names(name: str) -> list[str]:
    """English names to look for near ones among: those of well-known languages if one is near, else all."""
    well_known = [names(iso)[0] for iso in DEFAULT_SCRIPT]
    if difflib.get_close_matches(name, well_known, n=1, cutoff=0.7):
        return well_known
    return [re.sub(r" \(.*\)$", "", name) for entry in _languages().values() for name in entry["Description"]]


def is_variant(subtag: str) -> bool:
    """Whether the registry has this variant subtag (`valencia`, `1996`)."""
    return subtag.lower() in _registry()["variant"]


@cache
def _registry() -> Mapping[str, Mapping[str, Any]]:
    from langcodes import registry_parser

    kinds: dict[str, dict[str, Any]] = defaultdict(dict)
    for entry in registry_parser.parse_registry():
        if "Subtag" in entry and entry.get("Scope") not in ("special", "private-use"):
            kinds[entry["Type"]][entry["Subtag"]] = entry
    return kinds


@cache
def _languages() -> dict[str, Any]:
    return {code: entry for code, entry in _registry()["language"].items() if "Deprecated" not in entry}


@cache
def _old() -> dict[str, Any]:
    """Languages whose codes are retired without a single successor; found by code, not by name."""
    left = {
        code: entry
        for code, entry in _registry()["language"].items()
        if "Deprecated" in entry and "Preferred-Value" not in entry and len(code) == 3
    }
    return left | {code: {"Description": [name]} for code, name in _RETIRED.items()}


@cache
def _two_letters() -> Mapping[str, str]:
    from langcodes import Language as Tag

    return {Tag.get(code, normalize=False).to_alpha3(): code for code in _languages() if len(code) == 2}


def _long(code: str) -> str | None:
    """ISO 639-3 of a registered code, three-letter codes of two-letter ones included."""
    from langcodes import Language as Tag

    if code in _two_letters():
        return code
    known = code in _languages() or code in _old()
    return str(Tag.get(code, normalize=False).to_alpha3()) if known else None


@cache
def _english() -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Names as registered, and names without what stands in parentheses, each to its tags."""
    from language_data.names import normalize_name

    full: dict[str, set[str]] = defaultdict(set)
    bare: dict[str, set[str]] = defaultdict(set)
    for code, entry in _languages().items():
        for name in entry["Description"]:
            full[normalize_name(name)].add(code)
            if not name.endswith("(individual language)"):
                bare[normalize_name(re.sub(r" \(.*\)$", "", name))].add(code)
    return full, bare


@cache
def _all_names() -> Any:
    """Trie of normalised names in all CLDR languages to tags."""
    from language_data.names import load_trie
    from language_data.util import data_filename

    return load_trie(data_filename("trie/und/name_to_language.marisa"))


@cache
def _without_accents() -> Mapping[str, set[str]]:
    plain: dict[str, set[str]] = defaultdict(set)
    for name, tag in _all_names().items():
        plain[_plain(name)].add(tag.decode())
    return plain


def _plain(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
