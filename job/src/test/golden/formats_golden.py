"""Writes small image files of many kinds and the values that reference readers give for them.

    pip install numpy tifffile imagecodecs pillow astropy
    python formats_golden.py ../resources/org/cytolake/bioformats/generated.zip

The archive holds the files, an entry 'manifest.txt' with a line for each, and their samples. A line:
name, 'read' (the file must be read), 'any' (it may be refused), 'refused' (as a good file of a kind
that is not read) or the code of the failure, and for each series
"channels x height x width x planes : type". Samples lie in '<name>.samples', little-endian, series
by series, plane by plane, channel by channel. What libtiff, tifffile, Pillow or astropy gives is the
truth; where those map stored values (palettes, inverted greys), the stored values are.
"""
import io
import itertools
import struct
import sys
import uuid
import zipfile
import zlib

import imagecodecs
import numpy as np
import tifffile
from astropy.io import fits
from PIL import Image

rng = np.random.default_rng(17)
uuid.uuid1 = lambda: uuid.UUID(int=17)  # tifffile's for OME-TIFF: the archive is the same each time
archive = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9)
manifest = []


def put(name, data):
    archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def add(name, data, series, rule="read"):
    """series: arrays of planes x channels x height x width"""
    described = []
    samples = b""
    for array in series:
        planes, channels, height, width = array.shape
        dtype = array.dtype
        if dtype == np.float16:
            array = array.astype(np.float32)
        described.append(f"{channels}x{height}x{width}x{planes}:{array.dtype.name}")
        samples += np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    manifest.append(" ".join([name, rule] + described))
    put(name, data)
    put(name + ".samples", samples)


def picture(dtype, height, width, channels=1):
    """Smooth with noise, so that every compression and predictor has something to do."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    wave = np.sin(x / 5 + c) * np.cos(y / 7) + (rng.random((height, width, channels)) < 0.2) * 0.3
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return wave > 0
    if dtype.kind == "f":
        return (wave * 100 + 17.5).astype(dtype)
    if dtype.kind == "c":
        return wave.astype(dtype)
    info = np.iinfo(dtype)
    middle = (float(info.max) + float(info.min)) / 2
    return np.clip(wave * (float(info.max) - middle) * 0.9 + middle, info.min, info.max).astype(dtype)


def planes(array, separate):
    """tifffile's order to planes x channels x height x width"""
    if array.ndim == 2:
        return array[None, None]
    return array[None] if separate else np.moveaxis(array, -1, 0)[None]


def tiff(name, array, separate=False, rule="read", **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, metadata=None, **options)
    read = tifffile.imread(io.BytesIO(buffer.getvalue()))
    add(name, buffer.getvalue(), [planes(read.reshape(array.shape), separate)], rule)


