"""The registry of portals for people: list, check, show."""

from collections.abc import Sequence
from pathlib import Path

from crawler.errors import PortalError
from crawler.portal import REGISTRY, Portal, choose, load, registry
from nianbao.render import aligned
from nianbao.voice import Voice
from parsers import divisions

CENTRAL = "中央"
"""Where bodies of the central government stand, which belong to no division."""
COLUMNS = ("province", "portal", "name", "division", "family", "verified", "evidence")


def listed(widest: int | None = None) -> str:
    """Every bundled portal, one a line, by province; the first address that it was derived from is its evidence."""
    rows = sorted((_place(each), key, each) for key, each in registry().items())
    return aligned(
        COLUMNS,
        [
            (province, key, each.name, each.division, each.family, each.verified, evidence_of(each)[0])
            for (_, province), key, each in rows
        ],
        widest,
    )


def shown(names: Sequence[str]) -> str:
    """What is known of some portals, or of all."""
    chosen = choose(names) if names else tuple(registry().values())
    return "\n".join(_facts(portal) for portal in chosen)


def check(names: Sequence[str], voice: Voice, *, is_online: bool = False) -> tuple[int, int, int]:
    """Says of each TOML whether it holds together, and, if online, whether reports stand in its channels: how many were
    looked at, how many do not hold together, how many do not answer as they should. Without names: the whole registry."""
    invalid, portals = 0, []
    names = names or [str(path) for path in sorted(REGISTRY.rglob("*.toml"))]
    for name in names:
        try:
            portal = load(Path(name)) if Path(name).is_file() else choose([name])[0]
        except PortalError as error:
            voice.say("failure", reason=error)
            invalid += 1
        else:
            portals.append(portal)
            voice.say("portal_valid", portal=portal.key, path=name)
    if not is_online:
        return len(names), invalid, 0
    from nianbao.discovery import answers  # the HTTP library loads only for those who ask

    return len(names), invalid, sum(not answers(portal, voice) for portal in portals)


def evidence_of(portal: Portal) -> tuple[str, ...]:
    """What the addresses of a portal rest on: where they were seen, then in words."""
    return (portal.evidence,) if isinstance(portal.evidence, str) else portal.evidence


def _place(portal: Portal) -> tuple[str, str]:
    """A portal's province, in the order of the codes; the central government first."""
    if portal.division is None:
        return "", CENTRAL
    province, _, _ = divisions.names_of(portal.division)
    return portal.division[:2], province or portal.division[:2]


def _facts(portal: Portal) -> str:
    facts = {
        "portal": portal.key,
        "name": portal.name,
        "division": portal.division,
        "family": portal.family,
        "channels": ", ".join(channel.url for channel in portal.channels),
        "delay": portal.pace.delay,
        "reports_per_year": portal.expect.reports_per_year,
        "recheck_days": portal.recheck_days,
        "allow_private_addresses": portal.allow_private_addresses,
        "evidence": "; ".join(evidence_of(portal)),
        "verified": portal.verified,
    }
    return "".join(f"{name}: {value}\n" for name, value in facts.items() if value not in (None, ""))
