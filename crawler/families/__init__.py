"""CMS families (step 2: listing): one pure module each, one line here.

The key is what a portal TOML names under `family`; a hyphen there is read as an underscore.
"""

from crawler.families import (
    epoint,
    guangdong_gkmlpt,
    guangdong_nfcms,
    hanweb_annual,
    hanweb_jpaas,
    hanweb_jpage,
    kaipu,
    legacy,
    lonsun,
    openness,
    static,
    trs,
    vsb,
)
from crawler.listing import Family

FAMILIES: dict[str, Family] = {
    "epoint": epoint,
    "guangdong_gkmlpt": guangdong_gkmlpt,
    "guangdong_nfcms": guangdong_nfcms,
    "hanweb_annual": hanweb_annual,
    "hanweb_jpaas": hanweb_jpaas,
    "hanweb_jpage": hanweb_jpage,
    "kaipu": kaipu,
    "legacy": legacy,
    "lonsun": lonsun,
    "openness": openness,
    "static": static,
    "trs": trs,
    "vsb": vsb,
}
