"""Reading files of places: sound ones give rows, hostile ones give line numbers and never an exception."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villages.regions.csv_file import read_csv
from villages.regions.files import read_places
from villages.regions.places import judge
from villages.regions.rows import Reading
from villages.regions.sql_file import read_sql

HEAD = "-- places\r\nINSERT INTO wilayah (kode, nama)\r\nVALUES\r\n"
CHAIN = (
    "('35','Jawa Timur'),\r\n('35.24','Kabupaten Lamongan'),\r\n"
    "('35.24.10','Maduran'),\r\n('35.24.10.2009','Parengan');"
)


def lines_of(reading: Reading) -> list[int]:
    return [trouble.line for trouble in reading.troubles]


def test_sql_gives_rows_with_their_lines() -> None:
    reading = read_sql(HEAD + CHAIN)
    assert reading.troubles == []
    assert [(row.line, row.code, row.name) for row in reading.rows] == [
        (4, "35", "Jawa Timur"),
        (5, "35.24", "Kabupaten Lamongan"),
        (6, "35.24.10", "Maduran"),
        (7, "35.24.10.2009", "Parengan"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"), [("Tolo'' Oi", "Tolo' Oi"), (r"Tolo\' Oi", "Tolo' Oi"), ("Kaliau'''", ""), (r"a\\b", r"a\b")]
)
def test_sql_quotes_are_read_in_both_ways(written: str, meant: str) -> None:
    reading = read_sql(f"{HEAD}('52.04.25.2006','{written}');")
    assert [row.name for row in reading.rows] == ([meant] if meant else [])


def test_sql_skips_other_statements_and_comments() -> None:
    text = (
        "/* a; 'b */ DROP TABLE x;\nCREATE TABLE x (kode varchar(13) DEFAULT ';');\n# note\n"
        + HEAD
        + "('35','Jawa Timur'), -- (\n/* ( */ ('35.24','Kabupaten Lamongan')\n;\nSET a = 1;"
    )
    reading = read_sql(text)
    assert (reading.troubles, len(reading.rows)) == ([], 2)


def test_sql_takes_several_rows_on_a_line_and_several_inserts() -> None:
    reading = read_sql(
        "INSERT INTO w VALUES ('35','Jawa Timur'),('52','NTB');insert into w (code,name) values ('51','Bali');"
    )
    assert ([row.code for row in reading.rows], reading.troubles) == (["35", "52", "51"], [])


@pytest.mark.parametrize(
    "cut", [";", "');", "ngan');", "'35.24.10.2009','Parengan');", "('35.24.10.2009','Parengan');"]
)
def test_sql_that_is_cut_off_is_refused(cut: str) -> None:
    reading = read_sql((HEAD + CHAIN).removesuffix(cut))
    assert any("cut off" in trouble.sentence for trouble in reading.troubles)
    assert set(lines_of(reading)) <= {6, 7}


def test_sql_cut_in_a_comment_or_statement_is_refused() -> None:
    assert "cut off" in str(read_sql("/* never closed").troubles[0])
    assert "cut off" in str(read_sql(HEAD + CHAIN + "\nDROP TABLE w").troubles[0])


def test_sql_names_each_broken_line_and_reads_on() -> None:
    rows = [
        "('35','Jawa Timur'),",
        "('35.24' 'Kabupaten Lamongan'),",
        "(35.10,'Kabupaten Banyuwangi'),",
        "('35.24','Kabupaten Lamongan')",
        "('35.24.10','Maduran'),",
        "('35.24.11',NULL);",
    ]
    reading = read_sql(HEAD + "\n".join(rows))
    assert lines_of(reading) == [5, 6, 8, 9]
    assert "35.10 is a number" in reading.troubles[1].sentence
    assert "comma" in reading.troubles[2].sentence
    assert [row.code for row in reading.rows] == ["35", "35.24", "35.24.10"]


def test_sql_insert_without_end_before_the_next_is_refused() -> None:
    reading = read_sql(HEAD + "('35','Jawa Timur')\nINSERT INTO w VALUES ('51','Bali');")
    assert lines_of(reading) == [5]
    assert [row.code for row in reading.rows] == ["35", "51"]


def test_sql_of_other_columns_is_refused() -> None:
    assert "nama, kode" in str(read_sql("INSERT INTO w (nama, kode) VALUES ('Bali','51');").troubles[0])


@given(st.text(max_size=200))
def test_sql_reader_survives_any_text(text: str) -> None:
    read_sql(text)
    judge(read_sql(HEAD + text))


@given(st.text(alphabet="('),;\n\\ 35.-/*INSERTOVALU", max_size=120))
def test_sql_reader_survives_near_misses(text: str) -> None:
    judge(read_sql(HEAD + text))


@given(st.text(max_size=200))
def test_csv_reader_survives_any_text(text: str) -> None:
    judge(read_csv(text + "\n"))


def test_csv_gives_rows_with_or_without_head() -> None:
    for text in ("code,name\n35,Jawa Timur\n", "kode;nama\n35;Jawa Timur\n", "\ufeff35,Jawa Timur\n".lstrip("\ufeff")):
        reading = read_csv(text)
        assert ([(row.code, row.name) for row in reading.rows], reading.troubles) == ([("35", "Jawa Timur")], [])


def test_csv_names_lines_with_other_columns() -> None:
    reading = read_csv("code,name\n35,Jawa Timur\n35,24,Kabupaten Lamongan\nMaduran\n")
    assert lines_of(reading) == [3, 4]


def test_csv_without_a_last_line_end_is_refused() -> None:
    assert "cut off" in str(read_csv("35,Jawa Timur\n35.24,Kabup").troubles[0])


def test_csv_with_an_open_quote_is_refused() -> None:
    assert "quotes" in str(read_csv('35,"Jawa Timur\n').troubles[0])


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"code,name\n35,Jawa \xff\xfe\n")
    assert str(read_places(file).troubles[0]).startswith("line 2: this is no UTF-8 text")


def test_file_is_read_by_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_text("35,Jawa Timur\n", encoding="utf-8-sig")
    (tmp_path / "a.sql").write_text(HEAD + "('35','Jawa Timur');")
    assert [len(read_places(tmp_path / name).rows) for name in ("a.CSV", "a.sql")] == [1, 1]
