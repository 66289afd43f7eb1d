"""The bundled portals: where they were seen, what they are called, and that the list of them can be printed."""

import re
from collections import Counter
from itertools import groupby
from urllib.parse import urlsplit

import pytest

from crawler.address import origin_of, resolve
from crawler.families import FAMILIES
from crawler.portal import REGISTRY, Portal, registry
from nianbao.registry import CENTRAL, evidence_of, listed
from parsers import divisions

PORTALS = registry()
PROVINCES = {
    "beijing": "11", "tianjin": "12", "hebei": "13", "shanxi": "14", "neimenggu": "15", "liaoning": "21", "jilin": "22",
    "heilongjiang": "23", "shanghai": "31", "jiangsu": "32", "zhejiang": "33", "anhui": "34", "fujian": "35",
    "jiangxi": "36", "shandong": "37", "henan": "41", "hubei": "42", "hunan": "43", "guangdong": "44", "guangxi": "45",
    "hainan": "46", "chongqing": "50", "sichuan": "51", "guizhou": "52", "yunnan": "53", "xizang": "54", "shaanxi": "61",
    "gansu": "62", "qinghai": "63", "ningxia": "64", "xinjiang": "65",
}  # fmt: skip
NATIONAL = "national"


def hosts_of(portal: Portal) -> set[str]:
    """Hosts of the channels, www folded."""
    return {(urlsplit(channel.url).hostname or "").removeprefix("www.") for channel in portal.channels}


def addresses_in(portal: Portal) -> list[str]:
    """The addresses among the evidence."""
    return [line for line in evidence_of(portal) if line.startswith("http")]


def test_there_are_portals_from_many_provinces_and_systems() -> None:
    provinces = {key.split("/")[0] for key in PORTALS} - {NATIONAL}
    assert len(PORTALS) >= 60
    assert len(provinces) >= 12
    assert len({portal.family for portal in PORTALS.values()}) >= 8
    assert {portal.family for portal in PORTALS.values()} <= FAMILIES.keys()


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_folder_and_code_name_the_same_province(key: str) -> None:
    portal, province = PORTALS[key], key.split("/", maxsplit=1)[0]
    assert re.fullmatch(r"[a-z]+/[a-z][a-z-]*", key)
    if province == NATIONAL:
        assert portal.division is None
        return
    assert portal.division is not None
    assert divisions.is_division(portal.division)
    assert portal.division[:2] == PROVINCES[province]
    named = divisions.lookup(portal.name, None)
    assert named is None or named.code == portal.division


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_evidence_is_an_address_of_the_portal_and_how_its_channels_follow(key: str) -> None:
    portal = PORTALS[key]
    addresses = addresses_in(portal)
    assert addresses
    assert all(resolve(address, "") for address in addresses)
    seen = {(urlsplit(address).hostname or "").removeprefix("www.") for address in addresses}
    assert hosts_of(portal) <= seen
    assert len(evidence_of(portal)[-1]) > 20
    assert not evidence_of(portal)[-1].startswith("http")
    assert not portal.verified
    assert portal.pace.delay >= 3
    assert not portal.allow_private_addresses


def test_no_channel_stands_in_two_portals() -> None:
    channels = Counter(channel.url for portal in PORTALS.values() for channel in portal.channels)
    assert [url for url, count in channels.items() if count > 1] == []
    names = Counter((portal.name, portal.family) for portal in PORTALS.values())
    assert [name for name, count in names.items() if count > 1] == []


def test_hosts_are_of_the_government_or_stated() -> None:
    stray = [key for key, portal in PORTALS.items() if not all(host.endswith(".gov.cn") for host in hosts_of(portal))]
    assert stray
    assert all("not under gov.cn" in evidence_of(PORTALS[key])[-1] for key in stray)


def test_every_family_opens_the_channels_of_its_portals() -> None:
    for portal in PORTALS.values():
        for channel in portal.channels:
            request = FAMILIES[portal.family].first(channel)
            assert origin_of(request.url) == origin_of(channel.url)


def test_the_list_is_by_province_with_family_and_evidence() -> None:
    lines = listed().splitlines()
    head, rows = lines[0].split(), lines[2:]
    assert head == ["province", "portal", "name", "division", "family", "verified", "evidence"]
    assert len(rows) == len(PORTALS) == len(list(REGISTRY.rglob("*.toml")))
    provinces = [row.split()[0] for row in rows]
    assert provinces[0] == CENTRAL
    assert len(list(groupby(provinces))) == len(set(provinces))
    huadu = next(row.split() for row in rows if " guangdong/guangzhou-huadu " in row)
    assert huadu[0] == "广东省"
    assert huadu[3:5] == ["440114", "guangdong_nfcms"]
    assert huadu[-1].startswith("https://www.huadu.gov.cn/")
