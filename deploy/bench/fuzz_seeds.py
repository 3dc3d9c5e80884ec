"""Small good images of many formats, for the fuzzer to damage. Every file holds one channel, so that all of them are
images of one run."""
import struct
import zlib

import numpy as np
import tifffile

SIZE = (48, 40)  # rows, columns


def noise(shape=SIZE, dtype="uint8", seed=1):
    """Smooth with noise on top, over some of the type's range."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : shape[-2], 0 : shape[-1]]
    values = 40 + y + x + rng.integers(0, 30, shape)
    return (values * (200 if np.dtype(dtype).itemsize == 2 else 1)).astype(dtype)


def tiffs(folder):
    def write(name, array, **options):
        tifffile.imwrite(folder / name, array, **options)

    grey = {"photometric": "minisblack"}
    write("strip.tif", noise(), **grey)
    write("strips.tif", noise(), rowsperstrip=7, **grey)
    write("uint16.tif", noise(dtype="uint16"), **grey)
    write("big-endian.tif", noise(dtype="uint16"), byteorder=">", **grey)
    write("bigtiff.tif", noise(), bigtiff=True, **grey)
    write("tiled.tif", noise(), tile=(16, 16), **grey)
    write("deflate.tif", noise(), compression="zlib", **grey)
    write("lzw.tif", noise(dtype="uint16"), compression="lzw", predictor=True, **grey)
    write("packbits.tif", noise(), compression="packbits", **grey)
    write("jpeg.tif", noise(), compression="jpeg", tile=(16, 16), **grey)
    write("jp2k.tif", noise(), compression="jpeg2000", tile=(32, 32), **grey)
    write("pages.tif", noise((3, *SIZE)), **grey)
    write("imagej.tif", noise((3, *SIZE), "uint16"), imagej=True, metadata={"axes": "ZYX"})
    write("plain.ome.tif", noise(), ome=True, metadata={"axes": "YX"})
    write("stack.ome.tif", noise((2, 3, *SIZE), "uint16"), ome=True, metadata={"axes": "TZYX"})
    write("tiles.ome.tif", noise(), ome=True, tile=(16, 16), compression="zlib", metadata={"axes": "YX"})
    scn = (
        '<?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01"><collection name="c" '
        'sizeX="100" sizeY="100"><image name="i"><pixels sizeX="40" sizeY="48"><dimension sizeX="40" sizeY="48" r="0" '
        'ifd="0"/></pixels></image></collection></scn>'
    )
    write("slide.scn", noise(), description=scn, metadata=None, **grey)
    stk = {"metadata": None, "extratags": [(33629, 5, 1, (1, 1), True)]}
    write("metamorph.stk", noise(dtype="uint16"), **grey, **stk)


def png(array, depth):
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows, columns = array.shape
    data = b"".join(b"\0" + row.astype(f">u{depth // 8}").tobytes() for row in array)
    head = struct.pack(">IIBBBBB", columns, rows, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def bmp(array):
    rows, columns = array.shape
    step = -(-columns // 4) * 4
    palette = b"".join(bytes((i, i, i, 0)) for i in range(256))
    data = b"".join(row.tobytes().ljust(step, b"\0") for row in array[::-1])
    head = struct.pack("<IiiHHIIiiII", 40, columns, rows, 1, 8, 0, len(data), 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + 40 + 1024 + len(data), 0, 0, 14 + 40 + 1024) + head + palette + data


def fits(array):
    rows, columns = array.shape
    cards = ["SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    2"]
    cards += [f"NAXIS1  = {columns:20d}", f"NAXIS2  = {rows:20d}", "END"]
    head = "".join(card.ljust(80) for card in cards).ljust(2880)
    data = array.tobytes()
    return head.encode() + data.ljust(-(-len(data) // 2880) * 2880, b"\0")


def mrc(array):
    rows, columns = array.shape
    head = bytearray(1024)
    struct.pack_into("<10i", head, 0, columns, rows, 1, 1, 0, 0, 0, columns, rows, 1)  # of int16
    struct.pack_into("<3f", head, 40, columns, rows, 1)
    struct.pack_into("<3i", head, 64, 1, 2, 3)
    head[208:212] = b"MAP "
    head[212:216] = b"\x44\x44\0\0"
    return bytes(head) + array.astype("<i2").tobytes()


def avi(array):
    rows, columns = array.shape

    def chunk(name, content):
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    palette = b"".join(bytes((i, i, i, 0)) for i in range(256))
    step = -(-columns // 4) * 4
    frame = b"".join(row.tobytes().ljust(step, b"\0") for row in array[::-1])
    avih = struct.pack("<14I", 100000, len(frame), 0, 16, 1, 0, 1, len(frame), columns, rows, 0, 0, 0, 0)
    strh = b"vidsDIB " + struct.pack("<12I", 0, 0, 0, 1, 10, 0, 1, len(frame), 0, 0, 0, 0)
    strf = struct.pack("<IiiHHIIiiII", 40, columns, rows, 1, 8, 0, len(frame), 0, 0, 256, 0) + palette
    stream = chunk(b"LIST", b"strl" + chunk(b"strh", strh) + chunk(b"strf", strf))
    header = chunk(b"LIST", b"hdrl" + chunk(b"avih", avih) + stream)
    return chunk(b"RIFF", b"AVI " + header + chunk(b"LIST", b"movi" + chunk(b"00db", frame)))


def others(folder):
    grey = noise()
    rows, columns = SIZE
    (folder / "grey.png").write_bytes(png(grey, 8))
    (folder / "deep.png").write_bytes(png(noise(dtype="uint16"), 16))
    (folder / "grey.bmp").write_bytes(bmp(grey))
    (folder / "grey.pgm").write_bytes(f"P5\n{columns} {rows}\n255\n".encode() + grey.tobytes())
    (folder / "grey.fits").write_bytes(fits(grey))
    (folder / "grey.mrc").write_bytes(mrc(grey))
    (folder / "grey.avi").write_bytes(avi(grey))
    nrrd = f"NRRD0004\ntype: uint8\ndimension: 2\nsizes: {columns} {rows}\nencoding: raw\n\n"
    (folder / "grey.nrrd").write_bytes(nrrd.encode() + grey.tobytes())
    ics = (
        f"\t\nics_version\t2.0\nfilename\tgrey\nlayout\tparameters\t3\nlayout\torder\tbits\tx\ty\nlayout\tsizes\t8\t{columns}"
        f"\t{rows}\nlayout\tsignificant_bits\t8\nrepresentation\tformat\tinteger\nrepresentation\tsign\tunsigned\n"
        "representation\tcompression\tuncompressed\nrepresentation\tbyte_order\t1\nend\n"
    )
    (folder / "grey.ics").write_bytes(ics.encode() + grey.tobytes())
    try:
        import imagecodecs

        (folder / "grey.jpg").write_bytes(imagecodecs.jpeg_encode(grey))
        (folder / "grey.jp2").write_bytes(imagecodecs.jpeg2k_encode(grey, level=0))
        (folder / "grey.gif").write_bytes(imagecodecs.gif_encode(grey))
    except (ImportError, AttributeError):
        pass
    xml = (
        '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels '
        f'ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" SizeX="{columns}" SizeY="{rows}" SizeC="1" SizeZ="1" SizeT="1" '
        'BigEndian="false"><Channel ID="Channel:0:0" SamplesPerPixel="1"/><BinData BigEndian="false" Length="'
    )
    import base64

    data = base64.b64encode(grey.tobytes()).decode()
    (folder / "grey.ome").write_text(xml + f'{len(data)}">{data}</BinData></Pixels></Image></OME>')


def write(folder):
    """Writes all; returns their paths in order of name."""
    folder.mkdir(parents=True)
    tiffs(folder)
    others(folder)
    return sorted(folder.iterdir())
