"""Files that a page offers beside its text: linked, embedded, or named in a script that would show them."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.document import Attachment
from parsers.readers.html.pieces import Flow, Link, Run, Table

_FILE_TYPES = r"pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|rtf|pptx?|txt|csv"
_FILE = re.compile(rf"\.(?:{_FILE_TYPES})(?:$|[?#&])", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/attachment/\d|download\.jsp\?|downfile\.jsp\?|downloadztbattach\?|content/download/\d", re.IGNORECASE)
_FILE_NAME = re.compile(rf"\.(?:{_FILE_TYPES})\s*$", re.IGNORECASE)
_SAYS_FILE = re.compile(r"附\s*件|下\s*载")
_IN_SCRIPT = re.compile(rf"""["'=]([^"'<>\s=]{{1,300}}\.(?:{_FILE_TYPES}))["'=]""", re.IGNORECASE)
_MAX_ATTACHMENTS = 200


def is_file(address: str) -> bool:
    """Whether an address names a document file, a portal's download of one, or a viewer showing one."""
    return "{{" not in address and bool(_FILE.search(address) or _DOWNLOAD.search(address))


def attachments_of(tree: LexborHTMLParser, flow: Flow, inside: set[int], url: str | None) -> tuple[Attachment, ...]:
    """The files of the main content and of the page's attachment areas, each address once, in document order."""
    named = [*_shown(tree), *_linked(flow, inside)]
    has_table = any(isinstance(piece, Table) for piece in flow.pieces)
    if has_table and not named:
        return ()
    base = base_address(tree, url)
    found: dict[str, str] = {}
    for name, address in named:
        absolute = absolute_address(base, address)
        if absolute and not found.get(absolute):
            found[absolute] = name
    if not found and not has_table:
        for address in _in_scripts(tree):
            absolute = absolute_address(base, address)
            if absolute:
                found.setdefault(absolute, "")
    listed = list(found.items())[:_MAX_ATTACHMENTS]
    return tuple(Attachment(name or _file_name(address), address) for address, name in listed)


def base_address(tree: LexborHTMLParser, url: str | None) -> str | None:
    """The address against which the page's links are read: `<base href>`, itself relative to the page's."""
    base = tree.css_first("base[href]")
    href = base.attributes.get("href") if base else None
    return absolute_address(url, href) if href else url


def absolute_address(base: str | None, address: str) -> str | None:
    """None for what is no address of a file on the net: scripts, mail, and disks of editors' machines."""
    address = address.strip().replace("\\", "/")
    try:
        absolute = urljoin(base, address) if base else address
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return None
    return absolute if scheme in {"", "http", "https"} and not address.startswith("#") else None


def _shown(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """The file that a script-driven viewer element will show."""
    for node in tree.css("#pdfshow[data-value]"):
        yield "", node.attributes.get("data-value") or ""


def _linked(flow: Flow, inside: set[int]) -> Iterator[tuple[str, str]]:
    for link in flow.links:
        if link.frame in inside or link.node.tag != "a" or _is_offered(link, flow):
            name = " ".join(link.node.text().split()) if link.node.tag == "a" else ""
            yield name or link.node.attributes.get("title") or "", _viewed(link.address)


def _viewed(address: str) -> str:
    """The file behind `viewer.html?file=…`."""
    query = address.partition("?")[2]
    if "file=" not in query:
        return address
    values = parse_qs(query).get("file", [""])
    return values[0] if _FILE.search(values[0]) else address


def _is_offered(link: Link, flow: Flow) -> bool:
    """Outside the content: a link named like a file, or announced as attachment by itself or by what stands before."""
    name = link.node.text()
    before = flow.pieces[max(0, link.place - 1) : link.place + 1]
    said = name + "".join(piece.text for piece in before if isinstance(piece, Run))
    return bool(_FILE_NAME.search(name) or _SAYS_FILE.search(said))


def _in_scripts(tree: LexborHTMLParser) -> Iterator[str]:
    for script in tree.css("script"):
        text = script.text()
        yield from (match[1] for match in _IN_SCRIPT.finditer(text))


def _file_name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2]) or address
