"""Pictures of single lines of text → texts, by the recogniser of the extra."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from parsers.glyphs import Box

from .lines import Piece
from .strokes import Image

_SHAPE = [3, 48, 64]
"""Colours, height and least width of what is recognised. Most cells hold a digit or two: in the usual 320 pixels they
would take four times as long, and be read no better."""
_BATCH = 64
_STROKES = "1lI|/7一_-—–~"
"""What the recogniser makes of a slash or dash that stands alone."""
_DASH_SHAPE = 5  # times wider than high
_SLASH_SLOPE = -0.2
_STRAIGHT = 0.06  # of the height, by which ink strays from the stroke
_MOST_WIDTH = 32.0
"""Of the pictures that are recognised at once, together, in heights of a line: memory grows with it."""

_Picture = tuple[tuple[int, ...], bytes]
"""Shape and bytes of a picture."""


@lru_cache(maxsize=1)
def _recogniser() -> Any:  # noqa: ANN401
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": min(2, os.cpu_count() or 1)}  # others read beside it
    shapes = {"Rec.rec_img_shape": _SHAPE, "Rec.rec_batch_num": _BATCH}
    return RapidOCR(params={"Global.log_level": "error", **threads, **shapes})


def recognise(image: Image, pieces: Sequence[Piece]) -> None:
    """Text and confidence of each piece; equal pictures (drawn, not scanned) are looked at once."""
    import cv2

    crops = [_crop(image, piece.box) for piece in pieces]
    distinct = {(crop.shape, crop.tobytes()): crop for crop in crops}
    if not distinct:
        return
    found: dict[_Picture, tuple[str, float]] = {}
    for keys in _batches(distinct):
        result = _recogniser().recognize_txt([cv2.cvtColor(distinct[key], cv2.COLOR_GRAY2BGR) for key in keys])
        found |= dict(zip(keys, zip(result.txts, result.scores, strict=True), strict=True))
    for piece, crop in zip(pieces, crops, strict=True):
        piece.text, piece.confidence = found[crop.shape, crop.tobytes()]
        if piece.owner is not None and len(piece.text.strip()) == 1 and piece.text.strip() in _STROKES:
            piece.text = _stroke(crop) or piece.text


def _stroke(crop: Image) -> str | None:
    """The sign for an empty cell that a picture of one straight stroke is: the recogniser takes a slash for 1."""
    import numpy as np

    rows, columns = np.nonzero(crop < (int(crop.min()) + int(crop.max())) // 2)
    if len(rows) == 0:
        return None
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if width > _DASH_SHAPE * height:
        return "—"
    if height < 2 * width / 3 or height < 3:
        return None
    slope = float(np.cov(columns, rows)[0, 1] / np.var(rows))
    beside = float(np.std(columns - columns.mean() - slope * (rows - rows.mean()))) / height
    return "/" if slope < _SLASH_SLOPE and beside < _STRAIGHT else None


def _batches(crops: Mapping[_Picture, Image]) -> Iterator[list[_Picture]]:
    """Pictures of like shape together, few wide ones or many narrow ones: each batch is as wide as its widest."""
    widths = {key: max(crop.shape[1] / crop.shape[0], _SHAPE[2] / _SHAPE[1]) for key, crop in crops.items()}
    batch: list[_Picture] = []
    for key in sorted(crops, key=lambda key: widths[key]):
        if batch and (len(batch) + 1) * widths[key] > _MOST_WIDTH:
            yield batch
            batch = []
        batch.append(key)
    if batch:
        yield batch


def _crop(image: Image, box: Box) -> Image:
    """The line with a white margin of a fifth of its height: the recogniser was trained on such."""
    import cv2

    left, top, right, bottom = (round(side) for side in box)
    line = image[max(0, top) : bottom, max(0, left) : right]
    margin = max(2, (bottom - top) // 5)
    return cv2.copyMakeBorder(line, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
