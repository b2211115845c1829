"""What the command says of a file that is no directory at all."""

from pathlib import Path

import boto3
import pytest

from infra.commands.enrol import EnrolmentError, enrol


def test_a_directory_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Spreadsheets on Windows save Arabic in a code page of their own unless they are told otherwise."""
    csv = tmp_path / "organisms.csv"
    csv.write_text("organism_id,name_ar\nanam,الوكالة\n", encoding="cp1256")
    with pytest.raises(EnrolmentError, match="UTF-8"):
        enrol(boto3.Session(region_name="eu-west-3"), "nothing-is-called", csv)
