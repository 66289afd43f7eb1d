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
# # What happens to requests · 申请的去向
#
# Section three of the report counts how each request ended. Added up over bodies: how many are granted, refused by law,
# not to be had, or not processed at all?

# %%
import os

import altair as alt
from charts import OUTCOMES, shown

import nianbao

ds = nianbao.open(os.environ.get("NIANBAO_DATA", "../nianbao-demo"))
panel = ds.panel()
panel = panel[panel["template"].isin(["format_2019", "format_2021"]) & (panel["scope"] != "aggregate")]

# %% [markdown]
# ## Only tables that add up
#
# A table whose parts do not give its total has no shares. `refusal_rate` is null for such a report, and for one without
# requests; both are counted, not hidden.

# %%
trusted = panel[panel["refusal_rate"].notna()]
print(f"{len(panel)} reports, {len(trusted)} with shares, {len(panel) - len(trusted)} without:")
print(panel[panel["refusal_rate"].isna()]["why_null"].str.extract(r"refusal_rate: ([^;]+)", expand=False).value_counts().to_string())

# %% [markdown]
# ## Outcomes by year
#
# Sums of cases, so that large bodies weigh what they weigh. 不予公开 (refused) names a legal ground; 无法提供 (not to be
# had) mostly means that the body says it does not hold the information; 不予处理 (not processed) means that it was no
# request in the sense of the Regulations.

# %%
names = {
    "requests_disclosed_full": "granted 予以公开",
    "requests_disclosed_partial": "in part 部分公开",
    "requests_denied_total": "refused 不予公开",
    "requests_unable_total": "not to be had 无法提供",
    "requests_unprocessed_total": "not processed 不予处理",
    "requests_other_total": "other 其他处理",
}
outcomes = trusted.groupby("year")[list(names)].sum().rename(columns=names).reset_index()
long = outcomes.melt("year", var_name="outcome", value_name="cases").astype({"year": int, "cases": float})
long["place"] = long["outcome"].map(dict(zip(names.values(), range(len(names)), strict=True)))
shown(
    alt.Chart(long, width=520, height=alt.Step(34))
    .mark_bar()
    .encode(
        y=alt.Y("year:O", title=None),
        x=alt.X("cases:Q", title="share of concluded requests · 占办结数", stack="normalize", axis=alt.Axis(format="%")),
        color=alt.Color(
            "outcome:N", title=None, sort=list(names.values()), legend=alt.Legend(orient="bottom", columns=3),
            scale=alt.Scale(domain=list(names.values()), range=list(OUTCOMES)),
        ),
        order="place:Q",
    )
    .properties(title={"text": "How requests ended · 申请的去向", "subtitle": f"{len(trusted)} reports whose tables add up · {len(trusted)} 份数字自洽的年报"}),
    "02_outcomes",
)  # fmt: skip

# %% [markdown]
# ## Carried over
#
# What one year leaves open is next year's first row. Where the two do not agree, a finding `XY_CARRY` says so: bodies
# merge, restate, or copy the wrong line.

# %%
flow = panel.groupby("year")[["requests_carried_over_in", "requests_carried_over_out"]].sum().astype(float)
flow["out the year before"] = flow["requests_carried_over_out"].shift(1)
print(flow.to_string())
print(f"broken carry-overs: {len(ds.findings(code='XY_CARRY'))} cells")

# %% [markdown]
# ## Who asks
#
# The classes of applicants are often filled in wrongly, so read this as a sketch.

# %%
cells = ds.cells(table="requests", row="received_new")
people = cells[cells["column"] != "total"].groupby(["year", "column"])["value"].sum().reset_index()
people = people.astype({"year": int, "value": float})
classes = {
    "natural_person": "natural persons 自然人", "org_commercial_enterprise": "enterprises 商业企业",
    "org_research_institution": "research 科研机构", "org_public_interest": "public interest 社会公益组织",
    "org_legal_service": "legal service 法律服务机构", "org_other": "other 其他",
}  # fmt: skip
people["applicant"] = people["column"].map(classes)
shown(
    alt.Chart(people, width=420, height=240)
    .mark_line(point=True)
    .encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title="new requests · 新收申请 (log)", scale=alt.Scale(type="symlog"), axis=alt.Axis(values=[0, 1, 3, 10, 30, 100, 300, 1000])),
        color=alt.Color("applicant:N", title=None, sort=list(classes.values()), scale=alt.Scale(range=list(OUTCOMES))),
    )
    .properties(title="Who asks · 申请人类别"),
    "02_applicants",
)
