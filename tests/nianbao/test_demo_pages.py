"""The checked-in demo portal is what its generator makes, and holds what the demo promises."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from tests.specimens import portal
from tests.specimens.articles import GROUPS, SHILING, YEARS, articles, wanted
from tests.specimens.figures import broken

MOST_BYTES = 1_200_000


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return portal.pages()


def test_pages_on_disk_are_those_of_the_generator(made: dict[str, bytes]) -> None:
    paths = (path for path in portal.FOLDER.rglob("*") if path.is_file())
    on_disk = {path.relative_to(portal.FOLDER).as_posix(): path.read_bytes() for path in paths}
    assert sorted(on_disk) == sorted(made)
    assert [name for name in made if on_disk[name] != made[name]] == []


def test_demo_stays_small(made: dict[str, bytes]) -> None:
    assert sum(map(len, made.values())) < MOST_BYTES


def test_six_years_and_three_groups_of_reports() -> None:
    reports = [article for article in articles() if article.truth is not None]
    assert len(reports) >= 30
    assert {report.truth.year for report in reports if report.truth} == set(YEARS)
    assert {report.group for report in reports} == set(GROUPS)
    assert len({(report.truth.organization, report.truth.year) for report in reports if report.truth}) == len(reports)
    assert len({article.number for article in articles()}) == len(articles())


def test_the_real_report_keeps_its_published_mistake(made: dict[str, bytes]) -> None:
    (real,) = [report for report in wanted() if report.organization == SHILING]
    assert {identity for planted in real.planted for identity, _ in planted.broken} == {"REQ_BALANCE", "REQ_PARTS_2019"}
    page = made[portal.HOST + real.path].decode()
    assert "346490.00元" in page
    assert "<td>47331</td>" in page


def test_only_labelled_reports_contradict_themselves() -> None:
    for article in articles():
        if article.truth is not None:
            expected = {pair for planted in article.truth.planted for pair in planted.broken}
            assert set(broken(article.truth.figures)) == expected, article.path


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def test_every_link_of_the_portal_leads_somewhere_and_every_page_is_linked(made: dict[str, bytes]) -> None:
    linked: set[str] = set()
    for name, content in made.items():
        if name.endswith(".html"):
            reader = Links()
            reader.feed(content.decode())
            for link in (link for link in reader.found if not link.startswith("javascript:")):
                target = urljoin(f"http://{name}", link).removeprefix("http://")
                linked.add(target + "index.html" if target.endswith("/") else target)
    assert linked - made.keys() == set()
    assert made.keys() - linked == {"portal.toml", f"{portal.HOST}/robots.txt"}
