"""Images within a page: as few bytes as the eye allows."""

from __future__ import annotations

import base64
import io

from PIL import Image

_PREFIX = "data:image/png;base64,"
_N_COLOURS = 256


def shrink_image(link: str) -> str:
    """A data link of a PNG with transparency, as one of at most 256 colours.

    The marks of a figure have few colours; what is between them are borders that a browser
    blends again. Anything else than such a link, or one that is no smaller so, stays as it is.
    """
    if not link.startswith(_PREFIX):
        return link
    content = base64.b64decode(link.removeprefix(_PREFIX))
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    few = image.quantize(_N_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, format="png", optimize=True)
    if len(stream.getvalue()) >= len(content):
        return link
    return _PREFIX + base64.b64encode(stream.getvalue()).decode("ascii")
