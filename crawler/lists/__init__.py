"""How list pages are read, whatever the product (step 2: listing): what CMS families share. Pure; nothing is asked for.

`markup` reads rows, dates, meta tags and files; `anchors`, `paging` and `structure` tell an unknown list by its shape;
`literals` and `engines` read JSON, scripts and search engines; `titles` judges rows by what they are called.
"""
