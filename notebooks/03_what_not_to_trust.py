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
# # Data quality: what not to trust · 数据质量
#
# The form has equations of its own (勾稽关系). They tell which published figures contradict themselves; nothing of that is
# repaired here. A finding is a doubt with a name, the cells concerned and, where possible, what would restore the sums.

# %%
import os

import altair as alt
from charts import SEVERITIES, shown

import nianbao

ds = nianbao.open(os.environ.get("NIANBAO_DATA", "../nianbao-demo"))
reports, findings = ds.reports(), ds.findings()
print(f"{len(reports)} reports, {len(findings)} findings on {findings['report_id'].nunique()} of them")

# %% [markdown]
# ## What is found, and how often
#
# `error`: published figures contradict each other. `warning`: a figure could not be read with certainty, or something is
# improbable. `info`: worth knowing. The codes are explained in `docs/codebook.md`.

# %%
touched = findings.groupby(["severity", "code"])["report_id"].nunique().reset_index(name="reports")
shown(
    alt.Chart(touched.astype({"reports": int}), width=420, height=alt.Step(24))
    .mark_bar()
    .encode(
        x=alt.X("reports:Q", title="reports concerned · 涉及年报数", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("code:N", title=None, sort=alt.EncodingSortField("reports", order="descending")),
        color=alt.Color("severity:N", title=None, scale=alt.Scale(domain=list(SEVERITIES), range=list(SEVERITIES.values()))),
    )
    .properties(title="Findings by code · 各类问题"),
    "03_findings",
)  # fmt: skip

# %% [markdown]
# ## Which equations hold
#
# The share of reports, among those with the table, in which each equation of the requests table holds. Authors do mis-add:
# use rates only where all three hold, and say how many reports that leaves out.

# %%
with_table = reports[reports["tables"].map(lambda tables: any(each.startswith("requests=") for each in tables))]
broken = findings[findings["severity"] == "error"].groupby("code")["report_id"].nunique()
groups = {"row sums 行合计": ["REQ_ROW_SUM"], "balance 平衡": ["REQ_BALANCE"], "parts 分项": ["REQ_PARTS_2019", "REQ_PARTS_2021"]}
for name, codes in groups.items():
    failed = findings[findings["code"].isin(codes)]["report_id"].nunique()
    print(f"{name}: hold in {len(with_table) - failed} of {len(with_table)} reports")

# %% [markdown]
# ## How each figure is known
#
# `observed` stands in the source. `derived` does not stand there by itself, but the equations leave no other value. The
# other three have no value: a blank is never a 0.

# %%
bases = [f"cells_{basis}" for basis in ("observed", "derived", "blank", "missing", "ambiguous")]
print(reports.groupby("year")[bases].sum().to_string())

# %% [markdown]
# ## How many reports are left for a rate
#
# Of each year: those whose request table can be trusted, those that had no request to conclude, those that contradict
# themselves, and those without the table or without some figure.

# %%
panel = ds.panel()
codes = panel["why_null"].str.extract(r"(?:^|; )refusal_rate: ([^;]+)", expand=False).fillna("")
states = {
    "usable 可用": panel["refusal_rate"].notna(),
    "no requests 无申请": codes == "ZERO_DENOMINATOR",
    "contradicts itself 自相矛盾": codes.str.contains("REQ_"),
}
panel["state"] = "table or figure missing 缺表或缺数"
for name, is_so in states.items():
    panel.loc[is_so, "state"] = name
order = [*states, "table or figure missing 缺表或缺数"]
counted = panel.groupby(["year", "state"]).size().reset_index(name="reports").astype({"year": int})
shown(
    alt.Chart(counted, width=420, height=alt.Step(30))
    .mark_bar()
    .encode(
        y=alt.Y("year:O", title=None),
        x=alt.X("reports:Q", title="reports · 年报数", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "state:N", title=None, sort=order, legend=alt.Legend(orient="bottom", columns=2),
            scale=alt.Scale(domain=order, range=["#2F6DB5", "#C5D9EF", "#C0392B", "#C9CDD2"]),
        ),
        order=alt.Order("place:Q"),
    )
    .transform_calculate(place=f"indexof({order!r}, datum.state)")
    .properties(title="What is left for a rate · 可用于计算比率的年报"),
    "03_usable",
)  # fmt: skip

# %% [markdown]
# ## Year against year
#
# Warnings that no single report can raise: a jump by a factor of thirty, a table that repeats last year's, a carry-over
# that does not fit. Look at these before drawing a line over years.

# %%
doubts = findings[findings["code"].str.startswith("XY_") | findings["code"].isin(["IMPLAUSIBLE_JUMP", "COPIED_FIGURES", "STALE_FORM"])]
named = doubts.merge(reports[["report_id", "organization"]], on="report_id")
named[["organization", "year", "code", "message"]].sort_values(["code", "organization", "year"]).head(12)

# %% [markdown]
# ## A list to keep beside the data
#
# The reports below contradict themselves. Their figures stay as published; the panel's indicators that rest on them are
# null.

# %%
worst = reports[reports["findings_error"] > 0][["organization", "year", "findings_error", "url"]]
worst.sort_values(["findings_error", "organization"], ascending=[False, True])
