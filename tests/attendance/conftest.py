"""Sessions at every stage, as the tests of programs have them."""

from tests.programs.conftest import desk, english, enrolled, planned, running, session

__all__ = ["desk", "english", "enrolled", "planned", "running", "session"]
