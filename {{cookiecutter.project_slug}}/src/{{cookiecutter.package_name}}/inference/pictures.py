"""Pictures, drawn or uploaded, as the pixels that a model reads."""

import base64
import io
from importlib.resources import files
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.serving import Row

Pixels = NDArray[np.float32]
"""Shape (height, width) for one channel, else (height, width, channels); 0 to 1."""

PAD_KEYS = "By keys: arrows move, Space sets the pen down and lifts it, Delete clears."
FORMATS = ("png", "jpg", "jpeg", "bmp", "gif", "webp")
_PILLOW_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
_MOST_PIXELS = 40_000_000
_INK = 0.15
"""What differs from the background by more than this is part of what was drawn."""


def pad_script() -> str:
    """The drawing pad: a JavaScript module whose `attach` makes a canvas one."""
    return files(__package__).joinpath("drawing_pad.js").read_text(encoding="utf-8")


def is_drawable(schema: DataSchema) -> bool:
    """Whether the features form a picture of one channel, which a pad can draw."""
    return schema.image_shape is not None and schema.image_shape[0] == 1


def takes_pictures(schema: DataSchema) -> bool:
    """Whether the features form a picture: grey, or red, green and blue."""
    return schema.image_shape is not None and schema.image_shape[0] in (1, 3)


def read_picture(content: bytes, schema: DataSchema) -> Pixels:
    """Decode a picture with as many channels as the model reads; DataError where it is none."""
    try:
        with Image.open(io.BytesIO(content), formats=_PILLOW_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise DataError(
                    f"The picture has {image.width} x {image.height} pixels: expected at most "
                    f"{_MOST_PIXELS // 1_000_000} million."
                )
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        known = ", ".join(sorted(_PILLOW_FORMATS))
        raise DataError(f"The file cannot be read as a picture: expected {known}.") from error
    on_black = Image.alpha_composite(Image.new("RGBA", upright.size, "black"), upright)
    plain = on_black.convert("L" if _channels(schema) == 1 else "RGB")
    return np.asarray(plain, dtype=np.float32) / np.float32(255)


def decoded_url(address: str) -> bytes:
    """The bytes of a `data:` address, as the pad sends them; DataError for anything else."""
    head, comma, body = address.partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        raise DataError(f"'{address[:40]}' is not a picture: expected a data: address of one.")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise DataError("The drawing was cut off on its way: draw it again.") from error


def as_url(png: bytes) -> str:
    """A PNG as a `data:` address, which a page can show without asking anybody."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def is_blank(picture: Pixels) -> bool:
    """Whether every pixel is alike: nothing was drawn."""
    return float(np.ptp(picture)) <= _INK


def row_of_picture(picture: Pixels, schema: DataSchema, *, fit: bool) -> Row:
    """The picture in the model's size and range of values.

    With `fit`, what was drawn is cut out, centred and made as large as the training's pictures
    were; without, the whole picture is scaled. Dark on light becomes light on dark, or the
    other way round, where the training's pictures were so.
    """
    _, height, width = _shape(schema)
    if picture.ndim == 2 and _border(picture) > 0.5:
        picture = 1 - picture
    if fit and picture.ndim == 2:
        picture = _fitted(picture, height, width)
    small = _resized(picture, height, width)
    if picture.ndim == 2 and not _dark_background(schema):
        small = 1 - small
    low, high = _range(schema)
    planes = small if small.ndim == 2 else small.transpose(2, 0, 1)
    scaled = low + planes.reshape(-1).astype(np.float64) * (high - low)
    return [float(value) for value in scaled]


def preview(row: Row, schema: DataSchema, side: int = 160) -> bytes:
    """What the model sees, as a PNG of about `side` pixels with visible squares."""
    channels, height, width = _shape(schema)
    low, high = _range(schema)
    values = (np.array(row, dtype=np.float64).reshape(channels, height, width) - low) / (high - low)
    grey = np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
    plain = grey[0] if channels == 1 else grey.transpose(1, 2, 0)
    factor = max(side // max(height, width), 1)
    image = Image.fromarray(plain).resize(
        (width * factor, height * factor), Image.Resampling.NEAREST
    )
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _shape(schema: DataSchema) -> tuple[int, int, int]:
    if schema.image_shape is None:
        raise DataError("The model's columns are not the pixels of a picture.")
    return schema.image_shape


def _channels(schema: DataSchema) -> int:
    return _shape(schema)[0]


def _range(schema: DataSchema) -> tuple[float, float]:
    """The least and the greatest value of any pixel in training."""
    lows = [column.minimum for column in schema.columns if column.minimum is not None]
    highs = [column.maximum for column in schema.columns if column.maximum is not None]
    low, high = min(lows, default=0.0), max(highs, default=1.0)
    return low, high if high > low else low + 1


def _border(picture: Pixels) -> float:
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return float(np.median(np.concatenate(edges)))


def _dark_background(schema: DataSchema) -> bool:
    """Whether the border's pixels were, in training, nearer to the least value."""
    _, height, width = _shape(schema)
    low, high = _range(schema)
    middles = [((c.minimum or low) + (c.maximum or low)) / 2 for c in schema.columns]
    plane = np.array(middles[: height * width]).reshape(height, width)
    return _border(plane.astype(np.float32)) <= (low + high) / 2


def _fitted(picture: Pixels, height: int, width: int) -> Pixels:
    """The ink's surroundings in the model's proportions, the ink as large as it can be."""
    drawn = picture > _INK
    if not drawn.any():
        return picture
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    ink = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = max(ink.shape[0] / height, ink.shape[1] / width)
    whole = np.zeros((round(height * scale), round(width * scale)), dtype=np.float32)
    top, left = (whole.shape[0] - ink.shape[0]) // 2, (whole.shape[1] - ink.shape[1]) // 2
    whole[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return whole


def _resized(picture: Pixels, height: int, width: int) -> Pixels:
    """Each new pixel is the mean of those that it covers."""
    planes = picture[..., None] if picture.ndim == 2 else picture
    scaled = [
        np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BOX))
        for plane in np.moveaxis(planes, 2, 0)
    ]
    stacked = np.clip(np.stack(scaled, axis=2), 0, 1)
    return cast(Pixels, stacked[..., 0] if picture.ndim == 2 else stacked)
