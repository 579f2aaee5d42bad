"""The script of the demonstration: which note is shown when, and its pose at each moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.demo.notes import NOTE_MM

FRAME_SIZE = (640, 480)
"""Width and height of the demonstration's pictures, pixels: what a webcam is asked for."""
_FOCAL_PX = 620.0
"""Focal length, pixels: about that of a laptop's webcam."""

_PROGRAMME = (
    (20, "back", "below"),
    (1, "back", "right"),
    (5, "front", "below"),
    (100, "back", "left"),
    (10, "front", "below"),
    (2, "back", "right"),
    (50, "front", "below"),
)
"""Value in dollars, side and grip (see `hand.GRIPS`) of each note, in order of appearance."""
_EMPTY_S = 1.7
"""Seconds of empty room before, between and after the notes. Chosen by hand."""
_ENTER_S = 0.75
"""Seconds in which a note moves into the picture. Judged by eye."""
_HOLD_S = 3.5
"""Seconds for which a note is held near enough to be read. Chosen by hand."""
_LEAVE_S = 0.6
"""Seconds in which a note moves out of the picture. Judged by eye."""
_FAR_S = 2.2
"""Seconds for which the first note is held too far away: long enough for one hint to be spoken."""
_APPROACH_S = 0.9
"""Seconds in which the first note comes nearer. Judged by eye."""
_FAR_WIDTH_PX = 205.0
"""Width, pixels, of the note that is too far away.

It covers a sixteenth of the picture, well below the sixth from which notes are read.
"""
_OFF_SCREEN_PX = {"below": (0.0, 430.0), "right": (640.0, 60.0), "left": (-640.0, 60.0)}
"""From the held pose to one outside the picture: x, y in pixels, by grip. Chosen so that no part of the note shows."""


@dataclass(frozen=True)
class Pose:
    """Where a note is, and how it is turned towards the camera."""

    x: float
    """Centre of the note, pixels from the picture's left edge."""
    y: float
    """Centre of the note, pixels from the picture's top edge."""
    width: float
    """Width, in pixels, that the note would have if seen straight on."""
    roll: float
    """Turn about the camera's axis, degrees, clockwise in the picture."""
    yaw: float
    """Turn about the vertical axis, degrees."""
    pitch: float
    """Turn about the horizontal axis, degrees."""


@dataclass(frozen=True)
class Showing:
    """When and how the script shows one note; times are seconds of source time."""

    value: int
    """Dollars, one of DRAWN_VALUES."""
    side: str
    """"front" or "back"."""
    grip: str
    """The edge of the picture that the arm comes from, a key of `hand.GRIPS`."""
    enter_s: float
    """When the note starts to come in."""
    hold_s: float
    """When it has arrived and is held."""
    leave_s: float
    """When it starts to leave."""
    gone_s: float
    """When it has left the picture."""
    far_s: float
    """Seconds, counted from `hold_s`, for which it is held too far away; 0 if it is near at once."""
    rest: Pose
    """The pose that it sways around."""
    phases: tuple[float, ...]
    """Phase in which the sway of each of the six values of `Pose` starts, 0..2 pi radians."""


def make_script(seed: int) -> tuple[tuple[Showing, ...], float]:
    """Return what is shown, in order, and the length of the scene in seconds."""
    rng = np.random.default_rng(seed)
    showings: list[Showing] = []
    t = _EMPTY_S
    for index, (value, side, grip) in enumerate(_PROGRAMME):
        far_s = _FAR_S if index == 0 else 0.0
        hold = t + _ENTER_S
        leave = hold + _HOLD_S + (far_s + _APPROACH_S if far_s else 0.0)
        phases = tuple(float(phase) for phase in rng.uniform(0, 2 * np.pi, 6))
        showings.append(
            Showing(value, side, grip, t, hold, leave, leave + _LEAVE_S, far_s, _rest_pose(rng, grip), phases)
        )
        t = leave + _LEAVE_S + _EMPTY_S
    return tuple(showings), t


