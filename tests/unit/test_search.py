"""The directory finds what people type. The table below is over the fifty organisms that come with the program."""

import csv
import random
import time
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.fields.text import folded
from mailroom.fields.word_forms import words_of
from mailroom.organisms.search import Searchable, ranks

ROOT = Path(__file__).parents[2]

with (ROOT / "functions" / "enrol_organisms" / "organisms.csv").open(encoding="utf-8", newline="") as file:
    ORGANISMS = list(csv.DictReader(file))


def searchable(organism: dict[str, str]) -> Searchable:
    names = (organism["name_fr"], organism["name_ar"])
    return Searchable(names=names, code=organism["code"], city=organism["city"])


def found(typed: str, organisms: Sequence[dict[str, str]] = ORGANISMS) -> list[str]:
    """Ids of what is found, as the directory sorts it."""
    answers = zip(ranks(typed, [searchable(each) for each in organisms]), organisms, strict=True)
    placed = [(rank, folded(each["name_fr"]), each["organism_id"]) for rank, each in answers if rank is not None]
    return [organism_id for _, _, organism_id in sorted(placed)]


FIRST = [
    # What is typed, and the organism that comes first.
    # — words in any order, some of them left out
    ("commune temara", "commune-temara"),
    ("temara commune", "commune-temara"),
    ("Rabat commune", "commune-rabat"),
    ("الرباط جماعة", "commune-rabat"),
    ("جماعة فاس", "commune-fes"),
    ("casablanca région", "region-casablanca-settat"),
    ("maladie assurance agence", "anam"),
    ("emploi anapec", "anapec"),
    ("الداخلية وزارة", "mi"),
    ("صندوق الضمان", "cnss"),
    # — case, accents, hyphens, apostrophes, blanks, dots
    ("TEMARA", "commune-temara"),
    ("fès", "commune-fes"),
    ("tanger assilah", "prefecture-tanger-assilah"),
    ("Tanger–Assilah", "prefecture-tanger-assilah"),
    ("assurance  maladie", "anam"),
    ("l’assurance maladie", "anam"),
    ("l' électricité", "onee"),
    ("al maghrib", "bam"),
    ("almaghrib", "bam"),
    ("haut commissariat plan", "hcp"),
    ("guelmim/oued-noun", "region-guelmim-oued-noun"),
    ("O.N.S.S.A.", "onssa"),
    ("rabat !", "commune-rabat"),
    ("«ANAM»", "anam"),
    # — small words that are left out or put in
    ("ministère de intérieur", "mi"),
    ("agence de assurance maladie", "anam"),
    ("commune du rabat", "commune-rabat"),
    ("ministère économie et finances", "mef"),
    ("office eau", "onee"),
    ("وزارة العدل و الحريات", None),
    ("وزارة التجهيز و الماء", "mee"),
    # — codes, and beginnings of words
    ("anam", "anam"),
    ("mi", "mi"),
    ("MIC", "mic"),
    ("cnss", "cnss"),
    ("onss", "onssa"),
    ("ccasa", "commune-casablanca"),
    ("min interieur", "mi"),
    ("sec gen gouv", "sgg"),
    ("biblio", "bnrm"),
    ("طنجة", "prefecture-tanger-assilah"),
    # — the Arabic article, alone and grown together with others
    ("التأمين", "anam"),
    ("تأمين", "anam"),
    ("للتأمين", "anam"),
    ("بالتأمين", "anam"),
    ("والتأمين", "anam"),
    ("كالتأمين", "anam"),
    ("فالتأمين", "anam"),
    ("وللتأمين", "anam"),
    ("وكالة وطنية تأمين", "anam"),
    ("التقاعد", "cmr"),
    ("المطارات", "onda"),
    ("إدارة السجون", "dgapr"),
    ("الإدارة السجون", "dgapr"),
    ("قدماء المقاومين", "hcar"),
    ("العدل", "mj"),
    ("والعدل", "mj"),
    ("الدارالبيضاء", "commune-casablanca"),
    ("دار البيضاء", "commune-casablanca"),
    # — ways of writing an Arabic letter
    ("الوکالة", "add"),
    ("الوکاله", "add"),
    ("الـوكالـة الوطنية للتـأمين", "anam"),
    ("وِزَارَةُ الدَّاخِلِيَّة", "mi"),
    ("وزارة الداخلیة", "mi"),
    ("ڭلميم", "region-guelmim-oued-noun"),
    ("گلميم", "region-guelmim-oued-noun"),
    ("ݣلميم", "region-guelmim-oued-noun"),
    ("الافريقي", "maecamre"),
    ("الاسرة", "msisf"),
    ("اصيله", "prefecture-tanger-assilah"),
    ("الماء الشروب", None),
    ("\u202bالرباط\u202c", "commune-rabat"),
    # — one typing error: a letter too many, too few, another, or two that changed places
    ("temra", "commune-temara"),
    ("temarra", "commune-temara"),
    ("tamara", "commune-temara"),
    ("tmeara", "commune-temara"),
    ("rabta", "commune-rabat"),
    ("rabt", "commune-rabat"),
    ("comune de temara", "commune-temara"),
    ("communes rabat", "commune-rabat"),
    ("assurence maladie", "anam"),
    ("asurance maladdie", "anam"),
    ("ministre de la santé", "msps"),
    ("onsa", "onssa"),
    ("casablnca", "commune-casablanca"),
    ("الرباظ", "commune-rabat"),
    ("الربط", "commune-rabat"),
    ("التأمن", "anam"),
    ("الداخلة", "mi"),
    ("وزراة الداخلية", "mi"),
    ("مركاش", "commune-marrakech"),
    ("التقاعدد", "cmr"),
    # — nothing of ours
    ("zzzz", None),
    ("anamx", None),  # a word of four letters forgives none
    ("caise depot gestoin monnaie", None),
    ("maternité", None),
    ("أڭادير", None),
    ("%", None),
    (".*", None),
    ("(((((", None),
    ("😀", None),
    ("-", None),
]


