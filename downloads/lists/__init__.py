"""Every list as a table, by the API's name of its resource; pages and API read them alike."""

from downloads.columns import Table
from downloads.lists import exports, figures, mentoring, papers, programs, records, villages

TABLES: dict[str, Table] = {
    table.key: table
    for room in (villages, programs, mentoring, papers, exports, figures, records)
    for table in room.TABLES
}
__all__ = ["TABLES"]
