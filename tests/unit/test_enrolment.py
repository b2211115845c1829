"""A directory in CSV is taken as a whole or not at all, and every bad cell is named."""

from pathlib import Path

import pytest

from mailroom.domain.organism import Accepts, Organism
from mailroom.organisms.directory_file import BadRowsError, read_directory

HEADING = "organism_id,code,category,name_fr,name_ar,city,language,alert_emails,alert_phones,national_id"
ANAM = (
    "anam,ANAM,public_establishment,Agence de l'assurance,وكالة التأمين,Rabat,ar,"
    "a@exemple.ma b@exemple.ma,0612345678,yes"
)
FES = "fes,FES,territorial_collectivity,Commune de Fès,جماعة فاس,,,c@exemple.ma,,"


def directory(*rows: str, heading: str = HEADING) -> str:
    return "\r\n".join([heading, *rows]) + "\r\n"


def refused(text: str, known: dict[str, Organism] | None = None) -> list[tuple[object, object]]:
    with pytest.raises(BadRowsError) as refusal:
        read_directory(text, known or {})
    assert all(error["message"] for error in refusal.value.errors)
    return [(error["row"], error["column"]) for error in refusal.value.errors]


def test_rows_become_organisms() -> None:
    anam, fes = read_directory(directory(ANAM, FES), {})
    assert anam.name.ar == "وكالة التأمين"
    assert anam.alerts.emails == ("a@exemple.ma", "b@exemple.ma")
    assert anam.alerts.phones == ("+212612345678",)
    assert (anam.city, anam.language, anam.accepts.national_id, anam.status) == ("Rabat", "ar", True, "active")
    assert (fes.city, fes.language, fes.accepts.national_id, fes.alerts.phones) == (None, "fr", False, ())


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + directory(ANAM),
        directory(ANAM).replace("\r\n", "\n"),
        directory(ANAM).replace(",", ";"),
        "\ufeff" + directory(ANAM).replace(",", ";"),
        directory(ANAM, "", ""),
        directory(ANAM.replace(",", " , "), heading=HEADING.replace(",", " , ")),
        directory('"' + ANAM.replace(",", '","') + '"'),
    ],
    ids=["byte-order mark", "line feeds", "semicolons", "both", "blank rows", "spaces", "quotes"],
)
def test_spreadsheets_write_csv_in_many_ways(text: str) -> None:
    assert read_directory(text, {}) == read_directory(directory(ANAM), {})


def test_reading_again_what_is_known_gives_the_same_organisms() -> None:
    first = read_directory(directory(ANAM, FES), {})
    assert read_directory(directory(ANAM, FES), {one.organism_id: one for one in first}) == first


def test_what_the_directory_does_not_say_stays_as_it_was() -> None:
    anam = read_directory(directory(ANAM), {})[0]
    known = anam.model_copy(update={"status": "suspended", "accepts": Accepts(max_attachments=3)})
    again = read_directory(directory(ANAM), {"anam": known})[0]
    assert again.status == "suspended"
    assert again.accepts == Accepts(national_id=True, max_attachments=3)

    fewest = "organism_id;code;category;name_fr;name_ar;alert_emails"
    short = "anam;ANAM;public_establishment;Agence de l'assurance;وكالة التأمين;a@exemple.ma b@exemple.ma"
    assert read_directory(directory(short, heading=fewest), {"anam": known}) == [known]


def test_all_that_is_wrong_with_all_rows_is_named() -> None:
    bad = FES.replace("FES", "f s").replace("c@exemple.ma", "c@")
    worse = "Fès,FES,city,وزارة,Ministère,,xx,,12,perhaps"
    assert refused(directory(ANAM, bad, worse)) == [
        (3, "code"),
        (3, "alert_emails"),
        (4, "organism_id"),
        (4, "category"),
        (4, "name_fr"),
        (4, "name_ar"),
        (4, "alert_emails"),
        (4, "language"),
        (4, "alert_phones"),
        (4, "national_id"),
    ]


def test_names_in_each_others_column_are_noticed() -> None:
    swapped = ANAM.replace("Agence de l'assurance,وكالة التأمين", "وكالة التأمين,Agence de l'assurance")
    assert refused(directory(swapped)) == [(2, "name_fr"), (2, "name_ar")]


@pytest.mark.parametrize(
    ("other", "column"), [(FES.replace("fes", "anam"), "organism_id"), (FES.replace("FES", "ANAM"), "code")]
)
def test_nothing_stands_twice(other: str, column: str) -> None:
    assert refused(directory(ANAM, other)) == [(3, column)]


def test_a_code_is_one_organisms_also_across_directories() -> None:
    """Two organisms with one code would give out the same register numbers."""
    known = {"anam": read_directory(directory(ANAM), {})[0]}
    assert refused(directory(FES.replace("FES", "ANAM")), known) == [(2, "code")]


def test_the_code_of_an_organism_whose_register_has_entries_stays() -> None:
    """Its register's numbers, on paper already, begin with it; before the first, a slip can be put right."""
    known = {one.organism_id: one for one in read_directory(directory(ANAM, FES), {})}
    changed = directory(ANAM.replace("ANAM", "ANAM2"), FES.replace("FES", "VFES"))
    with pytest.raises(BadRowsError) as refusal:
        read_directory(changed, known, lambda organism_id: organism_id == "anam")
    assert [(error["row"], error["value"]) for error in refusal.value.errors] == [(2, "ANAM2")]


def test_an_organism_that_nobody_can_alert_is_refused() -> None:
    assert refused(directory(ANAM.replace("a@exemple.ma b@exemple.ma", ""))) == [(2, "alert_emails")]
    assert refused(directory(ANAM.replace("a@exemple.ma b@exemple.ma", "  "))) == [(2, "alert_emails")]


def test_every_message_of_the_report_says_what_to_do_and_quotes_no_rule() -> None:
    with pytest.raises(BadRowsError) as refusal:
        read_directory(directory(ANAM.replace(",ar,", ",de,").replace(",yes", ",perhaps")), {})
    assert [error["message"] for error in refusal.value.errors] == [
        "Choisissez une de ces valeurs\u00a0: 'ar', 'fr'.",
        "Choisissez une de ces valeurs\u00a0: yes, no.",
    ]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        (HEADING.replace("name_ar", "nom_ar"), "name_ar"),
        (HEADING + ",colour", "colour"),
        (HEADING + ",code", "code"),
        ("", "organism_id"),
    ],
)
def test_wrong_columns_are_named(heading: str, column: str) -> None:
    assert (1, column) in refused(directory(ANAM, heading=heading))


@pytest.mark.parametrize(
    "row", ['anam,"ANAM', 'anam,"A"B,c', "x" * 200_000], ids=["open quote", "quote inside", "endless cell"]
)
def test_broken_csv_is_refused_with_its_row(row: str) -> None:
    assert len(refused(directory(row))) >= 1


def test_more_cells_than_columns_are_refused() -> None:
    assert (2, "extra") in refused(directory(ANAM + ",more"))


def test_the_directory_that_comes_with_the_program_is_right() -> None:
    path = Path(__file__).parents[2] / "functions" / "enrol_organisms" / "organisms.csv"
    organisms = read_directory(path.read_text(encoding="utf-8"), {})
    assert len(organisms) == 50
    assert {organism.category for organism in organisms} == {
        "ministry",
        "public_establishment",
        "territorial_collectivity",
    }
