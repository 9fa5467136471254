"""Lists of participants: opened, checked, committed as a whole, undone for a day, forgotten after it."""

from programs.actions.intake.checking import check_import, choose_columns
from programs.actions.intake.committing import commit_import
from programs.actions.intake.forgetting import discard_import, export_rows, forget_imports
from programs.actions.intake.opening import open_import
from programs.actions.intake.undoing import undo_import

__all__ = [
    "check_import",
    "choose_columns",
    "commit_import",
    "discard_import",
    "export_rows",
    "forget_imports",
    "open_import",
    "undo_import",
]
