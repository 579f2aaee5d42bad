"""The script of the demonstration: which note is shown when, and where it is at each moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.demo.notes import NOTE_MM

FRAME_SIZE = (640, 480)
_FOCAL = 620.0  # pixels; about the lens of a laptop's webcam

_PLAN = (
    (20, "back", "below"),
    (1, "back", "right"),
    (5, "front", "below"),
    (100, "back", "left"),
    (10, "front", "below"),
    (2, "back", "right"),
    (50, "front", "below"),
)
_EMPTY_S = 1.7
_ENTER_S = 0.75
_HOLD_S = 3.5
_LEAVE_S = 0.6
_FAR_S = 2.2  # how long the first note is held too far away, long enough for one hint to be said
_APPROACH_S = 0.9
_FAR_WIDTH = 205.0  # a sixteenth of the picture's area: well under the sixth from which notes are read
_OUTSIDE = {"below": (0.0, 430.0), "right": (640.0, 60.0), "left": (-640.0, 60.0)}


@dataclass(frozen=True)
class Pose:
    """Where a note is. x, y: its centre, pixels. width: pixels if seen straight on. roll, yaw, pitch: degrees."""

    x: float
    y: float
    width: float
    roll: float
    yaw: float
    pitch: float


@dataclass(frozen=True)
class Showing:
    """One note's turn. The times are seconds of source time at which it starts to come in, is held, starts to leave
    and is gone. far_s: seconds that it is first held too far away. grip: the edge that the arm comes from.
    rest: the pose that it sways around. phases: where in its swing each of the six motions starts, radians.
    """

    value: int
    side: str
    grip: str
    enter_s: float
    hold_s: float
    leave_s: float
    gone_s: float
    far_s: float
    rest: Pose
    phases: tuple[float, ...]


def make_script(seed: int) -> tuple[tuple[Showing, ...], float]:
    """Give the showings in order, and the length of the scene in seconds."""
    rng = np.random.default_rng(seed)
    showings: list[Showing] = []
    t = _EMPTY_S
    for index, (value, side, grip) in enumerate(_PLAN):
        far_s = _FAR_S if index == 0 else 0.0
        hold = t + _ENTER_S
        leave = hold + _HOLD_S + (far_s + _APPROACH_S if far_s else 0.0)
        phases = tuple(float(phase) for phase in rng.uniform(0, 2 * np.pi, 6))
        showings.append(
            Showing(value, side, grip, t, hold, leave, leave + _LEAVE_S, far_s, _resting(rng, grip), phases)
        )
        t = leave + _LEAVE_S + _EMPTY_S
    return tuple(showings), t


def _resting(rng: np.random.Generator, grip: str) -> Pose:
    lean = {"below": 0.0, "right": 2.5, "left": -2.5}[grip]
    return Pose(
        x=320 + float(rng.uniform(-22, 22)),
        y=222 + float(rng.uniform(-16, 16)),
        width=float(rng.uniform(432, 476)),
        roll=lean + float(rng.uniform(-4, 4)),
        yaw=float(rng.uniform(-7, 7)),
        pitch=float(rng.uniform(-7, 7)),
    )


def showing_at(script: tuple[Showing, ...], t: float) -> Showing | None:
    """Give the showing that is under way at t seconds, None while the room is empty."""
    return next((showing for showing in script if showing.enter_s <= t < showing.gone_s), None)


def pose_at(showing: Showing, t: float) -> Pose:
    """Give the pose at t seconds: swayed around the resting pose, off the picture at the ends."""
    pose = _swayed(showing, t)
    if showing.far_s:
        near = _eased((t - showing.hold_s - showing.far_s) / _APPROACH_S)
        pose = replace(pose, width=_FAR_WIDTH + (pose.width - _FAR_WIDTH) * near)
    away = 1 - _eased((t - showing.enter_s) / (showing.hold_s - showing.enter_s))
    away += _eased((t - showing.leave_s) / (showing.gone_s - showing.leave_s))
    dx, dy = _OUTSIDE[showing.grip]
    return replace(pose, x=pose.x + dx * away, y=pose.y + dy * away, roll=pose.roll + 8 * away)


def _eased(share: float) -> float:
    u = min(1.0, max(0.0, share))
    return u * u * (3 - 2 * u)


def _swayed(showing: Showing, t: float) -> Pose:
    """A held hand drifts slowly and trembles a little: two swings per motion, the second faster and smaller."""
    rest, swing = showing.rest, np.asarray(showing.phases)
    slow = np.sin(2 * np.pi * np.array([0.31, 0.43, 0.23, 0.37, 0.29, 0.41]) * t + swing)
    quick = np.sin(2 * np.pi * np.array([1.3, 1.1, 0.9, 1.2, 1.0, 1.4]) * t + 2 * swing)
    x, y, width, roll, yaw, pitch = (slow + 0.2 * quick) * [9.0, 7.0, 0.025, 2.0, 4.0, 4.0]
    return Pose(rest.x + x, rest.y + y, rest.width * (1 + width), rest.roll + roll, rest.yaw + yaw, rest.pitch + pitch)


def projection(pose: Pose) -> npt.NDArray[np.float64]:
    """Give the homography, float64 [3, 3], from millimetres on the note, from its centre, to pixels of the picture."""
    roll, yaw, pitch = np.radians([pose.roll, pose.yaw, pose.pitch])
    around_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    around_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    turned = around_y @ around_x @ around_z
    depth = _FOCAL * NOTE_MM[0] / pose.width
    middle = np.array(FRAME_SIZE) / 2
    centre = np.array([(pose.x - middle[0]) * depth / _FOCAL, (pose.y - middle[1]) * depth / _FOCAL, depth])
    lens = np.array([[_FOCAL, 0, middle[0]], [0, _FOCAL, middle[1]], [0, 0, 1]])
    return np.asarray(lens @ np.column_stack([turned[:, 0], turned[:, 1], centre]))


def corners(pose: Pose) -> npt.NDArray[np.float32]:
    """Give the note's own top-left, top-right, bottom-right, bottom-left in pixels; float32 [4, 2]."""
    x, y = NOTE_MM[0] / 2, NOTE_MM[1] / 2
    flat = np.array([[-x, -y, 1], [x, -y, 1], [x, y, 1], [-x, y, 1]]) @ projection(pose).T
    return np.asarray(flat[:, :2] / flat[:, 2:], np.float32)


def share_in_view(pose: Pose) -> float:
    """Give the share of the note that lies inside the picture, 0..1."""
    note = corners(pose)
    w, h = FRAME_SIZE
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    inside, _ = cv2.intersectConvexConvex(note, frame)
    return float(inside) / float(cv2.contourArea(note))
