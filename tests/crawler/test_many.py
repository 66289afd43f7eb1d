"""Three hundred hosts at once: each in its own lane, and the memory of a run does not grow with their number."""

import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.crawl import crawl_all, in_turns
from tests.crawler.conftest import portal_at, text_of
from tests.crawler.giants import peak_bytes
from tests.crawler.replica import COLUMN, Replica, Reply, add_column, report_title

FOLDER = f"{COLUMN}/gzj"
BODY = "<p>" + "政府信息公开工作。" * 20_000  # about half a megabyte


class Block:
    """One server under many ports, each a host of its own; all serve the same portal with large pages."""

    def __init__(self, hosts: int) -> None:
        self.replica = Replica()
        self._hosts = hosts
        add_column(self.replica, FOLDER, {number: report_title(f"第{number}镇", 2020) for number in range(1, 2)})
        for path, route in self.replica.routes.items():
            if "post_" in path and isinstance(route, Reply):
                route.body = str(route.body) + BODY

    def ports(self) -> list[int]:
        """Opens the doors."""

        async def opened() -> list[int]:
            self.doors = [await asyncio.start_server(self.replica._answer, "127.0.0.1", 0) for _ in range(self._hosts)]
            return [door.sockets[0].getsockname()[1] for door in self.doors]

        return asyncio.run_coroutine_threadsafe(opened(), self.replica._loop).result(30)


def crawled(hosts: int) -> dict[str, int]:
    """What a process told of a crawl over so many hosts."""
    block = Block(hosts)
    with ExitStack() as stack:
        stack.enter_context(block.replica)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        command = [sys.executable, "-m", "tests.crawler.test_many", folder, json.dumps(block.ports())]
        ran = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
        told: dict[str, int] = json.loads(ran.stdout)
        for door in block.doors:
            block.replica._loop.call_soon_threadsafe(door.close)
        return {**told, "at once": block.replica.most_at_once}


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_hosts() -> None:
    few, many = crawled(30), crawled(300)
    assert (few["ok"], many["ok"]) == (30, 300)
    assert many["articles"] == 300
    assert 1 < many["at once"] <= 32, "many hosts at once, and no more than the gate lets through"
    assert many["peak"] < 300 * 2**20
    assert many["peak"] < few["peak"] + 60 * 2**20


def test_portals_of_one_host_do_not_take_all_places() -> None:
    portals = [portal_at(f"http://{host}.invalid", key=f"{host}{number}") for host in "ab" for number in range(3)]
    assert [portal.key for portal in in_turns(portals)] == ["a0", "b0", "a1", "b1", "a2", "b2"]


def main(folder: str, ports: str) -> None:
    portals = [portal_at(f"http://127.0.0.1:{port}", key=f"p{port}") for port in json.loads(ports)]
    archive = Archive(Path(folder))
    results = asyncio.run(crawl_all(portals, archive, decode=text_of))
    articles = sum(result.outcomes.get("stored", 0) - 1 for result in results)
    told = {"ok": sum(result.health == "ok" for result in results), "articles": articles, "peak": peak_bytes()}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