@pytest.mark.parametrize(("typed", "first"), FIRST)
def test_what_people_type_finds_the_organism_that_they_mean_first(typed: str, first: str | None) -> None:
    assert next(iter(found(typed)), None) == first


IN_ORDER = [
    # What is typed, and all that is found.
    # — the whole code first, then beginnings of names and codes, then of words; each by French name
    ("adm", ["adm", "adn", "dgapr", "mtnra"]),
    ("cd", ["cdg"]),
    ("caisse", ["cdg", "cmr", "cnss"]),
    ("agence nationale", ["anam", "ancfcc", "narsa", "anapec", "anrt"]),
    ("nationale agence", ["anam", "ancfcc", "narsa", "anapec", "anrt"]),
    ("وكالة", ["add", "anam", "ancfcc", "narsa", "anapec", "anrt"]),
    ("casa", ["commune-casablanca", "region-casablanca-settat"]),
    ("eau", ["mapmdref", "mee", "onee"]),
    ("المغرب", ["adm", "bam", "bnrm", "cmr", "ompic"]),
    # — a word's beginning before what stands within one: "professionnelle"
    ("fes", ["commune-fes", "ofppt"]),
    # — typing errors are not looked for where something is found without: "digital", not "capital"
    ("rabat", ["commune-rabat"]),
    ("digital", ["add"]),
]


@pytest.mark.parametrize(("typed", "in_order"), IN_ORDER)
def test_the_likeliest_come_first(typed: str, in_order: list[str]) -> None:
    assert found(typed) == in_order


def test_the_tables_hold_what_was_asked_for_in_both_languages() -> None:
    typed = [row[0] for row in (*FIRST, *IN_ORDER)]
    arabic = [text for text in typed if any("\u0600" <= letter <= "\u06ff" for letter in text)]
    assert len(arabic) >= 30
    assert len(typed) - len(arabic) >= 30