# --- TIFF by tifffile: types, byte orders, compressions, predictors, pieces, channels
SIZES = [(13, 19), (16, 24), (1, 1), (17, 3), (9, 16), (21, 18)]
PIECES = [{"rowsperstrip": 5}, {}, {"tile": (16, 16)}, {"rowsperstrip": 1}, {"tile": (32, 16)}]
CHANNELS = ["grey", "contig", "separate", "two", "four"]
turn = itertools.count()
for dtype in ["u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"]:
    for order in "<>":
        for compression in [None, "lzw", "zlib", "packbits", "zstd"]:
            predictors = [1] if compression in (None, "packbits") else [1, 2] if dtype[0] != "f" else [1, 3]
            for predictor in predictors:
                for kind in range(2):
                    n = next(turn)
                    channels = CHANNELS[(n + kind) % 5]
                    pieces = PIECES[(n // 2) % 5]
                    count = {"grey": 1, "two": 2, "four": 4}.get(channels, 3)
                    array = picture(dtype, *SIZES[n % 6], count)
                    separate = channels == "separate"
                    array = array[..., 0] if count == 1 else np.moveaxis(array, -1, 0) if separate else array
                    extra = {} if count == 1 else {"planarconfig": "separate" if separate else "contig"}
                    photometric = "minisblack" if count in (1, 2) else "rgb"
                    if photometric == "minisblack" and count == 2:
                        extra["extrasamples"] = ["unspecified"]
                    if count == 1 and n % 2 == 0:
                        photometric = "miniswhite"
                    tiff(
                        f"tiff_{dtype}_{'le' if order == '<' else 'be'}_{compression}_p{predictor}_{kind}.tif",
                        array, separate, byteorder=order, compression=compression,
                        predictor=predictor if predictor > 1 else None, photometric=photometric,
                        bigtiff=n % 7 == 0, **pieces, **extra)

# --- JPEG in TIFF
for subsampling in [(1, 1), (2, 1), (2, 2), (4, 1)]:
    for pieces in [{"tile": (16, 16)}, {"tile": (32, 48)}, {"rowsperstrip": 16}, {}]:
        for size in [(32, 48), (37, 53)]:
            if any(n % (8 * s) for n, s in zip(pieces.get("tile", ()), subsampling[::-1])):
                continue
            tiff(
                f"jpeg_ycc{subsampling[0]}{subsampling[1]}_{len(manifest)}.tif",
                picture("u1", *size, 3), photometric="rgb", compression="jpeg",
                compressionargs={"level": 85}, subsampling=subsampling, **pieces,
                rule="read" if subsampling in [(1, 1), (2, 1), (2, 2)] else "any")
for pieces in [{"tile": (16, 16)}, {"rowsperstrip": 8}]:
    tiff(f"jpeg_grey_{len(manifest)}.tif", picture("u1", 40, 55)[..., 0], photometric="minisblack",
         compression="jpeg", compressionargs={"level": 90}, **pieces)
    tiff(f"jpeg_grey_white_{len(manifest)}.tif", picture("u1", 40, 55)[..., 0], photometric="miniswhite",
         compression="jpeg", compressionargs={"level": 90}, **pieces)
    tiff(f"jpeg_rgb_stored_{len(manifest)}.tif", picture("u1", 40, 55, 3), photometric="rgb",
         compression="jpeg", compressionargs={"level": 90, "outcolorspace": "rgb"}, **pieces)
    tiff(f"jpeg_separate_{len(manifest)}.tif", np.moveaxis(picture("u1", 40, 55, 3), -1, 0), True,
         photometric="rgb", planarconfig="separate", compression="jpeg", compressionargs={"level": 90}, **pieces)

# --- compressions and types that are not read, or may be
for compression in ["lzma", "jpegxl", "webp", "png", "jpeg2000", "lerc", "jpegxr"]:
    for dtype in ["u1", "u2"]:
        if (compression, dtype) in [("webp", "u2"), ("lerc", "u1")]:  # the latter has other bytes each time
            continue
        array = picture(dtype, 32, 48, 3)
        try:
            tiff(f"other_{compression}_{dtype}.tif", array, photometric="rgb", compression=compression, rule="any")
            tiff(f"other_{compression}_{dtype}_grey.tif", array[..., 0], photometric="minisblack",
                 compression=compression, rule="any")
        except Exception as reason:
            print("not written:", compression, dtype, reason)
for dtype in ["u8", "i8", "c8", "c16"]:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, picture("u4", 20, 30)[..., 0].astype(dtype), metadata=None)
    add(f"other_{dtype}.tif", buffer.getvalue(), [np.zeros((1, 1, 20, 30), "u1")], "refused")


# --- TIFF by hand: packed bits, reversed bits, odd predictors, old LZW, sizes that do not fit
def directory(tags, data, order="<", offset=8):
    """A TIFF of one directory after its data. tags: number -> (type, values)"""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", offset + len(data) + len(data) % 2)
    body = data + b"\0" * (len(data) % 2)
    at = 8 + len(body)
    entries, outside = b"", b""
    start = at + 2 + 12 * len(tags) + 4
    for number in sorted(tags):
        kind, values = tags[number]
        code = {3: "H", 4: "I", 5: "I", 1: "B", 2: "B", 7: "B"}[kind]
        packed = struct.pack(order + str(len(values)) + code, *values)
        count = len(values) // (2 if kind == 5 else 1)
        entries += struct.pack(order + "HHI", number, kind, count)
        if len(packed) <= 4:
            entries += packed.ljust(4, b"\0")
        else:
            entries += struct.pack(order + "I", start + len(outside))
            outside += packed + b"\0" * (len(packed) % 2)
    return head + body + struct.pack(order + "H", len(tags)) + entries + b"\0\0\0\0" + outside


def pack(array, bits):
    """Rows of samples, most significant bit first, each row in bytes of its own."""
    rows = []
    for row in array.reshape(array.shape[0], -1):
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(rows)


def pieces_of(array, tile, rows):
    """Pieces of an image of height x width x channels, tiles padded."""
    height, width = array.shape[:2]
    if tile is None:
        return [array[y:y + rows] for y in range(0, height, rows)]
    padded = np.zeros((-(-height // tile) * tile, -(-width // tile) * tile) + array.shape[2:], array.dtype)
    padded[:height, :width] = array
    return [padded[y:y + tile, x:x + tile]
            for y in range(0, padded.shape[0], tile) for x in range(0, padded.shape[1], tile)]


def by_hand(name, array, bits, encode, compression=1, tile=None, rows=7, order="<", more=None, rule="read",
            expected=None, counts=lambda c: c):
    height, width, channels = array.shape
    parts = [encode(p) for p in pieces_of(array, tile, rows)]
    offsets = list(np.cumsum([8] + [len(p) for p in parts])[:-1])
    tags = {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * channels), 259: (3, [compression]),
            262: (3, [1 if channels < 3 else 2]), 277: (3, [channels])}
    lengths = counts([len(p) for p in parts])
    if tile:
        tags.update({322: (3, [tile]), 323: (3, [tile]), 324: (4, offsets), 325: (4, lengths)})
    else:
        tags.update({273: (4, offsets), 278: (3, [rows]), 279: (4, lengths)})
    tags.update(more or {})
    values = array if expected is None else expected
    add(name, directory(tags, b"".join(parts), order), [np.moveaxis(values, -1, 0)[None]], rule)


def numbers(bits, height, width, channels):
    dtype = "u1" if bits <= 8 else "u2" if bits <= 16 else "u4"
    return rng.integers(0, 2 ** bits, (height, width, channels), np.uint64).astype(dtype)


def differences(array, bits):
    signed = array.astype(np.int64)
    signed[:, 1:] -= array.astype(np.int64)[:, :-1]
    return (signed % 2 ** bits).astype(array.dtype)


for bits in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 17, 20, 22, 31]:
    for channels, tile, order in [(1, None, "<"), (3, None, ">"), (1, 16, ">"), (3, 16, "<")]:
        array = numbers(bits, 17, 37, channels)
        by_hand(f"bits_{bits}_{channels}_{tile}.tif", array, bits, lambda p: pack(p, bits), tile=tile, order=order)
        by_hand(f"bits_{bits}_{channels}_{tile}_zlib.tif", array, bits, lambda p: zlib.compress(pack(p, bits)), 8,
                tile=tile, order=order)
    by_hand(f"bits_{bits}_predictor.tif", numbers(bits, 21, 45, 1), bits,
            lambda p: zlib.compress(pack(differences(p, bits), bits)), 8, more={317: (3, [2])},
            rule="refused")  # as by libtiff; tifffile gives values of more bits than there are
for order in "<>":
    array = numbers(24, 21, 45, 1)
    three = lambda p: b"".join(int(v).to_bytes(3, "little" if order == "<" else "big") for v in p.reshape(-1))
    by_hand(f"bits_24_{'le' if order == '<' else 'be'}.tif", array, 24, three, order=order)
    by_hand(f"bits_24_{'le' if order == '<' else 'be'}_lzw.tif", array, 24,
            lambda p: imagecodecs.lzw_encode(three(p)), 5, order=order)
    floats = picture("f4", 21, 45)
    code = imagecodecs.float24_encode(floats, byteorder=order)
    exact = np.frombuffer(imagecodecs.float24_decode(code, byteorder=order), "f4").reshape(floats.shape)
    by_hand(f"float24_{'le' if order == '<' else 'be'}.tif", exact, 24,
            lambda p: bytes(imagecodecs.float24_encode(np.ascontiguousarray(p), byteorder=order)), order=order,
            more={339: (3, [3])})
reverse = lambda data: bytes(int(format(b, "08b")[::-1], 2) for b in data)
for bits, compression in itertools.product([1, 8, 12], [1, 5]):
    array = numbers(bits, 21, 45, 1)
    by_hand(f"reversed_{bits}_{compression}.tif", array, bits,
            lambda p: reverse(pack(p, bits) if compression == 1 else imagecodecs.lzw_encode(pack(p, bits))),
            compression, more={266: (3, [2])})


def old_lzw(data):
    """LZW as before TIFF 5.0: least significant bit first, wider codes when the table is full."""
    table = {bytes([i]): i for i in range(256)}
    out, held, count, width = bytearray(), 0, 0, 9

    def emit(code):
        nonlocal held, count
        held |= code << count
        count += width
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8

    emit(256)
    word = b""
    following = 258
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        emit(table[word])
        table[longer] = following
        following += 1
        if following > (1 << width) and width < 12:
            width += 1
        if following >= 4094:
            emit(256)
            table = {bytes([i]): i for i in range(256)}
            following, width = 258, 9
        word = bytes([byte])
    emit(table[word])
    emit(257)
    if count:
        out.append(held & 255)
    return bytes(out)


for height, width in [(40, 50), (90, 110)]:
    array = picture("u1", height, width)
    data = old_lzw(array.tobytes())
    assert bytes(imagecodecs.lzw_decode(data))[:array.size] == array.tobytes()
    by_hand(f"old_lzw_{height}.tif", array, 8, lambda p: old_lzw(np.ascontiguousarray(p).tobytes()), 5, rows=height)
    by_hand(f"new_lzw_{height}.tif", numbers(8, height, width, 1), 8,
            lambda p: imagecodecs.lzw_encode(np.ascontiguousarray(p).tobytes()), 5, rows=height)
plain = lambda p: np.ascontiguousarray(p).tobytes()
array = picture("u2", 40, 50)
by_hand("counts_halved.tif", array, 16, plain, rows=40, counts=lambda c: [n // 2 for n in c])
by_hand("counts_beyond.tif", array, 16, plain, rows=40, counts=lambda c: [n * 100 for n in c])
by_hand("counts_beyond_zlib.tif", array, 16, lambda p: zlib.compress(plain(p)), 8, rows=40,
        counts=lambda c: [n + 5000 for n in c])
by_hand("zstd_without_size.tif", array, 16,
        lambda p: b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(
            struct.pack("<I", (len(c) << 3) | last)[:3] + c
            for c, last in [(plain(p)[:2000], 0), (plain(p)[2000:], 1)]), 50000, rows=40)
for bits, kind in [(8, "u1"), (16, "u2"), (32, "u4")]:  # CMYK, CIELab: as stored
    by_hand(f"cmyk_{bits}.tif", picture(kind, 21, 45, 4), bits, plain, more={262: (3, [5])})
by_hand("lab_8.tif", picture("u1", 21, 45, 3), 8, plain, more={262: (3, [8])}, rule="any")
palette = picture("u1", 21, 45)
by_hand("palette_8.tif", palette, 8, plain, more={262: (3, [3]), 320: (3, list(range(768)))})

# --- several pages; pages that differ
stack = np.moveaxis(picture("u2", 20, 30, 5), -1, 0)
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack, photometric="minisblack", metadata=None, compression="zlib")
add("stack.tif", buffer.getvalue(), [stack[:, None]])
buffer = io.BytesIO()
with tifffile.TiffWriter(buffer) as writer:
    writer.write(stack[0], photometric="minisblack", metadata=None)
    writer.write(stack[1][:10, :11], photometric="minisblack", metadata=None)
add("pages_differ.tif", buffer.getvalue(), [stack[:1, None]], "any")
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack, imagej=True, metadata={"axes": "ZYX"})
add("imagej.tif", buffer.getvalue(), [stack[:, None]])
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack, ome=True, photometric="minisblack", metadata={"axes": "ZYX"}, compression="lzw",
                 predictor=True)
add("z.ome.tif", buffer.getvalue(), [stack[:, None]])
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack.astype("f4"), ome=True, photometric="minisblack", metadata={"axes": "TYX"},
                 compression="zlib", predictor=True)
