"""Zip packages and the XML inside them, opened without trust: office documents, OFD, archives.

Nothing that a file says of itself is believed: sizes are capped before and while unpacking, a DOCTYPE is refused (and
with it every entity), no address is followed.
"""

import io
import struct
import zipfile
import zlib

from lxml import etree
from lxml.etree import _Element as Element

from parsers.errors import UnreadableDocument

MAX_MEMBERS = 10_000
MAX_PART = 24 << 20
"""Bytes of one XML part. The largest real one seen has 2 MB; each byte of XML becomes about ten of tree."""
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, OSError, KeyError)
"""What the standard library raises over zip files that do not hold together."""
_ENCRYPTED = 0x1


class Package:
    """A zip file whose members are read by name; `\\` for `/` and another case of letters, as bad writers have them,
    are understood. `kind` names the format in the reasons."""

    def __init__(self, content: bytes, kind: str) -> None:
        """Raises UnreadableDocument where the list of members cannot be read, or is too long."""
        self.kind = kind
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except DAMAGE as error:
            raise UnreadableDocument(f"the {kind} is damaged or cut off: {error}") from error
        members = self._file.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableDocument(f"the {kind} holds {len(members)} files, more than {MAX_MEMBERS}")
        self.members = {_plain(member.filename): member for member in reversed(members)}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self.members

    def read(self, name: str, limit: int = MAX_PART) -> bytes:
        """The bytes of a member. Raises UnreadableDocument where there is none, it is damaged, encrypted or too big."""
        member = self.members.get(_plain(name))
        if member is None:
            raise UnreadableDocument(f"the {self.kind} is incomplete: {name} is missing")
        return read_member(self._file, member, limit, self.kind)

    def xml(self, name: str) -> Element:
        """The root of an XML member. Raises UnreadableDocument as `read` and `xml_of` do."""
        return xml_of(self.read(name), f"{name} of the {self.kind}")


def title_of(package: Package) -> str | None:
    """The title of an office document's properties. It is often that of another file from which this one was made."""
    try:
        properties = package.xml("docProps/core.xml")
    except UnreadableDocument:
        return None  # there are none, or they are damaged: the document is none the worse for it
    titles = [each.text or "" for each in properties if local_name(each) == "title"]
    return next((" ".join(title.split()) for title in titles if title.strip()), None)


def read_member(file: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int, kind: str) -> bytes:
    """The bytes of a member of an open zip file. Raises UnreadableDocument where it is damaged, encrypted or has more
    than `limit` bytes, whatever its header says."""
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableDocument(f"the {kind} is encrypted and needs a password")
    if member.file_size > limit:
        raise UnreadableDocument(f"{member.filename} of the {kind} unpacks to more than {limit} bytes")
    try:
        with file.open(member) as stream:
            content = stream.read(limit + 1)
    except (*DAMAGE, RuntimeError) as error:
        raise UnreadableDocument(f"the {kind} is damaged: {member.filename}: {error}") from error
    if len(content) > limit:
        raise UnreadableDocument(f"{member.filename} of the {kind} unpacks to more than {limit} bytes")
    return content


def xml_of(content: bytes, name: str) -> Element:
    """The root of an XML document. Raises UnreadableDocument where it is not well-formed or declares a DOCTYPE."""
    has_doctype = b"<!DOCTYPE" in content
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = None if has_doctype else etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(f"{name} is not well-formed: {error}") from error
    if root is None or root.getroottree().docinfo.doctype:  # the latter in a wide charset
        raise UnreadableDocument(f"{name} declares a DOCTYPE, which no writer of this format does")
    return root


def local_name(element: Element) -> str:
    """The tag without its namespace: the strict and the transitional forms of a format differ in nothing else."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    found = element.get(name)
    if found is None:
        found = next((value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)
    return None if found is None else str(found)


def _plain(name: str) -> str:
    return name.replace("\\", "/").strip("/").lower()
