"""One crawl in a process of its own, so that a test can kill it: `python -m tests.crawler.crawl_once URL FOLDER`."""

import asyncio
import sys
from pathlib import Path

from crawler.archive import Archive
from crawler.crawl import crawl
from tests.crawler.conftest import portal_at, text_of


def main(url: str, folder: str) -> None:
    portal = portal_at(url.split("/xxgk", maxsplit=1)[0], "/xxgk" + url.split("/xxgk", maxsplit=1)[1])
    asyncio.run(crawl(portal, Archive(Path(folder)), decode=text_of))


if __name__ == "__main__":
    main(*sys.argv[1:])
