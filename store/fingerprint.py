"""What is kept of a text so that its copies are found, and what cannot be one told, without it:
its MinHash signature, a digest, and hashes of its particulars (`store.particulars`)."""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xxhash

from store import minhash
from store.particulars import Kind, fold, particulars

_DIGEST = 8  # bytes
_LENGTH = 4
_SIGNED = minhash.BINS * 4  # bytes
# the least hashes of a kind that are kept: of a longer list a part speaks for all
_KEPT = {Kind.DAY: 24, Kind.PERSON: 16, Kind.COMPANY: 24, Kind.NUMBER: 40}
_STRICT = (Kind.DAY, Kind.PERSON, Kind.COMPANY)
_STRAY = 3  # numbers that each of two copies may say beside the other: of letterheads and feet
LIKE = 0.6  # agreement of signatures below which texts of Jaccard 0.7 are never (2.5 sigma)

_TEXT_BINS = minhash.BINS // minhash.BANDS  # of a band of a text that says few particulars
_MIXED_BINS = 2  # of the text, in a band that looks at the particulars too
_PARTICULAR_BINS = 3  # of the particulars, in such a band
_FEW = (3, 6)  # particulars below which bands of even and of odd number look at the text alone

Kept = dict[Kind, tuple[int, ...]]


@dataclass(frozen=True)
class Fingerprint:
    """Of one text; pure function of its words."""

    signature: bytes  # b"" of no text
    digest: bytes = b""  # equal for texts that differ in spaces and punctuation only
    length: int = 0  # letters, without spaces and punctuation
    kept: tuple[tuple[int, ...], ...] = ((), (), (), ())  # hashes of particulars by kind, sorted

    @cached_property
    def packed(self) -> bytes:
        """As the database keeps it: the signature, the digest, the length, then the particulars,
        the kind in the two low bits."""
        if not self.signature:
            return b""
        hashes = [value for values in self.kept for value in values]
        numbers = struct.pack(f"<{len(hashes) + 1}I", self.length, *hashes)
        return self.signature + self.digest + numbers

    def bands(self, apart: str = "") -> list[int]:
        """The keys under which it meets its near copies, signed 64-bit integers as SQL has them;
        [] without a text. Where enough particulars are told, a key is made of some of them too:
        notices of one template, by the thousand, have their words in common and not these."""
        if not self.signature:
            return []
        told = sorted({value for values in self.kept for value in values})
        bins = self._particular_bins(told)
        keys, width = [], _TEXT_BINS * 4
        for band in range(minhash.BANDS):
            row = self.signature[band * width : (band + 1) * width]
            if len(told) >= _FEW[band % 2]:
                low = band * _PARTICULAR_BINS
                row = row[: _MIXED_BINS * 4] + b"|" + bins[low * 4 : (low + _PARTICULAR_BINS) * 4]
            seed = row + apart.encode("utf-8", "replace")
            keys.append(xxhash.xxh3_64_intdigest(seed, seed=band) - (1 << 63))
        return keys

    def _particular_bins(self, told: list[int]) -> bytes:
        if len(told) < min(_FEW):
            return b""
        values = np.array(told, np.uint64)
        bins = np.arange(minhash.BANDS * _PARTICULAR_BINS, dtype=np.uint64)
        # a hash of its own for each bin: there are few particulars
        mixed = minhash.mixed(values[None, :] + (bins[:, None] + np.uint64(1)) * _GOLDEN)
        least: bytes = (mixed.min(axis=1) >> np.uint64(32)).astype("<u4").tobytes()
        return least


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
NONE = Fingerprint(b"")


def of_text(text: str) -> Fingerprint:
    """The fingerprint of a text as it stands on a page."""
    folded = fold(text)
    normal = minhash.normal(folded)
    return of_folded(folded, normal)


def of_folded(folded: str, normal: str) -> Fingerprint:
    """The same, of the text folded, and without punctuation."""
    signature = minhash.signature(minhash.shingles(normal))
    if not signature:
        return NONE
    told: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    for kind, words in set(particulars(folded)):
        hashed = xxhash.xxh32_intdigest(words.encode("utf-8", "replace"), seed=kind)
        told[kind].add(hashed & ~3 | kind)
    kept = tuple(tuple(sorted(told[kind])[: _KEPT[kind]]) for kind in Kind)
    # numbers once more: 1.5 and 15 differ in punctuation only
    digested = f"{normal}{kept}".encode("utf-8", "replace")
    digest = hashlib.blake2b(digested, digest_size=_DIGEST).digest()
    return Fingerprint(signature, digest, len(normal), kept)


def of_bytes(stored: bytes) -> Fingerprint:
    """The fingerprint that was kept as these bytes."""
    if len(stored) < _SIGNED + _DIGEST + _LENGTH:
        return NONE
    rest = stored[_SIGNED + _DIGEST :]
    length, *hashes = struct.unpack(f"<{len(rest) // 4}I", rest)
    kept: list[list[int]] = [[], [], [], []]
    for value in hashes:
        kept[value & 3].append(value)
    digest = stored[_SIGNED : _SIGNED + _DIGEST]
    return Fingerprint(stored[:_SIGNED], digest, length, tuple(map(tuple, kept)))


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two texts differ in nothing but spaces and punctuation."""
    return bool(one.digest) and one.digest == other.digest


def may_be_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """False when one text can be no copy of the other: too few words in common, or days, persons
    or companies of which each says some that the other does not, or many such numbers."""
    if same(one, other):
        return True
    if minhash.likeness(one.signature, other.signature) < LIKE:
        return False
    return agree(one, other)


def agree(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one text may say more particulars than the other, but nothing else."""
    for kind in Kind:
        stray = _STRAY if kind not in _STRICT else 0
        mine, yours = _comparable(one.kept[kind], other.kept[kind], _KEPT[kind])
        if len(mine - yours) > stray and len(yours - mine) > stray:
            return False
    return True


def _comparable(
    one: tuple[int, ...], other: tuple[int, ...], most: int
) -> tuple[frozenset[int], frozenset[int]]:
    """The two as far as both are kept."""
    ends = [hashes[-1] for hashes in (one, other) if len(hashes) >= most]
    if not ends:
        return frozenset(one), frozenset(other)
    end = min(ends)
    return frozenset(x for x in one if x <= end), frozenset(x for x in other if x <= end)
