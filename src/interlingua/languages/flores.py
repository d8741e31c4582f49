"""The language codes of FLORES-200 (and N'Ko, which SIB-200 adds), as one table by script."""

_BY_SCRIPT = """
Latn ace afr aka als ast ayr azj bam ban bem bjn bos bug cat ceb ces cjk crh cym dan deu dik dyu eng epo est
Latn eus ewe fao fij fin fon fra fur fuv gaz gla gle glg grn hat hau hrv hun ibo ilo ind isl ita jav kab kac
Latn kam kbp kea kik kin kmb kmr knc kon lij lim lin lit lmo ltg ltz lua lug luo lus lvs min mlt mos mri nld
Latn nno nob nso nus nya oci pag pap plt pol por quy ron run sag scn slk slv smo sna som sot spa srd ssw sun
Latn swe swh szl taq tgl tpi tsn tso tuk tum tur twi umb uzn vec vie war wol xho yor zsm zul
Arab acm acq aeb ajp apc arb ars ary arz azb ckb kas pbt pes prs snd uig urd
Arab ace bjn knc min
Cyrl bak bel bul kaz khk kir mkd rus srp tat tgk ukr
Deva awa bho hin hne mag mai mar npi san
Deva kas
Beng asm ben mni
Ethi amh tir
Hans zho
Hant yue
Hant zho
Hebr heb ydd
Mymr mya shn
Tfng tzm
Tfng taq
Tibt bod dzo
Armn hye
Geor kat
Grek ell
Gujr guj
Guru pan
Hang kor
Jpan jpn
Khmr khm
Knda kan
Laoo lao
Latn arb
Mlym mal
Nkoo nqo
Olck sat
Orya ory
Sinh sin
Taml tam
Telu tel
Thai tha
"""
"""A language in two scripts stands first under the one that its bare code means."""

CODES: tuple[str, ...] = tuple(
    f"{base}_{script}" for script, *bases in map(str.split, _BY_SCRIPT.strip().splitlines()) for base in bases
)

DEFAULT_SCRIPT: dict[str, str] = {base: script for base, script in reversed([c.split("_") for c in CODES])}
"""Base code to the script that is meant when none is written: `zho` is `Hans`."""

MEMBER: dict[str, str] = {
    "ara": "arb", "aym": "ayr", "aze": "azj", "din": "dik", "fas": "pes", "fil": "tgl", "ful": "fuv",
    "kau": "knc", "kur": "kmr", "lav": "lvs", "mlg": "plt", "mon": "khk", "msa": "zsm", "nep": "npi",
    "nor": "nob", "ori": "ory", "orm": "gaz", "pus": "pbt", "que": "quy", "sqi": "als", "swa": "swh",
    "uzb": "uzn", "yid": "ydd", "hbs": "srp",
    "cmn": "zho", "ekk": "est", "gug": "grn", "kng": "kon", "src": "srd",
}  # fmt: skip
"""ISO 639-3 code to the one FLORES-200 has for it: most are macrolanguages to their usual member, the last
line is the other way round, where FLORES-200 itself uses the macrolanguage."""
