"""manage.py load_regions on real PostgreSQL: whole or not at all, twice the same, gone is flagged and never deleted."""

from pathlib import Path
from typing import Protocol

import pytest
from django.core.management import CommandError, call_command

from villages.models import Region

pytestmark = pytest.mark.django_db

WHOLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "regions" / "wilayah.sql"
FIXTURE = Path(__file__).resolve().parents[2] / "villages" / "fixtures" / "regions.csv"
CHAIN = """code,name
35,Jawa Timur
35.24,Kabupaten Lamongan
35.24.10,Maduran
35.24.10.2009,Parengan
35.24.10.2010,Pangkatrejo
"""


class Load(Protocol):
    def __call__(self, text: str, *options: str, name: str = "list.csv") -> str: ...


@pytest.fixture
def load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Load:
    def run(text: str, *options: str, name: str = "list.csv") -> str:
        file = tmp_path / name
        file.write_text(text)
        call_command("load_regions", str(file), *options)
        return capsys.readouterr().out

    return run


def test_list_is_loaded_and_loading_twice_changes_nothing(load: Load) -> None:
    assert "added 5, renamed 0, gone 0, unchanged 0" in load(CHAIN)
    village = Region.objects.select_related("parent__parent").get(code="35.24.10.2009")
    assert (village.place, village.zone) == ("Parengan, Kec. Maduran, Kab. Lamongan", "Asia/Jakarta")
    assert "added 0, renamed 0, gone 0, unchanged 5" in load(CHAIN)


def test_renamed_and_gone_are_told_and_gone_comes_back(load: Load) -> None:
    load(CHAIN)
    out = load(CHAIN.replace("Parengan", "Parengan Baru").replace("35.24.10.2010,Pangkatrejo\n", ""))
    assert "35.24.10.2009: Parengan is now Parengan Baru" in out
    assert "added 0, renamed 1, gone 1, unchanged 3" in out
    assert Region.objects.get(code="35.24.10.2010").gone
    assert "renamed 1, gone 0, back 1, unchanged 3" in load(CHAIN)
    assert not Region.objects.filter(gone=True).exists()


def test_dry_run_writes_nothing(load: Load) -> None:
    out = load(CHAIN, "--dry-run")
    assert "added 5" in out
    assert "nothing was written" in out
    assert not Region.objects.exists()


def test_one_broken_line_loads_nothing(load: Load) -> None:
    with pytest.raises(
        CommandError, match=r"(?s)list.csv is refused and nothing was loaded:\n  line 4: the code 35.1 "
    ):
        load(CHAIN.replace("35.24.10,Maduran", "35.1,Maduran"))
    assert not Region.objects.exists()


def test_a_long_list_of_troubles_is_cut(load: Load) -> None:
    with pytest.raises(CommandError, match="and 80 more"):
        load("x,y\n" * 100)


def test_part_leans_on_what_is_stored(load: Load) -> None:
    load(CHAIN)
    assert "added 1, renamed 0, gone 0" in load("35.24.10.2011,Kanugrahan\n", "--partial")
    with pytest.raises(CommandError, match=r"35.24.11.2001 lacks its parent 35.24.11"):
        load("35.24.11.2001,Wonorejo\n", "--partial")


def test_csv_without_a_stored_province_is_a_part_and_sql_is_cut_off(load: Load) -> None:
    load(CHAIN)
    assert "taken as a part" in load("51,Bali\n")
    assert not Region.objects.filter(gone=True).exists()
    with pytest.raises(CommandError, match="35; it is cut off"):
        load("INSERT INTO w VALUES ('51','Bali');", name="list.sql")


def test_dropping_most_of_the_list_must_be_said(load: Load) -> None:
    call_command("load_regions", str(FIXTURE), verbosity=0)
    few = "35,Jawa Timur\n52,Nusa Tenggara Barat\n"
    with pytest.raises(CommandError, match="506 of 508 stored places are not in this file"):
        load(few)
    assert "gone 506" in load(few, "--accept-gone")


def test_missing_file_is_one_line() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_regions", "/nowhere/list.sql")


def test_the_products_own_list_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_regions", str(FIXTURE))
    assert "added 508" in capsys.readouterr().out
    assert Region.objects.get(code="52.02.02.2010").zone == "Asia/Makassar"


@pytest.mark.skipif(not WHOLE.exists(), reason=f"not part of the repository: {WHOLE.name}")
def test_whole_country_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_regions", str(WHOLE))
    assert "83,762 villages" in capsys.readouterr().out
    assert Region.objects.count() == 91_599
    village = Region.objects.select_related("parent__parent__parent").get(code="35.24.10.2009")
    assert (village.place, village.get_zone_display()) == ("Parengan, Kec. Maduran, Kab. Lamongan", "WIB")
    call_command("load_regions", str(WHOLE))
    assert "added 0, renamed 0, gone 0, unchanged 91,599" in capsys.readouterr().out
