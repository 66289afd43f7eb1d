"""CMS families (step 2: listing): one pure module each, one line here."""

from crawler.families import guangdong_nfcms
from crawler.listing import Family

FAMILIES: dict[str, Family] = {
    "guangdong-nfcms": guangdong_nfcms,
}
