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
# # From a number back to its place in the source · 从数字回到原处
#
# Every figure can be followed to the archived document, and to the place in it. This is what makes a figure quotable: the
# page may be gone tomorrow, its bytes are kept.

# %%
import hashlib
import os
from pathlib import Path

import altair as alt
from charts import INK, shown
from selectolax.lexbor import LexborHTMLParser

import nianbao

data = Path(os.environ.get("NIANBAO_DATA", "../nianbao-demo"))
ds = nianbao.open(data)

# %% [markdown]
# ## A figure that looks wrong
#
# We take the first report whose balance does not hold (new + carried over in = concluded + carried over out) and is an HTML
# page, and the cell that the smallest correction names.

# %%
doubts = ds.findings(code="REQ_BALANCE").merge(
    ds.reports()[["report_id", "organization", "url", "sha256", "media_type"]], on="report_id"
)
doubt = doubts[doubts["media_type"].str.contains("html")].sort_values(["year", "organization"]).iloc[0]
cell = doubt["corrections"][0][0] if len(doubt["corrections"]) else doubt["cells"][0]
print(doubt["organization"], doubt["year"])
print(doubt["message"])

# %% [markdown]
# ## The cell as the dataset has it

# %%
row = ds.cells(table=cell["table"], row=cell["row"], column=cell["column"], year=int(doubt["year"]))
row = row[row["report_id"] == doubt["report_id"]].iloc[0]
row[["table", "row", "column", "value", "raw", "basis", "locator"]]

# %% [markdown]
# ## The archived document
#
# Blobs are named by their SHA-256. Hashing again proves that these are the bytes that were fetched.

# %%
blob = data / "archive" / "blobs" / doubt["sha256"][:2] / doubt["sha256"]
content = blob.read_bytes()
assert hashlib.sha256(content).hexdigest() == doubt["sha256"]
print(f"{doubt['url']}\n{blob.relative_to(data)}: {len(content):,} bytes, hash intact")

# %% [markdown]
# ## The place in it
#
# A locator of an HTML page is a CSS path; of a text `line,column`, of a PDF page and box, of a workbook sheet and cell.

# %%
kind, _, path = row["locator"].partition(":")
assert kind == "html"
node = LexborHTMLParser(content.decode("utf-8")).css_first(path)
print(path)
print("stands there:", node.text(strip=True), "· in the dataset:", row["raw"])
assert node.text(strip=True) == row["raw"]
print("its row:", " | ".join(each.text(strip=True) for each in node.parent.css("td")))

# %% [markdown]
# ## The table around it
#
# All figures of the requests table as published. Shaded: the cells of the equations that fail. Red: where the smallest
# correction would change a figure. The correction is a suggestion; the dataset keeps what is printed.

# %%
cells = ds.cells(table="requests", year=int(doubt["year"]))
cells = cells[cells["report_id"] == doubt["report_id"]].reset_index(drop=True)
broken = ds.findings(severity="error", year=int(doubt["year"]))
broken = broken[broken["report_id"] == doubt["report_id"]]
in_doubt = {(each["row"], each["column"]) for cells_ in broken["cells"] for each in cells_}
suggested = {(each["row"], each["column"]) for sets in broken["corrections"] if len(sets) for each in sets[0]}
CONSISTENT, IN_DOUBT, TO_CORRECT = "consistent 自洽", "in doubt 存疑", "to correct 应改"
keys = list(zip(cells["row"], cells["column"], strict=True))
cells["state"] = [TO_CORRECT if key in suggested else IN_DOUBT if key in in_doubt else CONSISTENT for key in keys]
cells["value"] = cells["value"].astype(float)
order = {"x": list(dict.fromkeys(cells["column"])), "y": list(dict.fromkeys(cells["row"]))}
base = alt.Chart(cells[["row", "column", "value", "state", "raw"]], width=alt.Step(92), height=alt.Step(20)).encode(
    x=alt.X("column:N", sort=order["x"], title=None, axis=alt.Axis(orient="top", labelAngle=-20)),
    y=alt.Y("row:N", sort=order["y"], title=None),
)
states = alt.Scale(domain=[CONSISTENT, IN_DOUBT, TO_CORRECT], range=["#F4F6F8", "#FBE3C3", "#E8A39B"])
shown(
    (
        base.mark_rect(stroke="white").encode(color=alt.Color("state:N", title=None, scale=states, legend=alt.Legend(orient="bottom")))
        + base.mark_text(color=INK).encode(text="raw:N")
    ).properties(title={"text": f"{doubt['organization']} {doubt['year']}", "subtitle": "requests, as published · 按公布原样"}),
    "04_table",
)

# %% [markdown]
# On the command line the same question is `nianbao show REPORT TABLE ROW COLUMN`.
