# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Compare districts · 区县比较
#
# How many requests do bodies receive, and how much do they grant? The panel answers with one row for each body and year.
# Run `nianbao demo` in the project's folder first, or name another data folder in `NIANBAO_DATA`.
#
# 先运行 `nianbao demo`，或用 `NIANBAO_DATA` 指定数据目录。

# %%
import os

import altair as alt
from charts import INK, shown

import nianbao

ds = nianbao.open(os.environ.get("NIANBAO_DATA", "../nianbao-demo"))
panel = ds.panel()
panel[["organization", "year", "template", "scope", "requests_received_new", "disclosure_rate"]].head()

# %% [markdown]
# ## What may be compared
#
# Three rules before any sum:
#
# * one edition of the form at a time, since its figures are other quantities before 2019;
# * never add a report that covers a whole region (`scope` = aggregate) to those of the bodies in it;
# * no figure that the report itself contradicts: the panel leaves its indicators null and says why.

# %%
national = panel[panel["template"].isin(["format_2019", "format_2021"])]
single = national[national["scope"] != "aggregate"].copy()
single["district"] = single["organization"].str.extract(r"^(?:.{2,4}?(?:省|市))?(.{1,6}?[区县市旗])", expand=False)
print(f"{len(panel)} rows, {len(national)} in a national form, {len(single)} of single bodies")
print(f"disclosure rate known for {single['disclosure_rate'].notna().sum()} of them")

# %% [markdown]
# ## New requests by district and year
#
# A district with one report is a point, not a trend: the number above each bar says how many reports it adds up.

# %%
by_district = (
    single.groupby(["district", "year"])
    .agg(received=("requests_received_new", "sum"), reports=("requests_received_new", "count"))
    .reset_index()
    .astype({"year": int, "received": float, "reports": int})
)
bars = alt.Chart(by_district, width=260, height=220).mark_bar(color="#2F6DB5").encode(
    x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
    y=alt.Y("received:Q", title="new requests · 新收申请"),
)
counts = bars.mark_text(dy=-7, color=INK).encode(text="reports:Q")
shown(
    (bars + counts)
    .facet(column=alt.Column("district:N", title=None))
    .properties(title={"text": "New requests · 新收申请", "subtitle": "above each bar: reports added up · 柱上为年报份数"}),
    "01_requests",
)

# %% [markdown]
# ## Disclosure rate of each body
#
# (granted + granted in part) ÷ concluded. Small bodies swing: with three requests a year a rate is 0, 1/3, 2/3 or 1. The
# area of a point is the number of requests concluded, so that the eye trusts large ones more.

# %%
shown_columns = {"organization": str, "year": int, "disclosure_rate": float, "requests_concluded_total": float}
rates = single[single["disclosure_rate"].notna()][list(shown_columns)].astype(shown_columns)
shown(
    alt.Chart(rates, width=420, height=alt.Step(30))
    .mark_circle(opacity=0.85)
    .encode(
        x=alt.X("disclosure_rate:Q", title="disclosure rate · 公开率", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("organization:N", title=None, sort="-x"),
        color=alt.Color("year:O", title="year 年度", scale=alt.Scale(scheme="blues", domainMin=2017)),
        size=alt.Size("requests_concluded_total:Q", title="concluded 办结", scale=alt.Scale(range=[30, 700])),
    )
    .properties(title={"text": "Disclosure rate by body and year · 各机关公开率", "subtitle": "area: requests concluded · 面积为办结数"}),
    "01_rates",
)

# %% [markdown]
# ## Who is left out
#
# Never drop a row in silence. These reports have no rate, and this is why:

# %%
left_out = single[single["disclosure_rate"].isna()]
reasons = left_out["why_null"].str.extract(r"(?:^|; )(?:disclosure_rate|requests): ([^;]+)", expand=False)
left_out.assign(reason=reasons.fillna("not in this form"))[["organization", "year", "reason"]].sort_values(["year", "organization"])
