"""Archives as an attacker writes them, byte by byte."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

STORED, DEFLATED = 0, 8


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a zip, with claims that need not be true."""

    name: str = "a.csv"
    content: bytes = b"npi,verified_on\r\n"
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0
    """The kind of a file in Unix, such as a link."""
    claims_size: int | None = None
    """Bytes that the directory claims."""
    at: int | None = None
    """The place that the directory claims."""

    def packed(self) -> bytes:
        return deflated(self.content) if self.method == DEFLATED else self.content

    def header(self, packed: int) -> bytes:
        """The header before the packed bytes."""
        name = self.name.encode()
        return struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, self.flags, self.method, 0, 33, *self.sums(packed),
                           len(name), 0) + name  # fmt: skip

    def listing(self, offset: int, packed: int) -> bytes:
        """The line of the directory."""
        name = self.name.encode()
        return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, self.flags, self.method, 0, 33,
                           *self.sums(packed), len(name), 0, 0, 0, 0, self.mode << 16,
                           offset if self.at is None else self.at) + name  # fmt: skip

    def sums(self, packed: int) -> tuple[int, int, int]:
        size = len(self.content) if self.claims_size is None else self.claims_size
        return zlib.crc32(self.content), packed, size


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def zip_of(*entries: Entry) -> bytes:
    """A zip of entries one after the other."""
    body, directory = io.BytesIO(), b""
    for entry in entries:
        packed = entry.packed()
        directory += entry.listing(body.tell(), len(packed))
        body.write(entry.header(len(packed)) + packed)
    return body.getvalue() + directory + end_of(len(entries), len(directory), body.tell())


def end_of(entries: int, directory: int, offset: int) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries & 0xFFFF, entries & 0xFFFF, directory, offset, 0)


def same_place(count: int, content: bytes) -> bytes:
    """Many lines of the directory that name the same bytes."""
    packed = deflated(content)
    entry = Entry(content=content)
    body = entry.header(len(packed)) + packed
    directory = entry.listing(0, len(packed)) * count
    return body + directory + end_of(count, len(directory), len(body))


def quoted(count: int, content: bytes) -> bytes:
    """Entries of different names, each of which quotes the header of the next and unpacks all that follows."""
    packed, body = deflated(content), b""
    lines = []
    for number in reversed(range(count)):
        entry = Entry(name=f"{number}.csv", content=content)
        header = entry.header(len(packed))
        body = header + packed
        lines.append((entry, len(packed), len(body)))
        packed = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + body
        content = header + content
    directory = b"".join(entry.listing(len(body) - from_end, size) for entry, size, from_end in lines)
    return body + directory + end_of(count, len(directory), len(body))


def gzip_member(content: bytes = b"") -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def workbook_of(sheet: str, **parts: str) -> bytes:
    """A workbook with one sheet of this XML; other parts by name, such as ``sharedStrings``."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    book = f'<workbook {main} {related}><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relations = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
    files = {"workbook": book, "_rels/workbook.xml.rels": relations, "worksheets/sheet1": sheet, **parts}
    return zip_of(
        *(
            Entry(name=f"xl/{name}" if name.endswith(".rels") else f"xl/{name}.xml", content=content.encode())
            for name, content in files.items()
        )
    )