add("t.ome.tif", buffer.getvalue(), [stack[:, None].astype("f4")])
add("named.png", archive.read("stack.tif"), [stack[:, None]])


# --- PNG, JPEG, BMP, netpbm, FITS
def pillow(name, image, format, array=None, rule="read", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    values = np.array(Image.open(io.BytesIO(buffer.getvalue()))) if array is None else array
    add(name, buffer.getvalue(), [planes(values, False)], rule)


def adam7(name, array, bits, colour):
    """An interlaced PNG, after the specification."""
    height, width, channels = array.shape
    raw = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = array[y0::dy, x0::dx]
        if part.size:
            rows = pack(part, bits)
            step = len(rows) // part.shape[0]
            raw += b"".join(b"\0" + rows[i:i + step] for i in range(0, len(rows), step))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    palette = chunk(b"PLTE", bytes(range(3 * min(2 ** bits, 256) % 768 or 3))[:3 * 2 ** bits]) if colour == 3 else b""
    if colour == 3:
        palette = chunk(b"PLTE", bytes((i * 7 + 3) % 256 for i in range(3 * 2 ** bits)))
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 1))
            + palette + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
    if bits >= 8 and colour != 3 and not (bits == 16 and channels > 1):
        read = np.array(Image.open(io.BytesIO(data)))
        assert (planes(read, False)[0] == np.moveaxis(array, -1, 0)).all(), name
    add(name, data, [np.moveaxis(array, -1, 0)[None]])


