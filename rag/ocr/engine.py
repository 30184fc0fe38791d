"""A picture to lines of text, by rapidocr with onnxruntime. Only a reading process imports it."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.ocr.layout import Line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    """Rows of pixels, each blue, green, red."""

_THREADS = 1
_DETECTED_SIDE = 1280
"""Pixels of the longer side where lines are looked for; they are read in the picture's own."""
_TALL = 1.5
"""Height by width from which on a line runs up or down."""
_PROBES = 3
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}


class Engine:
    """Holds the models in a folder, by default rapidocr's own. Raises FileNotFoundError where one
    is missing: with their paths given, rapidocr downloads nothing."""

    def __init__(self, models: Path | None = None) -> None:
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, "1")  # each thread takes address space, which is limited
        import cv2
        import rapidocr
        from rapidocr.main import RapidOCR

        cv2.setNumThreads(1)
        folder = models or Path(rapidocr.__file__).parent / "models"
        self._ocr: Any = RapidOCR(params=_parameters(folder))
        logging.getLogger("RapidOCR").disabled = True

    def lines(self, picture: Picture) -> list[Line]:
        """The lines of a picture in no order, turned upright: one that stands on its side or on its
        head is turned first."""
        crops, boxes = self._detected(picture)
        if _lies(boxes):
            picture = _turned(picture, 1)
            crops, boxes = self._detected(picture)
        if self._is_upside_down(crops):
            crops, boxes = self._detected(_turned(picture, 2))
        if not crops:
            return []
        found = self._ocr.recognize_txt(crops)
        rows = zip(found.txts, found.scores, boxes, strict=True)
        least = self._ocr.text_score
        return [Line.at(text, box.tolist()) for text, score, box in rows if text and score >= least]

    def _detected(self, picture: Picture) -> tuple[list[Picture], Any]:
        """A picture of each line, and its corners from the top left on."""
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        record: dict[str, Any] = {}
        try:
            crops, found = self._ocr.detect_and_crop(picture, record)
        except RapidOCRError:  # no line at all
            return [], []
        return crops, map_boxes_to_original(found.boxes, record, *picture.shape[:2])

    def _is_upside_down(self, crops: Sequence[Picture]) -> bool:
        """Whether the longest lines are read with more confidence on their heads."""
        probes = sorted(crops, key=lambda one: one.shape[1] / one.shape[0])[-_PROBES:]
        if not probes:
            return False
        turned = [_turned(one, 2) for one in probes]
        return self._confidence(turned) > self._confidence(probes)

    def _confidence(self, crops: Sequence[Picture]) -> float:
        return float(sum(self._ocr.recognize_txt(list(crops)).scores))


def _parameters(models: Path) -> dict[str, Any]:
    missing = [name for name in _MODELS.values() if not (models / name).is_file()]
    if missing:
        raise FileNotFoundError(", ".join(missing))
    threads = min(_THREADS, os.cpu_count() or 1)
    return {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTED_SIDE,
        # Lines of one batch are filled up to the longest: slower on a CPU, and read worse.
        "Rec.rec_batch_num": 1,
        **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
    }


def _lies(boxes: Any) -> bool:
    """Whether most of the text, by its length, runs up or down."""
    import numpy as np

    if not len(boxes):
        return False
    width, height = np.ptp(boxes, axis=1).T
    tall = height >= _TALL * width
    return float(height[tall].sum()) > float(width[~tall].sum())


def _turned(picture: Picture, quarters: int) -> Picture:
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, quarters))
