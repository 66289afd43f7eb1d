"""What `crawler.fetch` asks and answers with (step 3: capture): one connection, its guards, and what an answer is.

`transport` sends, `guard` refuses private addresses, `pace` and `robots` keep us polite, `inflate` and `body` bound what
comes, `challenge`, `standin` and `pages` tell what an answer really is.
"""
