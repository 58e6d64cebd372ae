"""Compound files (OLE2) small enough for a sample, and the two old Office formats inside them.

The .xls is a whole BIFF8 workbook. The .doc holds a Word 97 header, a piece table and the text,
which is what tells its type and gives its words; it has no style sheet.
"""

import struct
from itertools import chain

_SECTOR = 512
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_SMALLEST = 4096  # shorter streams would need the mini stream


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams in its root, each padded to at least 4096 bytes.
    One FAT sector: at most 127 sectors (63 kB) in all, else ValueError."""
    bodies = [body.ljust(_SMALLEST, b"\0") for body in streams.values()]
    lengths = [-(-len(body) // _SECTOR) for body in bodies]
    directory = -(-(len(streams) + 1) // 4)
    fat = [_FAT, *_chain(1, directory)]
    starts = []
    for length in lengths:
        starts.append(len(fat))
        fat += _chain(len(fat), length)
    if len(fat) > _SECTOR // 4:
        raise ValueError("the streams need more than one FAT sector")
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for at, (name, start, body) in enumerate(zip(streams, starts, bodies, strict=True), start=1):
        right = at + 1 if at < len(streams) else _NONE
        entries.append(_entry(name, 2, start, len(body), right=right))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,  # minor version
        3,  # major version: sectors of 512 bytes
        0xFFFE,  # little endian
        9,
        6,
        0,  # directory sectors: not counted in version 3
        1,  # FAT sectors
        1,  # the directory's first sector
        0,
        _SMALLEST,
        _END,  # no mini FAT
        0,
        _END,  # no further FAT index
        0,
    )
    index = struct.pack("<109I", 0, *[_FREE] * 108)
    return b"".join(
        (
            header + index,
            struct.pack("<128I", *fat),
            b"".join(entries).ljust(directory * _SECTOR, b"\0"),
            *(
                body.ljust(length * _SECTOR, b"\0")
                for body, length in zip(bodies, lengths, strict=True)
            ),
        )
    )


def _chain(first: int, length: int) -> list[int]:
    return [*range(first + 1, first + length), _END]


def _entry(
    name: str, kind: int, start: int, size: int, child: int = _NONE, right: int = _NONE
) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16x4x8x8xIQ",
        text,
        len(text),
        kind,
        1,  # black, so that a list of right siblings is a tree
        _NONE,
        right,
        child,
        start,
        size,
    )


def workbook(sheet: str, lines: list[list[str]]) -> bytes:
    """A BIFF8 .xls of one sheet of text cells."""
    font = struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 134, 0, 2, 1)
    font += "宋体".encode("utf-16-le")
    cell_format = struct.pack("<HHHBBHIIH", 0, 0, 1, 0x20, 0, 0, 0, 0, 0x20C0)
    before = b"".join(
        (
            _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)),
            _record(0x0042, struct.pack("<H", 1200)),
            _record(0x003D, struct.pack("<9H", 0, 0, 0x3000, 0x2000, 0x38, 0, 0, 1, 600)),
            *(_record(0x0031, font) for _ in range(5)),
            *(_record(0x00E0, cell_format) for _ in range(16)),
        )
    )
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    start = len(before) + 4 + 6 + len(name) + 4
    cells = chain.from_iterable(
        (_label(row, column, text) for column, text in enumerate(line))
        for row, line in enumerate(lines)
    )
    widest = max(len(line) for line in lines)
    body = b"".join(
        (
            before,
            _record(0x0085, struct.pack("<IBB", start, 0, 0) + name),
            _record(0x000A),
            _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6)),
            _record(0x0200, struct.pack("<IIHHH", 0, len(lines), 0, widest, 0)),
            *cells,
            _record(0x023E, struct.pack("<HHHIHHI", 0x06B6, 0, 0, 0x40, 0, 0, 0)),
            _record(0x000A),
        )
    )
    return compound({"Workbook": body})


def _label(row: int, column: int, text: str) -> bytes:
    head = struct.pack("<HHHHB", row, column, 15, len(text), 1)
    return _record(0x0204, head + text.encode("utf-16-le"))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def word(paragraphs: list[str]) -> bytes:
    """A Word 97 .doc with these paragraphs."""
    text = "".join(paragraph + "\r" for paragraph in paragraphs)
    start = 1024
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    clx = struct.pack("<BI", 2, len(pieces)) + pieces
    base = struct.pack(
        "<HHHHHHHIBBHHII", 0xA5EC, 0xC1, 0, 0x0804, 0, 0x1200, 0xBF, 0, 0, 0, 0, 0, start, 0
    )
    longs = [0] * 22
    longs[3] = len(text)  # ccpText
    places = [0] * (0x5D * 2)
    places[66:68] = [0, len(clx)]  # fcClx, lcbClx: at the start of the table stream
    header = b"".join(
        (
            base,
            struct.pack("<H28x", 14),
            struct.pack("<H22I", 22, *longs),
            struct.pack(f"<H{len(places)}I", 0x5D, *places),
            struct.pack("<H", 0),
        )
    )
    return compound(
        {"WordDocument": header.ljust(start, b"\0") + text.encode("utf-16-le"), "1Table": clx}
    )
