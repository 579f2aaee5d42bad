"""Which process runs which tests, when several share them."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

from tests.support.markers import group_of


class RoomScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps a room in one process where its tests would disturb each other."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
