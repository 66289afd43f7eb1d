"""The archive as WARC files, one a portal, for archivists' tools (ISO 28500)."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from crawler.archive import Archive
from crawler.capture import Capture

UNDONE = {"content-encoding", "transfer-encoding", "content-length"}
"""Headers that no longer hold of the archived body, from which every coding was taken off."""


def export_warc(archive: Archive, target: Path) -> Iterator[Path]:
    """Writes `TARGET/<portal>.warc.gz` for each portal: every new content of every address as a response record."""
    from warcio.warcwriter import WARCWriter

    target.mkdir(parents=True, exist_ok=True)
    for portal in archive.portals():
        path = target / f"{portal.replace('/', '__')}.warc.gz"
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            seen: set[tuple[str, str]] = set()
            for capture in archive.captures(portal):
                if capture.sha256 and (capture.url, capture.sha256) not in seen:
                    seen.add((capture.url, capture.sha256))
                    _write(writer, capture, archive.content(capture.sha256))
        yield path


def _write(writer: object, capture: Capture, body: bytes) -> None:
    """One capture: an HTTP response where there was one, the bare document where a person brought it."""
    from warcio.statusandheaders import StatusAndHeaders

    facts = {"WARC-Date": f"{capture.fetched_at[:19]}Z"}
    create = writer.create_warc_record  # type: ignore[attr-defined]
    if capture.status is None:
        kind = capture.media_type or "application/octet-stream"
        record = create(
            capture.final_url, "resource", payload=BytesIO(body), warc_content_type=kind, warc_headers_dict=facts
        )
    else:
        headers = [(name, value) for name, value in capture.headers if name.lower() not in UNDONE]
        http = StatusAndHeaders("200 OK", [*headers, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
        record = create(
            capture.final_url, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict=facts
        )
    record.length = record.payload_length = len(body)
    writer.write_record(record)  # type: ignore[attr-defined]