@pytest.mark.parametrize("organism", ORGANISMS, ids=lambda organism: str(organism["organism_id"]))
def test_an_organism_is_the_first_to_be_found_by_its_code_and_by_each_of_its_names(organism: dict[str, str]) -> None:
    for typed in (organism["code"], organism["name_fr"], organism["name_ar"]):
        assert found(typed)[0] == organism["organism_id"]
        assert found(typed.upper())[0] == organism["organism_id"]


@pytest.mark.parametrize("typed", ["commune de temara", "وزارة الشباب والثقافة", "agence nationale sécurité routière"])
def test_the_order_of_words_does_not_decide_what_is_found(typed: str) -> None:
    expected = set(found(typed))
    assert expected
    assert all(set(found(" ".join(words))) == expected for words in permutations(typed.split()))


def mistyped(word: str, chance: random.Random) -> list[str]:
    """The word with a letter too few, a letter doubled, another letter, and two letters that changed places."""
    at = chance.randrange(1, len(word) - 1)
    other = "ظ" if word[at] > "\u0600" else "x"
    return [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + other + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]


@pytest.mark.parametrize("organism", ORGANISMS, ids=lambda organism: str(organism["organism_id"]))
def test_one_typing_error_in_any_word_of_five_letters_still_finds(organism: dict[str, str]) -> None:
    chance = random.Random(organism["organism_id"])  # noqa: S311 - the same errors at every run
    organisms = [*chance.sample(ORGANISMS, 5), organism]
    for name in (organism["name_fr"], organism["name_ar"]):
        for word in {word for word in words_of(name) if len(word) >= 5}:
            for typed in mistyped(word, chance):
                # Where it spells a part of another word, that is what is found.
                spelt = Searchable(names=[typed], code=typed, city="").forms
                if any(form in other for form in spelt for each in organisms for other in searchable(each).forms):
                    continue
                assert organism["organism_id"] in found(typed, organisms), (word, typed)


def test_the_two_ways_to_write_agadir_find_each_other() -> None:
    def agadir(name: str) -> dict[str, str]:
        return {"organism_id": "agadir", "name_fr": "Commune d'Agadir", "name_ar": name, "code": "CAGA", "city": ""}

    ways = ["جماعة أكادير", "جماعة أڭادير", "جماعة اگادير", "جماعة أݣادیر"]
    for stored in ways:
        for typed in (*ways, "أڭادير", "الاكادير"):
            assert found(typed, [*ORGANISMS, agadir(stored)]) == ["agadir"]


def test_small_words_alone_are_words_like_others() -> None:
    assert "adm" in found("du")
    assert "mj" not in found("du")


@given(st.text(max_size=100))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert len(ranks(typed, [searchable(each) for each in ORGANISMS[:5]])) == 5


HOSTILE = [
    "a ag age agen agenc n na nat nati natio nation d de s so",
    "والووووووو " * 9,
    "ouvre tebar minis gence natio ffice reteo minst comun casab rabta temra asila fesss tangr guelm",
    "xxxxx " * 16,
    "l " * 50,
    "((((((.*.*.*)+)+)+)+$" * 4,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_a_search_costs_grows_with_the_directory_and_no_faster(typed: str) -> None:
    """Two thousand organisms, all that there will be: ten times as many may cost about ten times as much."""

    def seconds(organisms: int) -> float:
        texts = [
            Searchable(names=(f"{each['name_fr']} {turn}", f"{each['name_ar']} {turn}"), code=each["code"], city="")
            for turn in range(organisms // len(ORGANISMS))
            for each in ORGANISMS
        ]
        took = []
        for _ in range(3):
            began = time.process_time()
            ranks(typed[:100], texts)
            took.append(time.process_time() - began)
        return min(took)

    few, many = seconds(200), seconds(2000)
    assert many < 30 * max(few, 0.001)
    assert many < 1