for size in [(21, 45), (1, 1), (3, 5), (32, 16)]:
    for bits, colour, channels in [(8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 4, 2), (8, 6, 4), (16, 6, 4),
                                   (1, 0, 1), (2, 0, 1), (4, 0, 1), (4, 3, 1), (8, 3, 1)]:
        array = numbers(bits, *size, channels)
        adam7(f"interlaced_{bits}_{colour}_{size[0]}.png", array, bits, colour)
for size in [(21, 45), (2, 3)]:
    grey, colour = picture("u1", *size)[..., 0], picture("u1", *size, 3)
    pillow(f"grey_{size[0]}.png", Image.fromarray(grey), "PNG")
    pillow(f"rgb_{size[0]}.png", Image.fromarray(colour), "PNG")
    pillow(f"rgba_{size[0]}.png", Image.fromarray(picture("u1", *size, 4)), "PNG")
    pillow(f"grey16_{size[0]}.png", Image.fromarray(picture("u2", *size)[..., 0]), "PNG")
    pillow(f"transparent_{size[0]}.png", Image.fromarray(colour), "PNG", transparency=(1, 2, 3))
    paletted = Image.fromarray(colour).quantize(32)
    pillow(f"palette_{size[0]}.png", paletted, "PNG", np.array(paletted))
    for width in [size[1], size[1] + 1, size[1] + 2]:
        one, three = picture("u1", size[0], width)[..., 0], picture("u1", size[0], width, 3)
        pillow(f"grey_{size[0]}_{width}.bmp", Image.fromarray(one), "BMP")
        pillow(f"rgb_{size[0]}_{width}.bmp", Image.fromarray(three), "BMP")
        paletted = Image.fromarray(three).quantize(32)
        pillow(f"palette_{size[0]}_{width}.bmp", paletted, "BMP", np.array(paletted))
        bits = Image.fromarray(one > 100)
        pillow(f"bits_{size[0]}_{width}.bmp", bits, "BMP", np.array(bits).astype("u1"))
