"""Every family's replica: found from its home page, collected from the TOML that this gives, and all of them at once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.families import FAMILIES
from crawler.listing import Page
from crawler.portal import load
from tests.crawler.conftest import Crawl
from tests.crawler.kill_all import Undisturbed, kills_in_one, undisturbed
from tests.crawler.replica import Replica
from tests.crawler.replicas import builds
from tests.crawler.replicas.checks import portal_of
from tests.crawler.stage import Stage, contents_of, discovered, reports_in, staged
from tests.nianbao.shell import run as run_command

BUILDS = builds()


def test_every_family_has_a_replica() -> None:
    assert BUILDS.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", BUILDS)
def test_discovered_from_its_home_page_and_collected_without_an_edit(
    family: str, replica: Replica, archive: Archive, run: Crawl, tmp_path: Path
) -> None:
    site = BUILDS[family](replica)
    portal = load(discovered(site, tmp_path / "found.toml"))
    assert portal.family == family
    assert len(replica.paths()) <= 40
    assert replica.most_at_once == 1
    asked = Counter((hit.method, hit.path, hit.body) for hit in replica.hits)
    assert [question for question, count in asked.items() if count > 1] == []
    replica.forget()
    result = run(portal)
    assert (result.health, result.errors, result.remarks) == ("ok", (), ())
    captures = Counter(one.url for one in archive.captures() if one.outcome == "stored" and one.role != "list")
    assert captures == Counter([*site.reports, *site.files])


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Undisturbed, Path]]:
    """All replicas, and the dataset of one run over them."""
    folder = tmp_path_factory.mktemp("stage")
    with staged(folder) as stage:
        yield stage, undisturbed(stage, folder / "data"), folder / "data"


def test_all_at_once_every_report_exactly_once(collected: tuple[Stage, Undisturbed, Path]) -> None:
    stage, plain, data = collected
    assert stage.sites.keys() == FAMILIES.keys()
    assert reports_in(data) == sorted(stage.reports)
    assert all(replica.most_at_once == 1 for replica in stage.replicas.values())
    for replica in stage.replicas.values():
        replica.forget()
    again = run_command("run", *stage.tomls, "--data", data, cwd=data.parent)
    assert again.code == 0
    assert contents_of(data) == plain.contents
    reports = {url for site in stage.sites.values() for url in (*site.reports, *site.files)}
    asked = {f"{replica.origin}{hit.path}" for replica in stage.replicas.values() for hit in replica.hits}
    assert not asked & reports


def test_killed_again_and_again_it_ends_with_the_same_dataset(
    collected: tuple[Stage, Undisturbed, Path], tmp_path: Path
) -> None:
    """Five times in one dataset; twenty times, each in one of its own: `python -m tests.crawler.kill_all --times 20`."""
    stage, plain, _ = collected
    done = kills_in_one(stage, plain, tmp_path / "data", times=5, seed=7)
    assert sum(kill.was_running for kill in done) >= 4, "all but one, which may come late on a machine that got faster"
    assert not any(kill.has_survivors for kill in done)
    assert done[-1].differences == ()


@pytest.mark.parametrize("family", BUILDS)
def test_a_family_knows_its_own_pages_best(family: str, replica: Replica, archive: Archive, run: Crawl) -> None:
    """Among the pages of a replica that one crawl brings, no other family is surer of more of them."""
    site = BUILDS[family](replica)
    run(portal_of(site))
    pages = [
        Page(one.final_url, archive.content(one.sha256).decode(errors="replace"), one.media_type or "text/html")
        for one in archive.captures()
        if one.sha256 and one.role == "list"
    ]
    surest = Counter(max(FAMILIES, key=lambda name: FAMILIES[name].recognises(page)) for page in pages)
    assert surest.most_common(1)[0][0] == family

