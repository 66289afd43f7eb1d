"""Where are the reports, and what bytes did the portal give us, when?

Steps 1 to 3 of the line: portal (`portal`, `portals/`), listing (`listing`, `families/`), capture (`fetch`, `archive`,
`crawl`). Knows nothing of what a report is made of.
"""
