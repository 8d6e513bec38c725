"""Uploads that nobody should have to open."""

import zlib
from io import BytesIO

import pikepdf
from PIL import Image, PngImagePlugin
from PIL.Image import Exif

MARKER = "МАРКЕР-марker-52.5200"


def picture(size: tuple[int, int] = (300, 400), colour: str = "white") -> Image.Image:
    return Image.new("RGB", size, colour)


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    file = BytesIO()
    (image or picture()).save(file, "JPEG", **options)
    return file.getvalue()


def png(image: Image.Image | None = None, **options: object) -> bytes:
    file = BytesIO()
    (image or picture()).save(file, "PNG", **options)
    return file.getvalue()


def jpeg_with_gps() -> bytes:
    """A photo lying on its side, which says where, by whom and with what it was taken."""
    exif = Exif()
    exif[0x0112] = 6  # orientation: turn right
    exif[0x010F] = MARKER
    exif[0x013B] = MARKER
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 29: MARKER})
    return jpeg(exif=exif, comment=MARKER.encode(), icc_profile=MARKER.encode())


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Author", MARKER)
    info.add_text("Comment", "marker", zip=True)
    return png(pnginfo=info)


def png_bomb(side: int = 50_000) -> bytes:
    """A valid PNG of 50,000 × 50,000 black pixels in a few megabytes."""
    header = side.to_bytes(4) * 2 + bytes((1, 0, 0, 0, 0))
    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in chunks
    )


def pdf(pages: int = 1) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    file = BytesIO()
    document.save(file, **options)  # type: ignore[arg-type]
    return file.getvalue()


def pdf_with_everything() -> bytes:
    """JavaScript on opening, a program to launch, a link, and a file attached."""
    document = pdf()
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=f"app.alert('{MARKER}')"
    )
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://127.0.0.1:9/marker")
    document.pages[0].Annots = pikepdf.Array(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 99, 99], A=action
        )
        for action in (launch, link)
    )
    document.attachments["marker.exe"] = MARKER.encode()
    document.docinfo["/Author"] = MARKER
    return saved(document)


def pdf_encrypted() -> bytes:
    return saved(pdf(), encryption=pikepdf.Encryption(owner="owner", user="user"))


def pdf_endless() -> bytes:
    """One page that draws a form which draws a form ten times … ten levels deep."""
    document = pdf()
    inner = document.make_stream(b"0 0 9 9 re f", Type=pikepdf.Name.XObject)
    inner.Subtype, inner.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 595, 842])
    for _ in range(9):
        outer = document.make_stream(b"/X Do " * 10)
        outer.Type, outer.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        outer.BBox = pikepdf.Array([0, 0, 595, 842])
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = document.make_indirect(outer)
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    page.Contents = document.make_stream(b"/X Do")
    return saved(document)
