"""Families: which languages are related, by Glottolog's top-level families and the usual branches."""

import re
from functools import cache

from interlingua.core.errors import UnknownName

# Family > branch > ...: ISO 639-3 codes as used inside. Creoles stand with the language their words are from.
_TABLE = """
Afro-Asiatic > Berber: ber kab rif shi shy taq thv tmh ttq tzm zgh
Afro-Asiatic > Chadic: hau
Afro-Asiatic > Cushitic: aar bej gax gaz hae orc sid som
Afro-Asiatic > Egyptian: cop
Afro-Asiatic > Semitic: aii akk amh arc gez har heb syr tig tir
Afro-Asiatic > Semitic > Arabic: acm acq acw aeb afb ajp apc apd arb arq ars ary arz ayl mey mlt shu
Atlantic-Congo: lia
Atlantic-Congo > Atlantic: dyo fub fuc fuf fuv srr wol
Atlantic-Congo > Benue-Congo: bin efi ibb ibo idu igl kcg lns nup tiv yor
Atlantic-Congo > Benue-Congo > Bantu: asa bas beb bem bez cgg cjk dua ewo fan guz her jmc kam kde kik kin kmb
Atlantic-Congo > Benue-Congo > Bantu: kon koo kqn ksb ktu kua lag lin loz lua lub lue lug lun luy mer nba nbl
Atlantic-Congo > Benue-Congo > Bantu: nde ndo nso nya nym nyn nyy rof run sbp sna sot ssw suk swh toi tsn tso
Atlantic-Congo > Benue-Congo > Bantu: ttj tum umb ven vmw vun xho xog yao zul
Atlantic-Congo > Gur: bba dag dga gur kbp mos tbz wwa xsm
Atlantic-Congo > Kwa: ada ajg aka any bci ewe fat fon gaa gej gjn nzi twi
Atlantic-Congo > Mel: tem
Atlantic-Congo > Ubangi: sag
Mande: bam bib dyu emk gkp kpe man men mnk nqo snk sus vai
Ta-Ne-Omotic: gmv wal
Nilotic: ach alz bfa dik dip kln laj lot luo mas nus saq shk teo
Saharan: kby knc
Songhay: ddn dje khq ses
Central Sudanic: lgg mhi sba
Indo-European > Albanian: aat aln als
Indo-European > Armenian: hye hyw xcl
Indo-European > Balto-Slavic > Baltic: lit ltg lvs prg sgs
Indo-European > Balto-Slavic > Slavic: bel bos bul ces chu cnr csb dsb hrv hsb mkd orv pol rue rus slk slv srp
Indo-European > Balto-Slavic > Slavic: szl ukr
Indo-European > Celtic: bre cor cym gla gle glv
Indo-European > Germanic: afr ang bar dan deu eng fao frr fri fry gos got gsw isl ksh lim ltz nds nld nno nob
Indo-European > Germanic: non pdc pfl sco stq swe swg vls ydd zea
Indo-European > Germanic > Creole: bis kri pcm pis srn tpi
Indo-European > Greek: ell grc pnt tsd
Indo-European > Indo-Iranian > Indo-Aryan: asm awa ben bgc bho bpy ctg div doi dty gom guj hif hin hne kas kok
Indo-European > Indo-Iranian > Indo-Aryan: lah mag mai mar npi ory pan pli pnb rkt rmc rmn rmy rom san sck sin
Indo-European > Indo-Iranian > Indo-Aryan: skr snd syl urd
Indo-European > Indo-Iranian > Iranian: bal bcc bgn ckb diq glk kiu kmr lrc mzn oss pbt pes prs sdh tgk tly
Indo-European > Indo-Iranian > Iranian: zza
Indo-European > Italic: lat
Indo-European > Italic > Romance: arg ast auv cat cos egl eml ext fra frp fur glg ita lad lij lld lmo lnc mwl
Indo-European > Italic > Romance: mxi nap oci pcd pms por prv rgn roh ron rup scn spa srd vec wln
Indo-European > Italic > Romance > Creole: acf cbk crs gcf gcr hat kea mfe pap pov rcf
Uralic: hun kca mns yrk
Uralic > Finnic: est fin fkv izh krl liv olo vep vot vro
Uralic > Mari: chm mhr mrj
Uralic > Mordvin: mdf myv
Uralic > Permic: koi kpv udm
Uralic > Saami: sma sme smj smn sms
Turkic > Karluk: uig uzn
Turkic > Kipchak: bak crh kaa kaz kir krc kum nog tat
Turkic > Oghur: chv
Turkic > Oghuz: azb azj gag tuk tur
Turkic > Siberian Turkic: alt cjs kjh sah tyv
Mongolic-Khitan > Mongolic: bua khk mvf xal
Tungusic: eve evn gld mnc
Yukaghir: ykg
Abkhaz-Adyge: abk abq ady kbd
Kartvelian: kat lzz sva xmf
Nakh-Daghestanian: aqc ava che dar inh lbe lez rut tab
Basque: eus
Japonic: jpn ryu
Koreanic: kor
Dravidian: brh gon kan kru mal tam tcy tel
Sino-Tibetan > Sinitic: cdo cjy cpx gan hak hsn lzh mnp nan wuu yue zho
Sino-Tibetan > Tibeto-Burman: bod dzo hni iii kac ksw lhu mni mya new njo taj
Sino-Tibetan > Tibeto-Burman > Kuki-Chin: cfm cnh ctd flm hlt lus
Tai-Kadai > Tai: aho blt ccx khb lao nod shn sou tha tts zha zyb
Hmong-Mien: blu hmn hmj hms hnj ium mww
Austroasiatic: kha khm mnw
Austroasiatic > Munda: hoc sat srb unr
Austroasiatic > Vietic: vie
Austronesian > Formosan: ami bnn dru pwn tay trv
Austronesian > Malayo-Polynesian: ace ban bbc bug cha jav mad mak pau plt ppk sas sun tet
Austronesian > Malayo-Polynesian > Malayic: bjn iba ind max min mly zsm
Austronesian > Malayo-Polynesian > Oceanic: chk fij gil mah pon yap
Austronesian > Malayo-Polynesian > Oceanic > Polynesian: haw mri niu rap rar smo tah ton tvl wls
Austronesian > Malayo-Polynesian > Philippine: bcl bik ceb hil ilo pag pam tgl war
Austronesian > Malayo-Polynesian > Sabahan: dtp
Algic > Algonquian: cre crk csw mic ojb oji
Araucanian: arn
Arawakan: ame cab cni cot cpu guc not prq
Athabaskan-Eyak-Tlingit: dgr gwi nav
Aymaran: ayc ayr
Barbacoan: cbi cof kwi
Boran: boa
Cahuapanan: cbt
Candoshi-Shapra: cbu
Chibchan: bzd cuk kog
Chicham: acu agr hub jiv
Eskimo-Aleut: esu ike iku ipk kal
Guaicuruan: tob
Harakmbut: amr
Huitotoan: huu
Iroquoian: chr moh
Mayan: cak hsf hus hva kek mam quc toj tzc tzh tzj tzo yua
Misumalpan: miq
Muskogean: cho cic mus
Otomanguean: chj csa maz mxv mzi ote oto zam ztu
Páez: pbb
Pano-Tacanan: amc cbr cbs mcd mcf shp
Peba-Yagua: yad
Quechuan: qud qug quy quz qva qvc qvh qvm qvn qwh qxa qxn qxu
Siouan: dak lkt
Tarascan: tsz
Ticuna-Yuri: tca
Totonacan: top
Tucanoan: sey snn
Tupian: grn gun gyr
Urarina: ura
Uto-Aztecan: azz hch hop nah nhe nhn ppl tar yaq
Waorani: auc
Yanomamic: guu
Zaparoan: arl zro
Artificial Language: avk epo ido ile ina jbo lfn nov tlh tzl vol
"""

