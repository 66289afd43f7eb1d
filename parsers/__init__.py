"""What does this document say? Pure functions of bytes, with media type and address as hints.

Steps 4 to 6 of the line: document (`readers/`), alignment (`strips`, `align`, `templates/`), report (`reconcile`,
`frontmatter`, `narrative`, `statements`, joined in `parse`). Knows nothing of networks, portals, disks, dataframes or
logs: findings are its voice.
"""
