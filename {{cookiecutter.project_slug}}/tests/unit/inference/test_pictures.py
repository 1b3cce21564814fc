import io

import numpy as np
import pytest
from PIL import Image

from {{ cookiecutter.package_name }}.inference import pictures
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def schema_of(shape: tuple[int, int, int], low: float = 0, high: float = 16) -> DataSchema:
    """Pixels whose border was dark in training."""
    _, height, width = shape
    inner = np.zeros((height, width), dtype=bool)
    inner[1:-1, 1:-1] = True
    tops = np.where(np.broadcast_to(inner, shape), high, low).reshape(-1)
    columns = tuple(
        Column(name=f"p{place}", kind="number", minimum=low, maximum=float(top))
        for place, top in enumerate(tops)
    )
    target = Target(name="y", task="classification", classes=("a", "b"))
    return DataSchema(columns=columns, target=target, image_shape=shape)


GREY = schema_of((1, 8, 8))


def png(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array.astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def bar(ground: int = 0, ink: int = 255) -> np.ndarray:
    """A high bar, 20 x 60, in the upper left of 100 x 100."""
    array = np.full((100, 100), ground)
    array[10:70, 5:25] = ink
    return array


def rows_of(content: bytes, schema: DataSchema = GREY, *, fit: bool = True) -> np.ndarray:
    row = pictures.row_of_picture(pictures.read_picture(content, schema), schema, fit=fit)
    return np.array(row).reshape(schema.image_shape)


def test_what_was_drawn_is_cut_out_and_centred() -> None:
    (plane,) = rows_of(png(bar()))

    assert (plane[:, 3:5] == 16).all()
    assert (plane[:, :2] == 0).all()
    assert (plane[:, 6:] == 0).all()


def test_without_fitting_the_whole_picture_is_scaled() -> None:
    (plane,) = rows_of(png(bar()), fit=False)

    assert plane[2, 1] == 16
    assert plane[:, 4:].max() == 0


def test_each_value_is_the_mean_of_what_it_covers() -> None:
    stripes = np.tile([0, 255], (16, 8))

    assert rows_of(png(stripes), fit=False) == pytest.approx(8)


def test_dark_ink_on_paper_is_read_as_light_ink_where_training_was_dark() -> None:
    np.testing.assert_allclose(rows_of(png(bar(255, 0))), rows_of(png(bar())))


def test_a_model_of_dark_ink_gets_dark_ink() -> None:
    inverse = GREY.model_copy(
        update={
            "columns": tuple(
                column.model_copy(update={"minimum": 16 - column.maximum, "maximum": 16.0})
                for column in GREY.columns
            )
        }
    )

    np.testing.assert_allclose(rows_of(png(bar()), inverse), 16 - rows_of(png(bar())))


def test_a_transparent_ground_counts_as_dark() -> None:
    layers = np.stack([bar(255), bar(255), bar(255), bar()], axis=2)

    np.testing.assert_allclose(rows_of(png(layers)), rows_of(png(bar())))


def test_colours_keep_their_channels() -> None:
    schema = schema_of((3, 4, 4), high=1)
    red = np.zeros((8, 8, 3))
    red[..., 0] = 255

    planes = rows_of(png(red), schema)

    assert planes.mean(axis=(1, 2)).tolist() == [1, 0, 0]


def test_every_value_lies_in_the_range_of_training() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (37, 91))

    plane = rows_of(png(noise), schema_of((1, 8, 8), low=-1, high=1))

    assert plane.min() >= -1
    assert plane.max() <= 1


@pytest.mark.parametrize("content", [b"", b"not a picture", png(bar())[:60]])
def test_what_is_no_picture_is_an_error(content: bytes) -> None:
    with pytest.raises(DataError, match="cannot be read as a picture"):
        pictures.read_picture(content, GREY)


def test_a_picture_of_too_many_points_is_refused_before_it_is_decoded(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "_MOST_PIXELS", 9_999)

    with pytest.raises(DataError, match="100 x 100 pixels"):
        pictures.read_picture(png(bar()), GREY)


def test_an_empty_picture_is_blank_and_a_drawn_one_is_not() -> None:
    assert pictures.is_blank(pictures.read_picture(png(np.zeros((9, 9))), GREY))
    assert not pictures.is_blank(pictures.read_picture(png(bar()), GREY))


def test_an_empty_picture_can_be_fitted() -> None:
    assert rows_of(png(np.zeros((9, 9)))).max() == 0


def test_the_preview_is_a_picture_of_the_row() -> None:
    row = rows_of(png(bar())).reshape(-1).tolist()

    shown = pictures.read_picture(pictures.preview(row, GREY, side=80), GREY)

    assert shown.shape == (80, 80)
    assert shown[40, 40] == 1
    assert shown[40, 5] == 0


def test_an_address_that_a_pad_sends_is_decoded() -> None:
    content = png(bar())

    assert pictures.decoded_url(pictures.as_url(content)) == content


@pytest.mark.parametrize("address", ["", "http://elsewhere/x.png", "data:image/png;base64,%%%"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(DataError):
        pictures.decoded_url(address)


def test_a_table_takes_no_pictures(mixed_schema) -> None:
    assert not pictures.takes_pictures(mixed_schema)
    assert not pictures.is_drawable(mixed_schema)
    assert pictures.is_drawable(GREY)
    assert not pictures.is_drawable(schema_of((3, 4, 4)))


def test_the_pad_is_a_script_that_can_be_attached() -> None:
    assert "export function attach(canvas, changed)" in pictures.pad_script()