_ALSO = {
    "Niger-Congo": ("Atlantic-Congo", "Mande"),
    "Nilo-Saharan": ("Nilotic", "Saharan", "Songhay", "Central Sudanic"),
    "Kra-Dai": ("Tai-Kadai",),
    "Hellenic": ("Greek",),
    "Indic": ("Indo-Aryan",),
    "Sami": ("Saami",),
    "Chinese": ("Sinitic",),
    "Constructed": ("Artificial Language",),
}
"""Names of groupings that Glottolog does not have, or calls otherwise."""


def lineage(iso639_3: str) -> tuple[str, ...]:
    """Family and then ever smaller branches of an inside ISO 639-3 code; empty where the table lacks it."""
    return _lineages().get(iso639_3, ())


def families_named(text: str) -> tuple[str, ...]:
    """The families or branches called `text`, hyphens and case aside: `bantu`, `Indo Aryan`, `niger-congo`.

    Raises `UnknownName` with near names.
    """
    names = {name for path in _lineages().values() for name in path}
    known = {_plain(name): (name,) for name in names} | {_plain(name): also for name, also in _ALSO.items()}
    if _plain(text) not in known:
        wanted = text.strip().title() if text.islower() else text
        raise UnknownName("family or branch", wanted, [*names, *_ALSO])
    return known[_plain(text)]


def _plain(name: str) -> str:
    return re.sub(r"\W", "", name.casefold())


@cache
def _lineages() -> dict[str, tuple[str, ...]]:
    return {
        iso: tuple(path.split(" > "))
        for path, codes in (line.split(": ") for line in _TABLE.strip().splitlines())
        for iso in codes.split()
    }
