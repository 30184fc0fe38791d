"""The pages of a picture file as pixels, and of a PDF; neither is unpacked beyond a size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.loaders.values import LoadError, Source

if TYPE_CHECKING:
    from rag.ocr.engine import Picture

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
_MOST_PIXELS = 50_000_000
"""Of a picture that is unpacked; 50 million take 150 MB, and some decoders twice that."""
_KEPT_SIDE = 3_500
"""An A4 page of 300 dpi; larger ones are made smaller."""
_DPI = 200
_POINTS = 72
_PAGED = "TIFF"
"""A second picture in a GIF or WebP is an animation's."""


class TooLarge(Exception):
    """A page with more pixels than are unpacked."""


class PictureFile:
    """A PNG, JPEG, WebP, TIFF, GIF or BMP. Raises LoadError where it is none."""

    def __init__(self, source: Source) -> None:
        from PIL import Image, UnidentifiedImageError

        Image.MAX_IMAGE_PIXELS = None  # a JPEG can be unpacked smaller: `_most` decides
        try:
            self._image = Image.open(source.path, formats=FORMATS)
        except UnidentifiedImageError as error:
            raise LoadError("damaged", "not a picture") from error
        self.pages = self._frames()

    def picture(self, page: int) -> Picture:
        """A page's pixels, turned as its camera held it. Raises TooLarge."""
        import numpy as np
        from PIL import ImageOps

        image: Any = self._image
        image.seek(page - 1)
        if image.format == "JPEG":
            image.draft("RGB", (_KEPT_SIDE // 2, _KEPT_SIDE // 2))
        if image.width * image.height > _MOST_PIXELS:
            raise TooLarge(f"{image.width} × {image.height}")
        image.load()
        image = image.copy()
        image.thumbnail((_KEPT_SIDE, _KEPT_SIDE), reducing_gap=2.0)
        image = ImageOps.exif_transpose(_on_white(image))
        return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])

    def _frames(self) -> int:
        return int(getattr(self._image, "n_frames", 1)) if self._image.format == _PAGED else 1


class PdfFile:
    """A PDF. Raises LoadError where it cannot be opened."""

    def __init__(self, source: Source) -> None:
        from pypdfium2 import PdfDocument, PdfiumError

        try:
            self._document = PdfDocument(source.path)
        except PdfiumError as error:
            raise LoadError("damaged", str(error)) from error
        self.pages = len(self._document)

    def picture(self, page: int) -> Picture:
        """A page as it is printed, at 200 dpi at most. Raises TooLarge."""
        import numpy as np

        held = self._document[page - 1]
        try:
            largest = max(map(_pixels, _images(held)), default=0)
            if largest > _MOST_PIXELS:
                raise TooLarge(f"{largest} pixels")
            side = max(*held.get_size(), 1.0)
            scale = min(_DPI / _POINTS, _KEPT_SIDE / side)
            rendered = held.render(scale=scale, rev_byteorder=False, prefer_bgrx=False)
            pixels: Picture = np.array(rendered.to_numpy()[:, :, :3])
            rendered.close()
            return pixels
        finally:
            held.close()


def _images(page: Any) -> Iterator[Any]:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return iter(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _pixels(image: Any) -> int:
    """As they are declared; nothing is unpacked."""
    width, height = image.get_px_size()
    return int(width) * int(height)


def _on_white(image: Any) -> Any:
    """Red, green, blue; what is transparent is paper."""
    from PIL import Image

    if not image.has_transparency_data:
        return _grey(image).convert("RGB")
    shown = image.convert("RGBA")
    paper = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(paper, shown).convert("RGB")


def _grey(image: Any) -> Any:
    """Scans of 16 bits a pixel with 8: Pillow would cut their bright tones off."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value / 256).convert("L")