for subsampling, progressive in itertools.product([0, 1, 2], [False, True]):
    pillow(f"rgb_{subsampling}_{progressive}.jpg", Image.fromarray(picture("u1", 37, 53, 3)), "JPEG",
           subsampling=subsampling, progressive=progressive, quality=85)
pillow("grey.jpg", Image.fromarray(picture("u1", 37, 53)[..., 0]), "JPEG")
pillow("cmyk.jpg", Image.fromarray(picture("u1", 37, 53, 4), "CMYK"), "JPEG", rule="any")
whole = archive.read("rgb_0_False.jpg")
length = struct.unpack(">H", whole[4:6])[0]
bare = whole[:2] + whole[4 + length:]  # without JFIF's marker, as cameras write
add("without_jfif.jpg", bare, [planes(np.array(Image.open(io.BytesIO(bare))), False)])
for channels, most in itertools.product([1, 3], [255, 100, 65535, 1000]):
    dtype = "u1" if most < 256 else "u2"
    array = (picture("u2", 13, 17, channels).astype("u4") * most // 65535).astype(dtype)
    values = [np.moveaxis(array, -1, 0)[None]]
    kind = 5 if channels == 1 else 6
    data = array.astype(">" + dtype).tobytes()
    text = " ".join(str(v) for v in array.reshape(-1)).encode()
    for n, head in enumerate([b"P%d\n17 13\n%d\n", b"P%d # a\n# b 1 2\n17\t13 # c\n\n#d\n%d\n", b"P%d 17 13 %d "]):
        add(f"binary_{channels}_{most}_{n}.ppm", head % (kind, most) + data, values)
        add(f"text_{channels}_{most}_{n}.pgm", head % (kind - 3, most) + text, values)


def fits_file(name, *arrays, rule="read", **header):
    units = fits.HDUList([(fits.PrimaryHDU if i == 0 else fits.ImageHDU)(a) for i, a in enumerate(arrays)])
    buffer = io.BytesIO()
    units.writeto(buffer)
    with fits.open(io.BytesIO(buffer.getvalue())) as read:
        series = [u.data for u in read if u.data is not None]
    add(name, buffer.getvalue(),
        [s.reshape((-1, 1) + s.shape[-2:]).astype(s.dtype.newbyteorder("=")) for s in series], rule)


for dtype in ["u1", "i1", "i2", "u2", "i4", "u4", "f4", "f8"]:
    fits_file(f"{dtype}.fits", picture(dtype, 20, 30)[..., 0])
    fits_file(f"{dtype}_cube.fits", np.moveaxis(picture(dtype, 20, 30, 4), -1, 0), picture(dtype, 7, 9)[..., 0])
for bits, zero, scale in [(16, 100.0, 0.5), (8, -3.0, 2.0), (32, 0.5, 1e-3), (-32, 1.0, 2.0)]:
    raw = picture({16: "i2", 8: "u1", 32: "i4", -32: "f4"}[bits], 20, 30)[..., 0]
    buffer = io.BytesIO()
    fits.PrimaryHDU(raw).writeto(buffer)
    data = bytearray(buffer.getvalue())
    end = data.index(b"END" + b" " * 77)
    cards = f"BZERO   = {zero:20}".ljust(80) + f"BSCALE  = {scale:20}".ljust(80) + "END".ljust(80)
    data[end:end + len(cards)] = cards.encode()
    read = fits.open(io.BytesIO(bytes(data)))[0].data
    add(f"scaled_{bits}.fits", bytes(data), [read[None, None].astype(read.dtype.newbyteorder("="))])


# --- variants of TIFF that readers of their own take
def variant(name, array, series, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    add(name, buffer.getvalue(), [series])


colour = picture("u1", 21, 45, 3)
hyper = np.moveaxis(picture("u2", 20, 30, 6), -1, 0).reshape(2, 3, 20, 30)
variant("hyper.tif", hyper, hyper, imagej=True, metadata={"axes": "ZCYX"})
variant("imagej_rgb.tif", colour, planes(colour, False), imagej=True)
variant("rgb.ome.tif", colour, planes(colour, False), ome=True, photometric="rgb")
separate = np.moveaxis(colour, -1, 0).copy()
variant("separate.ome.tif", separate, separate[None], ome=True, photometric="rgb", planarconfig="separate",
        metadata={"axes": "SYX"})
variant("big_endian.ome.tif", hyper[0], hyper[0][:, None], ome=True, byteorder=">", photometric="minisblack",
        metadata={"axes": "ZYX"}, compression="zlib", predictor=True)
for dtype in ["u1", "u2", "f4"]:
    array = picture(dtype, 21, 45)[..., 0]
    for software in ["MetaMorph", "Adobe Photoshop CS"]:
        variant(f"{software.split()[0]}_{dtype}.tif", array, array[None, None], photometric="miniswhite",
                software=software, metadata=None)
large = picture("u2", 64, 64)[..., 0]
for ome in [False, True]:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer, ome=ome) as writer:
        rest = {"tile": (16, 16), "photometric": "minisblack"}
        writer.write(large, subifds=1, metadata={"axes": "YX"} if ome else None, **rest)
        writer.write(large[::2, ::2], subfiletype=1, metadata=None, **rest)
    add("pyramid.ome.tif" if ome else "pyramid.tif", buffer.getvalue(), [large[None, None]])
for kind in ["tga_rle", None]:
    pillow(f"rgb_{kind}.tga", Image.fromarray(colour), "TGA", compression=kind)
pillow("grey.gif", Image.fromarray(colour[..., 0]), "GIF")


# --- kinds that were read wrong: pages that differ, planes that are not there, transparency, other readers
def pages(*arrays, **options):
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        for n, array in enumerate(arrays):
            writer.write(array, contiguous=False, metadata=None,
                         photometric="rgb" if array.ndim == 3 else "minisblack", **options)
    return buffer.getvalue()


def refused(name, data, rule="refused"):
    add(name, data, [np.zeros((1, 1, 1, 1), "u1")], rule)


flat = picture("u2", 20, 30)[..., 0]
for name, arrays in [("types", [flat, flat.astype("f4") / 3]), ("signs", [flat.view("i2"), flat]),
                     ("sizes", [flat, flat[:9, :11], flat + 1])]:
    for compression in [None, "zlib"]:
        options = {"compression": compression, "predictor": True} if compression else {}
        add(f"pages_{name}_{compression}.tif", pages(*arrays, **options),
            [a[None, None] for a in (v.copy() for v in arrays)])
for options in [{"volumetric": True}, {"volumetric": True, "tile": (2, 16, 16)}]:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, stack, photometric="minisblack", metadata=None, **options)
    refused(f"volume_{len(options)}.tif", buffer.getvalue())
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack, photometric="minisblack", truncate=True)
refused("one_directory_for_all.tif", buffer.getvalue())
buffer = io.BytesIO()
tifffile.imwrite(buffer, stack, imagej=True, truncate=True, metadata={"axes": "ZYX"})
add("imagej_one_directory.tif", buffer.getvalue(), [stack[:, None]])
refused("imagej_cut.tif", buffer.getvalue()[:-700], "INCOMPLETE_IMAGE")
add("metamorph_planes.tif",
    directory({256: (3, [30]), 257: (3, [20]), 258: (3, [16]), 259: (3, [1]), 262: (3, [1]), 273: (4, [8]), 277: (3, [1]),
               278: (3, [20]), 279: (4, [1200]), 33629: (5, [1, 1] * 5)}, stack.tobytes()), [stack[:, None]], "any")


