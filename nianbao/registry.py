"""The registry of portals for people: list, check, show."""

from collections.abc import Sequence

from crawler.errors import PortalError
from crawler.portal import REGISTRY, Portal, choose, registry
from nianbao.render import aligned
from nianbao.voice import Voice


def listed() -> str:
    """Every bundled portal, one a line."""
    rows = [(key, each.name, each.division, each.family, each.verified) for key, each in registry().items()]
    return aligned(("portal", "name", "division", "family", "verified"), rows)


def shown(names: Sequence[str]) -> str:
    """What is known of some portals, or of all."""
    chosen = choose(names) if names else tuple(registry().values())
    return "\n".join(_facts(portal) for portal in chosen)


def check(names: Sequence[str], voice: Voice) -> int:
    """Says of each TOML whether it holds together; returns how many do not. Without names: the whole registry."""
    failures = 0
    for name in names or [str(path) for path in sorted(REGISTRY.rglob("*.toml"))]:
        try:
            (portal,) = choose([name])
        except PortalError as error:
            voice.say("failure", reason=error)
            failures += 1
        else:
            voice.say("portal_valid", portal=portal.key, path=name)
    return failures


def _facts(portal: Portal) -> str:
    evidence = portal.evidence if isinstance(portal.evidence, str) else "; ".join(portal.evidence)
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
        "evidence": evidence,
        "verified": portal.verified,
    }
    return "".join(f"{name}: {value}\n" for name, value in facts.items() if value not in (None, ""))
