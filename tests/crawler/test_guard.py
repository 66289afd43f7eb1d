"""Private, loopback and link-local addresses stay closed, by whatever name and through whatever redirect."""

import pytest

from crawler.archive import Archive
from crawler.wire.guard import is_public
from tests.crawler.conftest import Crawl, portal_at
from tests.crawler.replica import COLUMN, Replica, Reply, add_column, article, list_page, report_title, row

FOLDER = f"{COLUMN}/gzj"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.2.4.8", "2400:3200::1", "::ffff:1.2.4.8", "64:ff9b::102:408"])
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_by_any_name(replica: Replica, run: Crawl, host: str) -> None:
    add_column(replica, FOLDER, {1: report_title("甲镇", 2020)})
    result = run(portal_at(f"http://{host}:{replica.port}", allow_private_addresses=False))
    assert (result.health, replica.hits) == ("failing", [])
    assert result.errors[0].outcome == "refused"


def test_permission_opens_the_origins_of_the_channels_only(replica: Replica, archive: Archive, run: Crawl) -> None:
    with Replica() as trap:
        trap.routes["/secret"] = Reply(article("秘密"))
        add_column(replica, FOLDER, {1: report_title("甲镇", 2020), 2: report_title("乙镇", 2020)})
        replica.routes[f"{FOLDER}/content/post_1.html"] = Reply(
            status=302, headers={"Location": f"{trap.origin}/secret"}
        )
        attachment = {f"{trap.origin}/attachment/0/0/1/1.docx": "附件"}
        replica.routes[f"{FOLDER}/content/post_2.html"] = Reply(
            article(report_title("乙镇", 2020), attachments=attachment)
        )
        run(portal_at(replica.origin))
        outcomes = {one.url.split("/")[-1]: one.outcome for one in archive.captures() if "index_2" not in one.url}
        assert outcomes == {
            "index.html": "stored",
            "post_1.html": "refused",
            "post_2.html": "stored",
            "1.docx": "refused",
        }
        assert trap.hits == []


def test_other_scheme_on_an_opened_port_is_refused(replica: Replica, archive: Archive, run: Crawl) -> None:
    secure = replica.origin.replace("http:", "https:")
    link = row(f"{secure}{FOLDER}/content/post_1.html", report_title("甲镇", 2020))
    replica.routes[f"{FOLDER}/index.html"] = Reply(list_page([link]))
    run(portal_at(replica.origin))
    assert [one.outcome for one in archive.captures() if "post_1" in one.url] == ["refused"]


def test_public_portal_that_redirects_inside_is_refused(replica: Replica, archive: Archive, run: Crawl) -> None:
    """The portal's own name is connected to the replica, as the demo does; the address it redirects to is not."""
    with Replica() as trap:
        add_column(replica, FOLDER, {1: report_title("甲镇", 2020)})
        replica.routes[f"{FOLDER}/content/post_1.html"] = Reply(status=302, headers={"Location": f"{trap.origin}/x"})
        portal = portal_at("http://portal.example.invalid", allow_private_addresses=False)
        result = run(portal, connect_to={"portal.example.invalid:80": ("127.0.0.1", replica.port)})
        assert {one.url: one.outcome for one in archive.captures() if "index_2" not in one.url} == {
            f"http://portal.example.invalid{FOLDER}/index.html": "stored",
            f"http://portal.example.invalid{FOLDER}/content/post_1.html": "refused",
        }
        assert result.errors[0].outcome == "refused"
        assert trap.hits == []
        assert replica.hits[0].headers["host"] == "portal.example.invalid"


def test_robots_that_redirect_inside_are_refused(replica: Replica, run: Crawl) -> None:
    with Replica() as trap:
        add_column(replica, FOLDER, {1: report_title("甲镇", 2020)})
        replica.routes["/robots.txt"] = Reply(status=302, headers={"Location": f"{trap.origin}/robots.txt"})
        run(portal_at(replica.origin))
        assert trap.hits == []


def test_unknown_host_is_a_failure(archive: Archive, run: Crawl) -> None:
    result = run(portal_at("http://nowhere.invalid", allow_private_addresses=False))
    assert (result.health, result.errors[0].outcome) == ("failing", "failed")


def test_proxy_of_the_environment_is_not_used(replica: Replica, run: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    with Replica() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        add_column(replica, FOLDER, {1: report_title("甲镇", 2020)})
        assert run(portal_at(replica.origin)).health == "ok"
        assert proxy.hits == []
