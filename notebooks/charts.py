"""How the notebooks draw: one theme, with a Chinese font that comes with the extra, as PNG, so that pictures are the same
everywhere and need no network. `pip install 'nianbao[notebooks]'` brings all that is needed."""

import os
from pathlib import Path

import altair as alt
import pylopdf_fonts_zh_cn as fonts
import vl_convert

FONT = "Noto Sans SC"
INK, QUIET = "#222222", "#8A8F98"
OUTCOMES = ("#2F6DB5", "#8DB8E2", "#C0392B", "#E39A3B", "#8E6BB0", "#9AA0A6")
"""Granted, in part, refused, not to be had, not processed, other."""
SEVERITIES = {"error": "#C0392B", "warning": "#E39A3B", "info": "#9AA0A6"}


@alt.theme.register("nianbao", enable=True)
def nianbao() -> alt.theme.ThemeConfig:
    """Quiet axes, no frame, titles at the left."""
    text = {"font": FONT, "color": INK}
    return {
        "background": "white",
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "title": {**text, "anchor": "start", "fontSize": 15, "subtitleFont": FONT, "subtitleColor": QUIET},
            "axis": {
                "labelFont": FONT, "titleFont": FONT, "titleColor": QUIET, "titleFontWeight": "normal",
                "domainColor": "#C9CDD2", "tickColor": "#C9CDD2", "gridColor": "#ECEEF0", "labelLimit": 320,
            },
            "legend": {"labelFont": FONT, "titleFont": FONT, "titleFontWeight": "normal", "labelLimit": 260},
            "header": {"labelFont": FONT, "titleFont": FONT},
        },
    }  # fmt: skip


alt.renderers.enable("png", scale_factor=2)
vl_convert.register_font_directory(str(fonts.sans_path().parent))


def shown(chart: alt.TopLevelMixin, name: str) -> alt.TopLevelMixin:
    """The chart; where NIANBAO_CHARTS names a folder, a PNG of it is kept there too."""
    if folder := os.environ.get("NIANBAO_CHARTS"):
        chart.save(str(Path(folder) / f"{name}.png"), scale_factor=2)
    return chart
