"""Which process runs which tests, when several share them."""

from __future__ import annotations

import pytest

from tests.support.markers import group_of


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/sound/test_chain.py::test_a", "sound"),
        ("tests/sound/test_tones_heard.py::test_b[a/b::c]", "sound"),
        ("tests/server/test_pool.py::test_c", "server"),
        ("tests/camera/test_video.py::test_d[1]", "tests/camera/test_video.py"),
        ("tests/test_app.py::test_e", "tests/test_app.py"),
    ],
)
def test_what_shares_a_loudspeaker_or_a_server_stays_in_one_process(nodeid: str, group: str) -> None:
    assert group_of(nodeid) == group