def placed(planes):
    places = "".join(f'<TiffData IFD="{n}" FirstZ="{n}" PlaneCount="1"/>' for n in range(planes))
    return ('<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
            '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="30" SizeY="20" '
            f'SizeC="1" SizeZ="5" SizeT="1"><Channel ID="Channel:0:0" SamplesPerPixel="1"/>{places}</Pixels></Image></OME>')


for count in [5, 4]:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        for n, plane in enumerate(stack):
            writer.write(plane, contiguous=False, metadata=None, photometric="minisblack",
                         description=placed(count) if n == 0 else None)
    if count == 5:
        add("placed_5.ome.tif", buffer.getvalue(), [stack[:, None]])
    else:
        refused("placed_4.ome.tif", buffer.getvalue(), "INCOMPLETE_IMAGE")
buffer = io.BytesIO()
Image.frombytes("LAB", (32, 16), picture("u1", 16, 32, 3).tobytes()).save(buffer, "TIFF", compression="jpeg")
refused("jpeg_lab.tif", buffer.getvalue())
for name, options in [("fei", {"extratags": [(34680, 2, 20, "[User]\nDate=1\n", True)]}),
                      ("sem", {"extratags": [(34118, 2, 20, "DP_X\nx = 1\n", True)]}),
                      ("simplepci", {"description": "Created by Hamamatsu Inc.\r\n[ CAPTURE ]\r\n"})]:
    tiff(f"looks_like_{name}.tif", flat, photometric="miniswhite", compression="lzw", predictor=True, **options)


