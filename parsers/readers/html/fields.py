"""What stands in the fields of a form: portals that let their bodies fill in the report on line print it with them."""

import re

from selectolax.lexbor import LexborNode

_FIGURE = re.compile(r"[+-]?\d[\d,.]*\s*[\u4e00-\u9fff]{0,2}|[/\u2014\uff0f-]+")
_SHOWN = {"", "text", "number", "tel"}


def filled_in(field: LexborNode) -> str:
    """The figure in an `<input>`, `<textarea>` or `<select>` as the page shows it, "" where there is none: words are those of
    a search box or of a menu."""
    attributes = field.attributes
    if field.tag == "input":
        is_shown = (attributes.get("type") or "").strip().lower() in _SHOWN
        text = (attributes.get("value") or "") if is_shown else ""
    elif field.tag == "textarea":
        text = field.text()
    else:
        chosen = field.css_first("option[selected]") or field.css_first("option")
        text = chosen.text() if chosen is not None else ""
    text = text.strip()
    return text if _FIGURE.fullmatch(text) else ""
