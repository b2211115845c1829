"""A run of one part of the benchmark leaves the figures of the others as they were."""

from tests.bench.keeping import with_rows, with_sections

HEAD = "|  | measured | aim |\n| --- | --- | --- |"


def test_rows_of_other_parts_stay_and_those_of_this_part_are_new() -> None:
    kept = f"{HEAD}\n| (a) cold | 1.4 | |\n| (d) page | 9 | |\n| (d) gone | 9 | |\n| (e) lost | 0 | |\n"
    assert with_rows(kept, f"{HEAD}\n| (d) page | 1 | |") == (
        f"{HEAD}\n| (a) cold | 1.4 | |\n| (d) page | 1 | |\n| (e) lost | 0 | |"
    )


def test_sections_of_other_parts_stay_in_their_order() -> None:
    kept = "# Old\n\n## (a) Cold\n\na\n\n## (d) Page\n\nold\n\n## (e) Mails\n\ne\n"
    assert with_sections(kept, "# New\n\n## (d) Page\n\nnew\n") == (
        "# New\n\n## (a) Cold\n\na\n\n## (d) Page\n\nnew\n\n## (e) Mails\n\ne\n"
    )


def test_the_first_run_has_nothing_to_keep() -> None:
    assert with_sections("", "# New\n\n## (d) Page\n\nnew\n") == "# New\n\n## (d) Page\n\nnew\n"
    assert with_rows("", f"{HEAD}\n| (d) page | 1 | |") == f"{HEAD}\n| (d) page | 1 | |"
