"""One portal of each CMS family on loopback, in the shapes that real ones were seen in; bodies and places are invented.

A builder fills a `Replica` and says what a crawl must bring. Every replica has a home page that leads to its
annual-report column among neighbours that are none, lists of several pages, cut titles, noise among the rows, reports
with attachments, and the traps of its family.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random

from msgspec import Struct

from tests.crawler.replica import Replica
from tests.specimens import figures, markup, pdf, prose
from tests.specimens.forms import forms
from tests.specimens.truth import Truth


class Site(Struct, frozen=True):
    """What a replica holds. `home` and `channels` are addresses; `reports` maps the address of each report, as the
    archive should know it, to organisation and year; `files` are the addresses of their attachments."""

    family: str
    home: str
    channels: tuple[str, ...]
    reports: dict[str, tuple[str, int]]
    files: tuple[str, ...] = ()


Build = Callable[[Replica], Site]


def builds() -> dict[str, Build]:
    """The builder of every replica, by the name of its family."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return {
        name: module.build for name in modules if hasattr(module := import_module(f"{__name__}.{name}"), "build")
    }


@cache
def report_body(organization: str, year: int) -> str:
    """The inside of a report's page: prose and tables that add up; the same at every call."""
    random, truth = told(organization, year)
    return markup.body(prose.text(random, truth), forms(truth))


@cache
def report_pdf(organization: str, year: int) -> bytes:
    """The same report as a PDF, for those that are published as files only."""
    random, truth = told(organization, year)
    return pdf.pdf_page(truth, prose.text(random, truth), forms(truth))


def told(organization: str, year: int) -> tuple[Random, Truth]:
    """What a report says, and the chance that its sentences go on with."""
    random = Random(f"{organization} {year}")
    edition = "format_2019" if year < 2021 else "format_2021"
    truth = figures.report(
        random, organization, year, title(organization, year), section_two=edition, section_three=edition,
        scale="department", published=f"{year + 1}-01-20", signed=f"{year + 1}年1月12日",
    )  # fmt: skip
    return random, truth


def title(organization: str, year: int) -> str:
    """The title that every replica gives its reports."""
    return f"{organization}{year}年政府信息公开工作年度报告"


def cut(text: str, length: int = 16) -> str:
    """A title as lists show it."""
    return text if len(text) <= length else text[:length] + "…"


NOISE = (
    "关于做好政府信息公开工作年度报告编制发布工作的通知",
    "一图读懂政府信息公开工作年度报告",
    "2022年政府网站工作年度报表",
    "2022年法治政府建设年度报告",
)
NEIGHBOURS = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府网站工作年度报表", "依申请公开")
"""What stands beside 政府信息公开年报 in navigations and is none."""