def plain_png(array, bits, colour, extra):
    rows = pack(array, bits)
    step = len(rows) // array.shape[0]
    raw = b"".join(b"\0" + rows[i:i + step] for i in range(0, len(rows), step))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", array.shape[1], array.shape[0], bits, colour, 0, 0, 0))
            + b"".join(chunk(*e) for e in extra) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


for bits, colour, channels in [(1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3),
                               (1, 3, 1), (2, 3, 1), (4, 3, 1), (8, 3, 1)]:
    array = numbers(bits, 19, 23, channels)
    palette = [(b"PLTE", bytes((i * 7 + 3) % 256 for i in range(3 * 2 ** bits)))] if colour == 3 else []
    clear = bytes([0, 100][:2 ** bits]) if colour == 3 else struct.pack(f">{channels}H", *map(int, array[0, 0]))
    add(f"clear_{bits}_{colour}.png",
        plain_png(array, bits, colour, [(b"gAMA", struct.pack(">I", 45455))] + palette + [(b"tRNS", clear)]),
        [np.moveaxis(array, -1, 0)[None]])


def bitmap(rows, width, height, bits, header, colours=b"", reserved=0, top=False):
    start = 14 + header + len(colours)
    if header == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", header, width, -height if top else height, 1, bits, 0, len(rows), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", start + len(rows), reserved, 0, start) + head.ljust(header, b"\0") + colours + rows


for header, width, top in itertools.product([12, 40, 52, 64, 108, 124], [5, 31], [False, True]):
    if header == 12 and top:
        continue
    array = picture("u1", 7, width, 4)
    ordered = array if top else array[::-1]
    rows = b"".join(r.tobytes() + b"\0" * (-len(r.tobytes()) % 4) for r in ordered[..., 2::-1])
    add(f"bitmap_{header}_{width}_{top}.bmp", bitmap(rows, width, 7, 24, header, reserved=width, top=top),
        [np.moveaxis(array[..., :3], -1, 0)[None]])
    if header > 12:
        add(f"bitmap32_{header}_{width}_{top}.bmp",
            bitmap(ordered[..., [2, 1, 0, 3]].tobytes(), width, 7, 32, header, top=top),
            [np.moveaxis(array[..., :3], -1, 0)[None]])
refused("bitmap16.bmp", bitmap(b"\0" * 32, 4, 4, 16, 40))
refused("above_largest.pgm", b"P2 3 1 255\n1 300 2", "DAMAGED_FILE")
refused("float.pgm", b"Pf\n3 2\n-1.0\n" + np.arange(6, dtype="<f4").tobytes())
refused("pam.pgm", b"P7\nWIDTH 3\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n123456")
for kind, dtype in [("uint8", "u1"), ("ushort", "u2"), ("uint32", "u4"), ("float", "f4"), ("double", "f8"),
                    ("int8", "i1"), ("short", "i2"), ("int", "i4"), ("int64", "i8")]:
    array = (picture("u1", 13, 17)[..., 0] * 1.0).astype(dtype)
    for endian in "<>":
        name = f"{kind}_{'le' if endian == '<' else 'be'}.nrrd"
        data = (f"NRRD0004\ntype: {kind}\ndimension: 2\nsizes: 17 13\nencoding: raw\n"
                f"endian: {'little' if endian == '<' else 'big'}\n\n").encode()
        data += array.astype(array.dtype.newbyteorder(endian)).tobytes()
        if dtype[0] == "i":
            refused(name, data)
        else:
            add(name, data, [array[None, None]])
