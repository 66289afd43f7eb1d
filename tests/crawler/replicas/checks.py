"""What a crawl of any replica has to bring: every report, every file, nothing twice, and little on the second run."""

from collections import Counter
from collections.abc import Callable

from crawler.archive import Archive
from crawler.health import CrawlResult
from crawler.listing import Channel, Family, Page
from crawler.portal import Pace, Portal
from tests.crawler.replica import Replica

from . import Site


def portal_of(site: Site) -> Portal:
    """The portal whose channels are those of a replica."""
    channels = tuple(Channel(address) for address in site.channels)
    return Portal(
        name="复制品", family=site.family, channels=channels, key=f"test/{site.family}", allow_private_addresses=True,
        pace=Pace(0.0),
    )  # fmt: skip


def collect(site: Site, replica: Replica, archive: Archive, run: Callable[..., CrawlResult]) -> CrawlResult:
    """Two runs over a replica; the result of the first."""
    assert len(site.reports) >= 12
    assert len({organization for organization, _ in site.reports.values()}) >= 4
    assert len({year for _, year in site.reports.values()}) >= 2
    result = run(portal_of(site))
    assert (result.health, result.errors, result.remarks, result.waiting) == ("ok", (), (), 0)
    captures = [one for one in archive.captures() if one.outcome == "stored" and one.role != "list"]
    times = Counter(one.url for one in captures)
    assert {url: times[url] for url in site.reports} == dict.fromkeys(site.reports, 1)
    assert {url: times[url] for url in site.files} == dict.fromkeys(site.files, 1)
    assert set(times) == {*site.reports, *site.files}
    assert all(one.attachment_of in site.reports for one in captures if one.role == "attachment")
    asked = Counter((hit.method, hit.path, hit.body) for hit in replica.hits)
    assert [question for question, count in asked.items() if count > 1] == []
    lists = [hit for hit in replica.hits if not is_of(site, replica, hit.path) and hit.path != "/robots.txt"]
    replica.forget()
    again = run(portal_of(site))
    assert (again.health, again.errors, again.new_captures) == ("ok", (), 0)
    second = [hit for hit in replica.hits if hit.path != "/robots.txt"]
    assert Counter((hit.path, hit.body) for hit in second) == Counter((hit.path, hit.body) for hit in lists)
    assert all("if-none-match" in hit.headers for hit in second)
    return result


def is_of(site: Site, replica: Replica, path: str) -> bool:
    """Whether a path is one of a report or a file."""
    return f"{replica.origin}{path}" in {*site.reports, *site.files}


def assert_copes(family: Family, page: Page, most: float = 1.0) -> None:
    """Whatever a page holds, its family reads it, leads nowhere but to the web, and rates it from 0 to `most`."""
    listing, article = family.read(page), family.article(page)
    assert 0 <= family.recognises(page) <= most
    addresses = [link.url for link in (*listing.links, *article.attachments)]
    addresses += [request.url for request in (*listing.following, *listing.columns)]
    assert all(address.startswith(("http://", "https://")) for address in addresses)
