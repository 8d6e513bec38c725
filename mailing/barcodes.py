"""The letter number as a QR code on the reply sheet, and its way back from a photo."""

import segno
import zxingcpp
from PIL import Image, ImageFilter

# A version 1 code (21 modules) of this size was read from turned and noisy scans at 200 dpi;
# at 12 mm it was not.
SMALLEST_MM = 18
_QUIET_MODULES = 4
_MODULES = 21
_QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def qr_svg(digits: str, millimetres: float = 20) -> str:
    """An SVG element of a QR code (version 1, level Q: up to 27 digits), quiet zone included.

    `millimetres` is the side of the code itself, at least `SMALLEST_MM`.
    """
    if millimetres < SMALLEST_MM:
        raise ValueError(f"A code under {SMALLEST_MM} mm does not survive a scan")
    code = segno.make_qr(digits, version=1, error="q", boost_error=False)
    side = millimetres * (_MODULES + 2 * _QUIET_MODULES) / _MODULES
    picture: str = code.svg_inline(border=_QUIET_MODULES, omitsize=True, svgclass="", lineclass="")
    return picture.replace("<svg ", f'<svg width="{side:g}mm" height="{side:g}mm" ', 1)


def read(image: Image.Image) -> list[str]:
    """The texts of all QR codes in a picture, each once; noise is filtered on a second try."""
    grey = image.convert("L")
    return _read(grey) or _read(grey.filter(ImageFilter.MedianFilter(5)))


def _read(image: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(image, formats=_QR_ONLY)
    return list(dict.fromkeys(code.text for code in found if code.valid and code.text))
