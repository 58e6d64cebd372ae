"""A body image made anew, so that nothing of the received file but its picture is kept."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from crawler.document_types import SVG, Unreadable, sniff

MAX_PIXELS = 40_000_000  # a scanned A3 page at 400 dpi has 31 million
MAX_SIDE = 2400  # pixels; what a page or a screen can show
MAX_BYTES = 2 * 1024 * 1024  # of the result; a larger PNG becomes a JPEG
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


def encode_again(body: bytes) -> tuple[bytes, str]:
    """(bytes, media type) of the picture as PNG or JPEG, upright, at most MAX_SIDE wide or high,
    without metadata. The first frame of a moving one. Raises Unreadable."""
    if sniff(body) == SVG:
        raise Unreadable("SVG 图片可带脚本，不收")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata, which is dropped anyway
            with Image.open(io.BytesIO(body), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Unreadable(f"图片像素过多（{image.width}×{image.height}）")
                return _encode(image)
    except UnidentifiedImageError:
        raise Unreadable("不是图片") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Unreadable("图片不完整或已损坏") from None


def _encode(image: Image.Image) -> tuple[bytes, str]:
    drawn = image.format != "JPEG"  # diagrams and tables keep their sharp edges
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
    else:
        upright = upright.convert("L" if upright.mode in ("1", "L") else "RGB")
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    if drawn:
        png = _bytes(upright, "PNG", optimize=True)
        if len(png) <= MAX_BYTES:
            return png, "image/png"
    if upright.mode == "RGBA":
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright).convert("RGB")
    return _bytes(upright, "JPEG", quality=85), "image/jpeg"


def _bytes(image: Image.Image, kind: str, **how: int) -> bytes:
    image.info.clear()  # comments, profiles and EXIF would be written along
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
