"""The table of a comparison, and its figures for programs."""

from __future__ import annotations

import pytest

from training.export.peers import PeerComparison, TimedPeer
from training.export.peers.comparison import TimedYardstick

OWN = "LiteRT (this app)"


def compared(keras_ms: float = 80.0, **changes: object) -> PeerComparison:
    rows = (
        TimedPeer(OWN, "int8", True, (4.0, 4.0, 5.0), 0.02),
        TimedPeer(OWN, "fp32", False, (8.0, 8.0, 9.0), 3e-7),
        TimedPeer("Keras predict", "fp32", False, (keras_ms,) * 3, 0.0),
        TimedPeer("ONNX Runtime", "int8", False, (6.0, 6.0, 6.0), 0.01),
        TimedPeer("OpenVINO", "fp32", False, (), None, "needs openvino: pip install '.[bench]' in the clone"),
    )
    given = {
        "threads": 1,
        "tensorflow": "TensorFlow runs with oneDNN",
        "rows": rows,
        "operations": 800_000_000,
        "peaks": {"fp32": 125.0, "int8": 400.0},
        "yardstick": TimedYardstick("MobileNetV2 1.0 at 224", (6.0, 6.5, 7.0), 600_000_000),
        **changes,
    }
    return PeerComparison(**given)  # type: ignore[arg-type]


def line(comparison: PeerComparison, start: str) -> list[str]:
    """The cells of the row that begins so."""
    (found,) = (text for text in comparison.as_text().splitlines() if text.startswith(start))
    return found[len(start) :].split()


def test_each_row_is_set_beside_the_apps_own() -> None:
    assert line(compared(), OWN + "  int8") == ["4.00", "4.90", "1.00", "1.00", "50%", "2e-02"]
    assert line(compared(), OWN + "  fp32") == ["8.00", "8.90", "2.00", "1.00", "80%", "3e-07"]
    assert line(compared(), "Keras predict      fp32") == ["80.00", "80.00", "20.00", "10.00", "8%", "0e+00"]
    assert line(compared(), "ONNX Runtime       int8")[2:4] == ["1.50", "1.50"]


def test_a_row_that_did_not_run_says_what_to_do() -> None:
    assert "OpenVINO           fp32       needs openvino: pip install '.[bench]' in the clone" in compared().as_text()


def test_the_text_names_what_was_measured_with_what() -> None:
    lines = compared().as_text().splitlines()
    assert lines[:2] == [
        "One pass of the network, one thread each, all in turns on the same pictures.",
        "TensorFlow runs with oneDNN.",
    ]
    assert lines[-5:] == [
        "One pass of the network: 0.80 GFLOP",
        "Matrix peak in fp32: 125 GFLOP/s, so a pass takes 6.40 ms at least",
        "Matrix peak in int8: 400 GOP/s, so a pass takes 2.00 ms at least",
        "MobileNetV2 1.0 at 224, in fp32 as the app runs its own: p50 6.50 ms, p95 6.95 ms, 0.60 GFLOP",
        "At equal precision (fp32) one pass is 10.0 times faster than Keras predict: the promise of 6 times holds",
    ]


@pytest.mark.parametrize(("keras_ms", "holds"), [(48.0, True), (47.0, False)])
def test_the_promise_is_six_times(keras_ms: float, holds: bool) -> None:
    comparison = compared(keras_ms)
    assert comparison.holds is holds
    assert comparison.as_json()["keras_predict_ratio_holds"] is holds
    assert comparison.as_text().endswith("holds" if holds else "DOES NOT HOLD")


def test_the_table_comes_without_any_peer() -> None:
    rows = (
        TimedPeer(OWN, "int8", True, (4.0, 4.0, 5.0), None),
        TimedPeer(
            "Keras predict", "fp32", False, (), None, "needs keras, tensorflow: pip install '.[bench]' in the clone"
        ),
    )
    comparison = compared(tensorflow="", rows=rows, operations=None, peaks={}, yardstick=None)
    assert line(comparison, OWN + "  int8") == ["4.00", "4.90", "1.00", "1.00", "-", "-"]
    assert comparison.as_text().endswith("Keras predict at equal precision: not measured")
    assert comparison.holds
    entry = comparison.as_json()
    assert (entry["gflop"], entry["yardstick"], entry["keras_predict_ratio"]) == (None, None, None)
    assert entry["runtimes"][1]["reason"].startswith("needs keras")


def test_figures_for_programs() -> None:
    entry = compared().as_json()
    assert (entry["gflop"], entry["peak_gflops"]) == (0.8, {"fp32": 125.0, "int8": 400.0})
    assert entry["keras_predict_ratio"] == 10.0
    assert entry["yardstick"] == {"network": "MobileNetV2 1.0 at 224", "gflop": 0.6, "p50": 6.5, "p95": 6.95}
    assert entry["runtimes"][0] == {
        "runtime": OWN,
        "precision": "int8",
        "shipped": True,
        "p50": 4.0,
        "p95": 4.9,
        "to_shipped": 1.0,
        "to_equal": 1.0,
        "share_of_peak": 0.5,
        "difference": 0.02,
        "reason": None,
    }
