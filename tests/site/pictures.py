"""Pictures, documents and films that say where they were taken, and by whom: each place of a file in
which a telephone, a camera or a program leaves it. Nothing of them but that can be looked at.
"""
import struct
import zlib


def exif(entries, gps=(), degrees=0x4e, more=b""):
    """A TIFF block: IFD0 with texts, and one of GPS."""
    data, heap = b"", b""
    count = len(entries) + bool(gps)
    base = 8 + 2 + 12 * count + 4
    for tag, text in entries:
        value = text if isinstance(text, bytes) else text.encode()
        value += b"\0" * (8 - len(value) % 8)
        data += struct.pack("<HHII", tag, 2, len(value), base + len(heap))
        heap += value
    if gps:
        data += struct.pack("<HHII", 0x8825, 4, 1, base + len(heap))
        heap += struct.pack("<H", len(gps))
        for tag in gps:
            heap += struct.pack("<HHII", tag, 2, 2, degrees)
        heap += b"\0" * 4
    return b"II*\0" + struct.pack("<IH", 8, count) + data + b"\0" * 4 + heap + more


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(*blocks):
    """Each block an Exif's, or a whole segment."""
    written = [block if block[:1] == b"\xff" else segment(0xE1, b"Exif\0\0" + block) for block in blocks]
    return b"\xff\xd8" + b"".join(written) + b"\xff\xda\0\x02\x01\xff\xd9"


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + b"\0" * 4


def png(block=None, *chunks):
    return (b"\x89PNG\r\n\x1a\n" + (chunk(b"eXIf", block) if block else b"") + b"".join(chunks) +
            chunk(b"IEND", b""))


def webp(block, name=b"EXIF"):
    return b"RIFF\0\0\0\0WEBP" + name + struct.pack("<I", len(block)) + block


def xmp(properties):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description " +
                   properties.encode() + b"</x:xmpmeta>")


def iptc(dataset, text):
    record = b"\x1c\x02" + bytes([dataset]) + struct.pack(">H", len(text)) + text.encode()
    return segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record)


PLACE, CLEAN = exif([], gps=(2, 4)), exif([(0x0110, "型号")])
OWNER, SERIAL = exif([(0xA430, "张三")]), exif([(0xA431, "123")])
NUMBER = "11010519491231002X"

# Name, file, content, what is told.
FILES = [
    ("clean", "a.jpg", jpeg(CLEAN, xmp("xmp:CreatorTool='相机'/>")), set()),
    ("clean PNG", "a.png", png(CLEAN, chunk(b"tEXt", b"Software\0x")), set()),
    ("empty owner", "a.jpg", jpeg(exif([(0xA430, "   ")]), xmp("><dc:creator><rdf:Seq/></dc:creator>")), set()),
    ("place", "a.jpg", jpeg(PLACE), {"R21C"}),
    ("place in small numbers", "a.jpg", jpeg(exif([], (2, 4), degrees=0x1E)), {"R21C"}),
    ("no place in zeros", "a.jpg", jpeg(exif([], (2, 4), degrees=0)), set()),
    ("place in a second block", "a.jpg", jpeg(CLEAN, PLACE), {"R21C"}),
    ("place in the preview", "a.jpg", jpeg(exif([(0x0110, "型号")], more=jpeg(PLACE))), {"R21C"}),
    ("place in a second picture", "a.jpg", jpeg(CLEAN) + jpeg(PLACE), {"R21C"}),
    ("place in PNG", "a.png", png(PLACE), {"R21C"}),
    ("place in WebP", "a.webp", webp(PLACE), {"R21C"}),
    ("place in WebP, marked", "a.webp", webp(b"Exif\0\0" + PLACE), {"R21C"}),
    ("place in TIFF", "a.tif", PLACE, {"R21C"}),
    ("place in HEIC called JPEG", "a.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 12 + b"Exif\0\0" + PLACE, {"R21C"}),
    ("place in JPEG called PNG", "a.png", jpeg(PLACE), {"R21C"}),
    ("place in XMP", "a.jpg", jpeg(xmp("exif:GPSLatitude='30,1N'/>")), {"R21C"}),
    ("place in XMP, another prefix", "a.jpg", jpeg(xmp("e:GPSLongitude = '30,1N'/>")), {"R21C"}),
    ("place in XMP, an element", "a.jpg", jpeg(xmp("><e:GPSLatitude>30,1N</e:GPSLatitude>")), {"R21C"}),
    ("place in XMP, wide", "a.jpg", jpeg(segment(0xE1, "<x exif:GPSLatitude='3'/>".encode("utf-16"))), {"R21C"}),
    ("no place in XMP", "a.jpg", jpeg(xmp("exif:GPSLatitude='' e:x='3'/>")), set()),
    ("owner", "a.jpg", jpeg(OWNER), {"R21D"}),
    ("serial number", "a.png", png(SERIAL), {"R21D"}),
    ("owner in XMP", "a.jpg", jpeg(xmp("exifEX:CameraOwnerName='张三'/>")), {"R21D"}),
    ("artist in XMP", "a.jpg", jpeg(xmp("tiff:Artist='张三'/>")), {"R21D"}),
    ("creator in XMP", "a.jpg", jpeg(xmp("><dc:creator>\n<rdf:Seq> <rdf:li>张三</rdf:li>")), {"R21D"}),
    ("author in PNG", "a.png", png(None, chunk(b"tEXt", b"Author\0zhang san")), {"R21D"}),
    ("author in IPTC", "a.jpg", jpeg(iptc(80, "zhang san")), {"R21D"}),
    ("headline in IPTC", "a.jpg", jpeg(iptc(105, "xin wen")), set()),
    ("packed text", "a.png", png(None, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x"))), {"R21E"}),
    ("packed XMP", "a.png", png(None, chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"x"))),
     {"R21E"}),
    ("profile in digits", "a.png", png(None, chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 4\n4949")), {"R21E"}),
    ("number in a comment", "a.jpg", jpeg(segment(0xFE, NUMBER.encode())), {"R16A"}),
    ("number in a description", "a.jpg", jpeg(exif([(0x010E, NUMBER)])), {"R16A"}),
    ("number in a wide comment", "a.jpg", jpeg(exif([(0x9286, b"UNICODE\0" + NUMBER.encode("utf-16-le"))])),
     {"R16A"}),
    ("number behind the end", "a.gif", b"GIF89a\1\0\1\0\0\0\0;" + NUMBER.encode(), {"R16A"}),
    ("number in a document", "a.pdf", b"%PDF-1.4 (" + NUMBER.encode() + b") Tj", {"R16A"}),
    ("number in an old document", "a.doc", b"\xd0\xcf\x11\xe0" + NUMBER.encode("utf-16-le") + b"\0\0", {"R16A"}),
    ("place in a document", "a.pdf", b"%PDF-1.4 stream\n" + jpeg(PLACE), {"R21F"}),
    ("owner in a document", "a.pdf", b"%PDF-1.4 stream\n" + jpeg(OWNER), set()),
    ("place in a film", "a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\x1a\xa9xyz\0\x12\x15\xc7+30.1234+104.1234/", {"R21F"}),
    ("film without a place", "a.mp4", b"\0\0\0\x18ftypmp42 \xa9xyz", set()),
    ("picture called text", "a.txt", jpeg(PLACE), {"R21F"}),
]