refused("ascii.nrrd", b"NRRD0004\ntype: uchar\ndimension: 2\nsizes: 2 1\nencoding: ascii\n\n1 2")
for kind, sign, dtype in [("integer", "unsigned", "u1"), ("integer", "signed", "i2"), ("integer", "unsigned", "u2"),
                          ("real", "signed", "f4"), ("integer", "unsigned", "u4"), ("integer", "signed", "i4")]:
    array = picture(dtype, 13, 17)[..., 0]
    size = array.dtype.itemsize
    for endian in "<>":
        order = "\t".join(str(n) for n in (range(1, size + 1) if endian == "<" else range(size, 0, -1)))
        data = (f"\t\nics_version\t2.0\nfilename\tx\nlayout\tparameters\t3\nlayout\torder\tbits\tx\ty\n"
                f"layout\tsizes\t{8 * size}\t17\t13\nlayout\tcoordinates\tvideo\nlayout\tsignificant_bits\t{8 * size}\n"
                f"representation\tformat\t{kind}\nrepresentation\tsign\t{sign}\n"
                f"representation\tcompression\tuncompressed\nrepresentation\tbyte_order\t{order}\nend\n").encode()
        data += array.astype(array.dtype.newbyteorder(endian)).tobytes()
        name = f"{dtype}_{'le' if endian == '<' else 'be'}.ics"
        if dtype in ("u4", "i4"):
            refused(name, data)
        else:
            add(name, data, [array[None, None]])
            refused("cut_" + name, data[:-20], "TRUNCATED_FILE")
# of readers that may be left out: what is refused before they are asked
head = bytearray(352)
struct.pack_into("<i", head, 0, 348)
struct.pack_into("<8h", head, 40, 2, 17, 13, 1, 1, 1, 1, 1)
struct.pack_into("<2h", head, 70, 2, 8)
struct.pack_into("<3f", head, 108, 352, 2.0, 5.0)
head[344:348] = b"n+1\0"
refused("scaled.nii", bytes(head) + bytes(221))
head = bytearray(1024)
struct.pack_into("<4i", head, 0, 17, 13, 1, 12)
head[208:216] = b"MAP DD\0\0"
refused("half.mrc", bytes(head) + bytes(442))
struct.pack_into("<i", head, 12, 1)
struct.pack_into("<i", head, 92, 512)
refused("cut.mrc", bytes(head) + bytes(512 + 440), "TRUNCATED_FILE")


# --- images of several OME-TIFF files, by UUIDs and by a companion; not in the manifest, which is by file
def ome(places, **attributes):
    attributes = {"xmlns": "http://www.openmicroscopy.org/Schemas/OME/2016-06", **attributes}
    head = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return (f'<?xml version="1.0" encoding="UTF-8"?><OME {head}><Image ID="Image:0"><Pixels ID="Pixels:0" '
            'DimensionOrder="XYZCT" Type="uint16" SizeX="30" SizeY="20" SizeC="1" SizeZ="2" SizeT="1">'
            f'<Channel ID="Channel:0:0" SamplesPerPixel="1"/>{places}</Pixels></Image></OME>')


def member(description, plane):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, plane, photometric="minisblack", metadata=None, description=description)
    return buffer.getvalue()


for kind in ["uuid", "companion"]:
    ids = [f"urn:uuid:00000000-0000-0000-0000-00000000000{n}" for n in range(2)]
    places = "".join(f'<TiffData IFD="0" FirstZ="{n}" PlaneCount="1"><UUID FileName="set_{kind}_{n}.ome.tif">'
                     f'{ids[n]}</UUID></TiffData>' for n in range(2))
    binary = '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{}">' \
             '<BinaryOnly MetadataFile="set.companion.ome" UUID="urn:uuid:9"/></OME>'
    for n in range(2):
        put(f"set_{kind}_{n}.ome.tif",
            member(ome(places, UUID=ids[n]) if kind == "uuid" else binary.format(ids[n]), stack[n]))
    if kind == "companion":
        put("set.companion.ome", ome(places).encode())

put("manifest.txt", "\n".join(manifest) + "\n")
archive.close()
print(len(manifest), "files")
