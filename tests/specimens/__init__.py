"""The one generator of synthetic reports: demo portal, accuracy bench, property tests and replicas share it.

    truth.py     what a report says: figures, printed texts, names, dates
    figures.py   random reports in which every identity holds
    errors.py    planted mistakes of the kinds that real reports make, labelled
    prose.py     our own Chinese sentences around the tables
    forms.py     a truth laid out as the official form prescribes: boxes with spans
    damage.py    what editors, crawlers and archives do to a laid-out form
    markup.py, flat.py   laid-out forms as HTML, and as every kind of text
    pdf.py       the same as PDF
    possible.py, blanks.py  which printed figures a careful reader could tell from a damaged rendering
    renderings.py  every form in which a report arrives
    render.py    a truth in a form with a damage: bytes, and what must be read from them
    articles.py  what stands on the demo portal, with the mistakes that must be found
    portal.py    its pages
    shiling.py   the one real report among them (published figures only)

All names of places are invented, all sentences are ours.
"""
