"""A skip tells its reason; where everything must be there (CI=true), it is a failure.

What nobody can install, because it is not ours to give away, may be absent there too; its reason begins with the words
in `NOT_OURS`.
"""

import os
from collections.abc import Generator

import pytest

NOT_OURS = "not part of the repository"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn skipped into failed under CI; an expected failure stays what it is."""
    report = yield
    must_run = os.environ.get("CI") == "true" and NOT_OURS not in str(report.longrepr)
    if report.skipped and must_run and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but CI has everything: {report.longrepr}"
    return report
