"""Who has published a report on a year, and who has not though it did for another year."""

from msgspec import Struct

from nianbao.dataset import Dataset


class Coverage(Struct, frozen=True):
    """One body: `status` of its report on the year, None when there is none; `years` those with a report."""

    portals: str
    organization: str
    status: str | None
    published: str | None
    url: str | None
    years: str


QUERY = """
select array_to_string(o.portals, ', '), o.organization, r.status, r.published::varchar, r.url,
       array_to_string(list_sort(list(distinct a.year)), ', ')
from organizations o
join reports a using (org_id)
left join reports r on r.org_id = o.org_id and r.year = $year
where o.organization is not null
group by o.org_id, o.portals, o.organization, r.status, r.published, r.url
order by r.status is not null, o.portals, o.organization
"""


def coverage(dataset: Dataset, year: int) -> list[Coverage]:
    """Every known body, those without a report on the year first."""
    return [Coverage(*row) for row in dataset.sql(QUERY, {"year": year}).fetchall()]
