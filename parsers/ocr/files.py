"""Picture files → grey values, as a person would see them printed on white paper."""

from .strokes import Image

_SEAL = 0.05  # of the width of a picture; a round seal is wider and higher
_ROUND = 0.7  # width to height, or height to width
_RED = 25  # by which red outweighs green and blue at the edge of a stroke
_DARK = 100  # a page whose usual grey is darker is white on black
_TYPES_WITH_ALPHA = (4, 6)
_HEAD = 1 << 16


def decoded(content: bytes, most_pixels: int) -> Image | None:
    """The grey values of a picture file; None for what is none, or has more pixels than allowed. Red seals are taken off, what
    is transparent is white, and white on black is turned round."""
    import cv2
    import numpy as np

    if (size := size_of(content)) is not None and size[0] * size[1] > most_pixels:
        return None
    flag = cv2.IMREAD_UNCHANGED if _has_alpha(content) else cv2.IMREAD_COLOR
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    except cv2.error:  # it says to have more pixels than OpenCV takes
        return None
    if image is None or image.shape[0] * image.shape[1] > most_pixels or not image.size:
        return None
    return grey_of(image)


def grey_of(image: Image) -> Image:
    """The grey values of a picture with one channel, three (blue, green, red) or four (and alpha)."""
    import cv2
    import numpy as np

    if image.dtype != np.uint8:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 2:
        grey = image
    else:
        if image.shape[2] == 4:
            image = _on_white(image)
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        _take_off_seals(image, grey)
    return 255 - grey if float(np.median(grey)) < _DARK else grey


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height that a PNG, GIF, BMP or JPEG file says it has, so that a vast one need not be unpacked."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content.startswith(b"GIF8") and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if content.startswith(b"BM") and len(content) >= 26:
        width, height = (int.from_bytes(content[at : at + 4], "little", signed=True) for at in (18, 22))
        return abs(width), abs(height)
    return _size_of_jpeg(content) if content.startswith(b"\xff\xd8") else None


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """From the frame header, over whatever segments stand before it."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 1 if marker == 0xFF else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _has_alpha(content: bytes) -> bool:
    if content.startswith(b"\x89PNG") and len(content) > 25:
        return content[25] in _TYPES_WITH_ALPHA or b"tRNS" in content[:_HEAD]
    return content.startswith(b"RIFF") and b"ALPH" in content[:_HEAD]


def _on_white(image: Image) -> Image:
    import numpy as np

    alpha = image[:, :, 3:].astype(np.uint16)
    return ((image[:, :, :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)


def _take_off_seals(image: Image, grey: Image) -> None:
    """Whitens what is red within a big round red stroke, the border of a seal. Figures under it are dark and stay; red figures
    elsewhere are no seal."""
    import cv2
    import numpy as np

    redness = cv2.subtract(image[:, :, 2], cv2.max(image[:, :, 0], image[:, :, 1]))
    red = (redness > _RED).astype(np.uint8)
    if cv2.countNonZero(red) < _SEAL * image.shape[1]:
        return
    joined = cv2.dilate(red, np.ones((5, 5), np.uint8))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(joined)[2][1:].tolist():
        is_round = min(width, height) >= _ROUND * max(width, height)
        if is_round and min(width, height) > _SEAL * image.shape[1]:
            rows, columns = slice(top, top + height), slice(left, left + width)
            grey[rows, columns][red[rows, columns] > 0] = 255
