"""Writes small image files of many kinds and the values that reference readers give for them.

    pip install numpy tifffile imagecodecs pillow astropy
    python formats_golden.py ../resources/org/cytolake/bioformats/generated.zip

The archive holds the files, an entry 'manifest.txt' with a line for each, and their samples. A line:
name, 'read' (the file must be read) or 'any' (it may be refused), and for each series
"channels x height x width x planes : type". Samples lie in '<name>.samples', little-endian, series
by series, plane by plane, channel by channel. What libtiff, tifffile, Pillow or astropy gives is the
truth; where those map stored values (palettes, inverted greys), the stored values are.
"""
import io
import itertools
import struct
import sys
import zipfile
import zlib

import imagecodecs
import numpy as np
import tifffile
from astropy.io import fits
from PIL import Image

rng = np.random.default_rng(17)
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
        if compression == "webp" and dtype == "u2":
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
    tifffile.imwrite(buffer, picture(dtype, 20, 30)[..., 0], metadata=None)
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

put("manifest.txt", "\n".join(manifest) + "\n")
archive.close()
print(len(manifest), "files")
