"""Portal TOMLs: what holds together, what does not, and that errors name file and key."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.errors import PortalError
from crawler.families import FAMILIES
from crawler.portal import choose, load, registry

Toml = Callable[..., Path]

SOUND = """
name = "某区人民政府"
family = "guangdong_nfcms"
division = "440114"
[[channels]]
url = "https://portal.example.cn/xxgk/../nb/"
name = "各镇街"
[pace]
delay = 1.5
[expect]
reports_per_year = 12
"""


@pytest.fixture
def toml(tmp_path: Path) -> Toml:
    def written(text: str, name: str = "some.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_sound_portal(toml: Toml) -> None:
    portal = load(toml(SOUND))
    assert (portal.key, portal.pace.delay, portal.expect.reports_per_year) == ("some", 1.5, 12)
    assert portal.channels[0].url == "https://portal.example.cn/nb/"
    assert (portal.recheck_days, portal.verified, portal.allow_private_addresses) == (30, False, False)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("division =", "divison ="), "divison"),
        (("[pace]\ndelay", "[pace]\ndealy"), "dealy"),
        (('url = "https:', 'uri = "https:'), "uri"),
        (("delay = 1.5", 'delay = "1.5"'), "pace.delay"),
        (("delay = 1.5", "delay = -1"), "pace.delay"),
        (("delay = 1.5", "delay = nan"), "pace.delay"),
        (("reports_per_year = 12", "reports_per_year = 0"), "reports_per_year"),
        (("https://portal", "file:///portal"), "channels[0].url"),
        (("https://portal", "https://[portal"), "channels[0].url"),
        (("guangdong_nfcms", "wordpress"), "family"),
        (('division = "440114"', 'division = "花都"'), "division"),
        (("[pace]", '[robots]\nignore = true\nreason = "because"\n[pace]'), "robots.reason"),
        (("[pace]", "[robots]\nignore = true\n[pace]"), "reason"),
        (("name = ", "key = '../up'\nname = "), "key"),
        (("name = ", "key = 'local'\nname = "), "key"),
        (("name = ", "key = 'a__b'\nname = "), "key"),
        (("[pace]", "[pace"), "line 8"),
    ],
)
def test_errors_name_file_and_key(toml: Toml, change: tuple[str, str], named: str) -> None:
    path = toml(SOUND.replace(*change, 1))
    with pytest.raises(PortalError) as error:
        load(path)
    assert str(path) in str(error.value)
    assert named in str(error.value)


def test_missing_and_undecodable_files(toml: Toml, tmp_path: Path) -> None:
    with pytest.raises(PortalError, match="nowhere"):
        load(tmp_path / "nowhere.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes(SOUND.encode("gb18030"))
    with pytest.raises(PortalError, match="gbk"):
        load(path)


def test_hyphen_in_a_family_is_an_underscore(toml: Toml) -> None:
    assert load(toml(SOUND.replace("_nfcms", "-nfcms"))).family == "guangdong_nfcms"


def test_key_is_the_given_one_else_the_place_in_the_registry_else_the_stem(toml: Toml, tmp_path: Path) -> None:
    place = toml(SOUND, "reg/guangdong/some.toml")
    assert load(place, registry=tmp_path / "reg").key == "guangdong/some"
    assert load(place, registry=None).key == "some"
    assert load(toml("key = 'x/y'" + SOUND, "reg/guangdong/other.toml"), registry=tmp_path / "reg").key == "x/y"


def test_choose_by_key_and_by_path(toml: Toml, tmp_path: Path) -> None:
    place, stray = toml(SOUND, "reg/gd/some.toml"), toml(SOUND, "stray.toml")
    chosen = choose(["gd/some", str(stray), str(place)], folder=tmp_path / "reg")
    assert [portal.key for portal in chosen] == ["gd/some", "stray"]
    with pytest.raises(PortalError, match="gd/nothing"):
        choose(["gd/nothing"], folder=tmp_path / "reg")


def test_two_files_with_one_key_are_an_error(toml: Toml, tmp_path: Path) -> None:
    paths = [toml(SOUND, "a/some.toml"), toml(SOUND, "b/some.toml")]
    with pytest.raises(PortalError, match="some"):
        choose([str(path) for path in paths], folder=tmp_path / "reg")


def test_bundled_portals_hold_together() -> None:
    portals = registry()
    assert portals["guangdong/guangzhou-huadu"].channels
    assert all(portal.key == key and portal.evidence for key, portal in portals.items())
    assert {portal.family for portal in portals.values()} <= FAMILIES.keys()


@pytest.mark.parametrize("module", ["crawler.portal", "crawler.listing", "crawler.archive"])
def test_configuration_loads_no_network_library(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('httpx', 'httpcore', 'asyncio', 'sqlite3') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ("['sqlite3']" if module == "crawler.archive" else "[]")
