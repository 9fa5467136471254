"""Lists of participants on their way in."""

from programs.models import ImportBatch
from tests.factories.base import NOW, RowFactory, one
from tests.factories.people import UserFactory
from tests.factories.programs import ProgramFactory


class ImportBatchFactory(RowFactory[ImportBatch]):
    """A list that was uploaded and holds nobody."""

    class Meta:
        model = ImportBatch

    program = one(ProgramFactory)
    file_name = "peserta.xlsx"
    headings = ["Nama", "L/P"]
    fields = ["name", "sex"]
    uploaded_at = NOW
    uploaded_by = one(UserFactory)
