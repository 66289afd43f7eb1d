"""What holds for all tests: under NIANBAO_CI a skip needs a reason that is on the list."""

import os
import re
from collections.abc import Generator

import pytest

ALLOWED_SKIPS = (
    r"NIANBAO_CORPUS is not set: .+",
    r"NIANBAO_CORPUS has no reference codebook beside it",
    r"no reader yet for .+",
    r"no git checkout",
    r"the extra ocr is not installed",
    r"the extra notebooks is not installed",
    r"soffice is not installed: .+",
    r"soffice is installed outside of the path",
    r"no browser is installed to print pages with",
    r"memory is watched on Linux only",
    r"systemd-analyze is not installed",
)
"""Reasons that may leave a test undone, as patterns of the whole reason: what is not at hand, and formats to come."""


def is_allowed(reason: str) -> bool:
    """Whether a skip with this reason is no failure."""
    return any(re.fullmatch(pattern, reason.removeprefix("Skipped: ")) for pattern in ALLOWED_SKIPS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Skips of tests and of their fixtures."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Skips of whole modules."""
    report = yield
    _judge(report)
    return report


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not (os.environ.get("NIANBAO_CI") and report.skipped and isinstance(report.longrepr, tuple)):
        return
    reason = report.longrepr[2]
    if not is_allowed(reason):
        report.outcome = "failed"
        report.longrepr = f"{reason}: a skip that tests/conftest.py does not allow"
