"""A body image checked and sized for the page."""

import io
import warnings
from dataclasses import dataclass

import PIL.Image

from bulletin.styles import TEXT_HEIGHT, TEXT_WIDTH

_EMU_A_TWIP = 635
_EMU_A_PIXEL = 9525  # at 96 dots an inch
_FORMATS = ("PNG", "JPEG", "GIF", "BMP")


class BadPicture(Exception):
    """Not a picture that an office program takes; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Size:
    """In EMU, the unit of drawings."""

    width: int
    height: int


def fitted(body: bytes) -> Size:
    """The picture's natural size, or less so that it fits in the text's width and two thirds of the
    page's height. Raises BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            with PIL.Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
                wide, high = picture.size
                picture.verify()
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise BadPicture("不是完好的 PNG、JPEG、GIF 或 BMP") from error
    except PIL.Image.DecompressionBombWarning as error:
        raise BadPicture("图片过大") from error
    scale = min(
        1.0,
        TEXT_WIDTH * _EMU_A_TWIP / (wide * _EMU_A_PIXEL),
        TEXT_HEIGHT * _EMU_A_TWIP * 2 / 3 / (high * _EMU_A_PIXEL),
    )
    return Size(int(wide * _EMU_A_PIXEL * scale), int(high * _EMU_A_PIXEL * scale))
