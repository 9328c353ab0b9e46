"""The categorical colours of services: one colour a name, the same on every screen and in exports.

Found by search for the largest distance of the worst pair under normal, protan, deutan and tritan vision
(CIE76 in Lab; Machado et al. 2009): 23 dark and 30 light for the six named ones, 16 with all twelve. The name
always stands beside the colour.
"""

from __future__ import annotations

from zlib import crc32

from app.theme.tokens import ThemeName

_NAMED = {
    "gateway": ("#8B8660", "#B07C7C"),
    "orders": ("#3F8FE6", "#2D8CC6"),
    "billing": ("#CE5C95", "#791A53"),
    "inventory": ("#7DE6B8", "#7A8C1A"),
    "ledger": ("#EBC2FA", "#2D2D8C"),
    "postgres": ("#B6D36A", "#53401A"),
}
_FURTHER = (
    ("#8E6218", "#041602"),
    ("#DEFCFE", "#33034F"),
    ("#8E50A8", "#546A89"),
    ("#FAFBB5", "#AE5F4A"),
    ("#7BA850", "#834B4D"),
    ("#D782CB", "#566002"),
)


class ServiceColours:
    """Gives each service name its pair of colours; unknown names get a free one of the further six."""

    def __init__(self) -> None:
        self._pairs = dict(_NAMED)

    def of(self, name: str, theme: ThemeName) -> str:
        """The `#RRGGBB` of that service. A name keeps its colour as long as the process lives."""
        pair = self._pairs.get(name)
        if pair is None:
            pair = self._pairs[name] = self._free(name)
        return pair[0] if theme is ThemeName.DARK else pair[1]

    def _free(self, name: str) -> tuple[str, str]:
        start = crc32(name.encode()) % len(_FURTHER)
        ring = (*_FURTHER[start:], *_FURTHER[:start])
        taken = set(self._pairs.values())
        return next((pair for pair in ring if pair not in taken), ring[0])
