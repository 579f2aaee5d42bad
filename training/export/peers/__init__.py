"""The bundle's network beside what else could run it, on the same pictures in the same minute."""

from __future__ import annotations

from training.export.peers.compare import compare_speed
from training.export.peers.comparison import MIN_KERAS_RATIO, PeerComparison, TimedPeer

__all__ = ["MIN_KERAS_RATIO", "PeerComparison", "TimedPeer", "compare_speed"]
