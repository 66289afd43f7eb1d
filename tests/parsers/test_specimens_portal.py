"""Every page of the demo portal read: bodies and years, figures, planted mistakes; and nothing else taken for a report."""

import pytest

from parsers.parse import parse
from parsers.report import Report
from tests.specimens import portal
from tests.specimens.articles import Article, articles
from tests.specimens.truth import Truth

ARTICLES = articles()
REPORTS = [article for article in ARTICLES if article.holds == "report"]
NOTHING = [article for article in ARTICLES if article.holds == "nothing"]
ATTACHED = [article for article in ARTICLES if article.holds == "attachment"]


def read(article: Article) -> Report:
    (report,) = parse(portal.page(article).encode(), source=article.path, url=portal.BASE + article.path)
    return report


def name(article: Article) -> str:
    return article.path.rsplit("/", 1)[-1]


def check(report: Report, truth: Truth) -> None:
    assert (report.organization, report.year) == (truth.organization, truth.year)
    assert report.published == (None if report.media_type == "application/pdf" else truth.published)
    assert {cell.key: cell.value for cell in report.cells} == truth.figures
    assert report.tables == truth.editions
    errors = {finding.code for finding in report.findings if finding.severity == "error"}
    assert errors == {code for planted in truth.planted for code, _ in planted.broken}


@pytest.mark.parametrize("article", REPORTS, ids=name)
def test_report_is_read_as_it_was_made(article: Article) -> None:
    assert article.truth is not None
    check(read(article), article.truth)


@pytest.mark.parametrize(
    "article", [article for article in REPORTS if article.truth and article.truth.planted], ids=name
)
def test_planted_cells_are_a_smallest_correction(article: Article) -> None:
    assert article.truth is not None
    (planted,) = article.truth.planted
    sets = [{c.cell for c in chosen} for finding in read(article).findings for chosen in finding.corrections]
    assert set(planted.cells) in sets


@pytest.mark.parametrize("article", NOTHING, ids=name)
def test_other_articles_of_the_column_are_no_reports(article: Article) -> None:
    report = read(article)
    assert (report.status, report.cells) == ("not_a_report", ())
    assert report.reason


@pytest.mark.parametrize("article", ATTACHED, ids=name)
def test_page_of_an_attachment_names_it_and_the_attachment_holds_the_report(article: Article) -> None:
    assert article.truth is not None
    page = read(article)
    (attachment,) = article.attachments
    assert page.status == "partial"
    assert attachment.name in (page.reason or "")
    assert page.cells == ()
    (report,) = parse(attachment.content, source=attachment.path, url=portal.BASE + attachment.path)
    check(report, article.truth)
