"""Damages files, each time in the same way for the same number."""
import random
import re
import struct

INTERESTING = [0, 1, 2, 7, 8, 127, 128, 255, 256, 1 << 15, (1 << 16) - 1, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1]
BLOWN_UP = ["0", "-1", "1e9", "4", "65536", "100000000", "2147483647", "4294967295", "99999999999999999999", "", "x"]


def directories(data):
    """Where the entries of a TIFF's directories begin, with the size of each; and its byte order."""
    if data[:4] in (b"II*\0", b"II+\0"):
        order = "<"
    elif data[:4] in (b"MM\0*", b"MM\0+"):
        order = ">"
    else:
        return [], "<"
    big = data[2:4] in (b"+\0", b"\0+")
    size, head, tail = (20, "Q", "Q") if big else (12, "H", "I")
    at = struct.unpack_from(order + tail, data, 8 if big else 4)[0]
    found, seen = [], set()
    while at and at not in seen and at + 8 < len(data):
        seen.add(at)
        count = struct.unpack_from(order + head, data, at)[0]
        start = at + struct.calcsize(head)
        if 0 < count and start + count * size <= len(data):
            found.append((at, start, count, size, order, big))
        link = start + count * size
        if count * size > len(data) or link + struct.calcsize(tail) > len(data):
            break
        at = struct.unpack_from(order + tail, data, link)[0]
    return found, order


def entry(rng, data):
    """An entry of a directory: its tag, type, count or value becomes another."""
    found, _ = directories(data)
    if not found:
        return flip(rng, data)
    _, start, count, size, order, big = rng.choice(found)
    at = start + rng.randrange(count) * size
    field, form = rng.choice(
        [(0, "H"), (2, "H"), (4, "Q"), (12, "Q"), (12, "H")] if big else [(0, "H"), (2, "H"), (4, "I"), (8, "I"), (8, "H")]
    )
    limit = (1 << 8 * struct.calcsize(form)) - 1
    old = struct.unpack_from(order + form, data, at + field)[0]
    new = rng.choice([*INTERESTING, old + 1, max(0, old - 1), old * 2, old // 2, rng.randrange(len(data))])
    struct.pack_into(order + form, data, at + field, new & limit)
    return data


def link(rng, data):
    """The link to the next directory, or the number of a directory's entries, becomes another."""
    found, _ = directories(data)
    if not found:
        return flip(rng, data)
    at, start, count, size, order, big = rng.choice(found)
    if rng.random() < 0.3:
        struct.pack_into(order + ("Q" if big else "H"), data, at, rng.choice([0, 1, 2, count + 1, 65535]))
        return data
    target = rng.choice([0, at, found[0][0], rng.randrange(len(data)), len(data) - 2, len(data), 8])
    struct.pack_into(order + ("Q" if big else "I"), data, start + count * size, target)
    return data


def flip(rng, data):
    for _ in range(rng.choice([1, 1, 2, 8])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def head(rng, data):
    """A byte of the first ones becomes another."""
    data[rng.randrange(min(len(data), 128))] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
    return data


def word(rng, data):
    """A 16- or 32-bit word anywhere becomes a remarkable one."""
    form = rng.choice(["<H", ">H", "<I", ">I"])
    if len(data) > 8:
        struct.pack_into(form, data, rng.randrange(len(data) - 4), rng.choice(INTERESTING) & ((1 << 8 * struct.calcsize(form)) - 1))
    return data


def cut(rng, data):
    del data[rng.randrange(len(data)) :]
    return data


def drop(rng, data):
    at = rng.randrange(len(data))
    del data[at : at + rng.choice([1, 4, 64, 512])]
    return data


def repeat(rng, data):
    at = rng.randrange(len(data))
    data[at:at] = data[at : at + rng.choice([1, 4, 64, 512])]
    return data


def text(rng, data):
    """A number in a text, as of XML or a header of lines, becomes another; or a piece of XML goes."""
    kind = rng.random()
    numbers = list(re.finditer(rb'(?<=[="\s])\d+(?=["\s])', bytes(data)))
    if kind < 0.7 and numbers:
        number = rng.choice(numbers)
        data[number.start() : number.end()] = rng.choice(BLOWN_UP).encode()
        return data
    tags = list(re.finditer(rb"<[^<>]{1,200}>", bytes(data)))
    if not tags:
        return flip(rng, data)
    tag = rng.choice(tags)
    if kind < 0.8:
        del data[tag.start() : tag.end()]
    elif kind < 0.9:
        data[tag.start() : tag.start()] = tag.group() * rng.choice([1, 50])
    else:
        declaration = b'<!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;&b;&b;">]>'
        data[tag.start() : tag.start()] = declaration
    return data


WAYS = [entry, entry, entry, link, flip, head, head, word, cut, drop, repeat, text, text]


def mutant(content, number):
    """The damaged bytes and the ways in which they were damaged."""
    rng = random.Random(number)
    data = bytearray(content)
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if data:
            way = rng.choice(WAYS)
            data = way(rng, data)
            done.append(way.__name__)
    return bytes(data), done