def _rest_pose(rng: np.random.Generator, grip: str) -> Pose:
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
    """Return what is shown at t seconds, None while the room is empty."""
    return next((showing for showing in script if showing.enter_s <= t < showing.gone_s), None)


def pose_at(showing: Showing, t: float) -> Pose:
    """Return the pose at t seconds: swaying around `rest`, and outside the picture at both ends."""
    pose = _add_sway(showing, t)
    if showing.far_s:
        near = _ease((t - showing.hold_s - showing.far_s) / _APPROACH_S)
        pose = replace(pose, width=_FAR_WIDTH_PX + (pose.width - _FAR_WIDTH_PX) * near)
    away = 1 - _ease((t - showing.enter_s) / (showing.hold_s - showing.enter_s))
    away += _ease((t - showing.leave_s) / (showing.gone_s - showing.leave_s))
    dx, dy = _OFF_SCREEN_PX[showing.grip]
    return replace(pose, x=pose.x + dx * away, y=pose.y + dy * away, roll=pose.roll + 8 * away)


def _ease(share: float) -> float:
    """Return the smoothstep 3 u^2 - 2 u^3 of a share that is first limited to 0..1."""
    u = min(1.0, max(0.0, share))
    return u * u * (3 - 2 * u)


def _add_sway(showing: Showing, t: float) -> Pose:
    """Return the resting pose with sway added, as a held hand drifts slowly and trembles a little.

    Each value of the pose follows two sines, the second faster and smaller. Frequencies and amplitudes: by eye.
    """
    rest, swing = showing.rest, np.asarray(showing.phases)
    slow = np.sin(2 * np.pi * np.array([0.31, 0.43, 0.23, 0.37, 0.29, 0.41]) * t + swing)
    quick = np.sin(2 * np.pi * np.array([1.3, 1.1, 0.9, 1.2, 1.0, 1.4]) * t + 2 * swing)
    x, y, width, roll, yaw, pitch = (slow + 0.2 * quick) * [9.0, 7.0, 0.025, 2.0, 4.0, 4.0]
    return Pose(rest.x + x, rest.y + y, rest.width * (1 + width), rest.roll + roll, rest.yaw + yaw, rest.pitch + pitch)


def projection(pose: Pose) -> npt.NDArray[np.float64]:
    """Return the homography, float64 [3, 3], from millimetres from the note's centre to pixels of the picture."""
    roll, yaw, pitch = np.radians([pose.roll, pose.yaw, pose.pitch])
    around_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    around_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    turned = around_y @ around_x @ around_z
    depth = _FOCAL_PX * NOTE_MM[0] / pose.width
    middle = np.array(FRAME_SIZE) / 2
    centre = np.array([(pose.x - middle[0]) * depth / _FOCAL_PX, (pose.y - middle[1]) * depth / _FOCAL_PX, depth])
    lens = np.array([[_FOCAL_PX, 0, middle[0]], [0, _FOCAL_PX, middle[1]], [0, 0, 1]])
    return np.asarray(lens @ np.column_stack([turned[:, 0], turned[:, 1], centre]))


def note_corners(pose: Pose) -> Corners:
    """Return the corners of a note in pixels, float32 [4, 2], in the order of `recognition.corners`."""
    x, y = NOTE_MM[0] / 2, NOTE_MM[1] / 2
    flat = np.array([[-x, -y, 1], [x, -y, 1], [x, y, 1], [-x, y, 1]]) @ projection(pose).T
    return np.asarray(flat[:, :2] / flat[:, 2:], np.float32)


def visible_share(pose: Pose) -> float:
    """Return the share of a note's area that lies inside the picture, 0..1."""
    note = note_corners(pose)
    w, h = FRAME_SIZE
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    inside, _ = cv2.intersectConvexConvex(note, frame)
    return float(inside) / float(cv2.contourArea(note))
