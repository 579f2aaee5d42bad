"""Which look each frame of a film gets: at most one pass of the network, whatever is in view.

A pass is what a frame costs, so a film is read with one pass a frame, and the evidence that four looks at one frame
would give comes from four frames. The scheduler decides what the pass is spent on.

While no note is known, frames are looked at as a whole. In a view that has shown nothing for a while that is not done
in every frame: often if something moves in it, seldom if nothing does, because then nothing can have come. Some of the
frames left over search one part each for a note too far away to be read.

As soon as a look shows what may be a note, the next frame is looked at closer, along the corners just found, and so on
from frame to frame: the corners follow the note. If a closer look shows no note, it moved too far or is gone, and the
next frame is looked at as a whole. Now and then that is done in any case, for a closer look sees nothing of what comes
into view beside the note. A note that rests in its place, sure for long enough to have been announced, is looked at ten
times a second. And now and then a frame is spent on whether there is a second note; one of them as soon as a look is
sure of a value, for no value is announced as if its note were alone before that is known. After such a look comes one
at the note, so that its corners stay fresh, whatever is left in doubt.

Looks at a far part and for a second note, but for that one, are extra: a computer that is too slow for its camera gives
them up first.
"""

from __future__ import annotations

import math
from enum import Enum

_WHOLE_S = 1.0
"""Seconds of source time between two looks at the whole frame while a note is followed: of 70 presentations at 15
frames a second, 2 were missed with it at every 15th frame, 4 at every 4th."""
_FIRST_CLOSER_LOOKS = 2
"""Closer looks in a row at a note that has just come, between looks at the whole frame. Chosen by hand."""
_FIRST_OTHERS_LOOKS = 6
"""Looks at a note that is not sure before a frame is spent on a second one: it takes four to announce it. Chosen by
hand."""
_SETTLED_AFTER_S = 2.0
"""Seconds of source time in which a note must have been seen to be settled: a value that is hard to tell is announced
by then. Chosen by hand."""
_SETTLED_S = 0.09
"""Seconds of source time between two looks at a settled note: every other frame at 15 a second, every third at 30.
Chosen by hand: it is a sixth of the time after which a note has left."""
_FAR_S = 0.2
"""Seconds of source time between two searches for a far note. Chosen by hand: all five parts take a second."""
_RESTLESS_S = 0.1
"""Seconds of source time between two looks at a view without a note in which something moves. Chosen by hand: at 15
frames a second that is every other frame."""
_CALM_S = 0.5
"""Seconds of source time between two looks at a view without a note in which nothing moves. Chosen by hand."""
_WAKEFUL_S = 0.8
"""Seconds of source time, since a note was last seen, in which every frame is looked at: as long as the tracker waits
for a note that was hidden."""


class Look(Enum):
    """What a frame's pass of the network is spent on."""

    WHOLE = "whole"
    """The whole frame."""
    CLOSER = "closer"
    """The note, straightened along the corners that were found last."""
    FAR = "far"
    """One part of the frame, for a note too far away to be read."""
    OTHERS = "others"
    """The whole frame with the note hidden, for a second note, or what such a look has left in doubt."""
    NONE = "none"
    """Nothing: the frame gets no pass."""


class LookScheduler:
    """Decides which look each frame of one film gets; see the module.

    Ask with `next_look` for every frame, in the order of their time, then tell what the look showed with `saw_note`,
    `saw_nothing` or `saw_part`. After `Look.OTHERS` and `Look.NONE` there is nothing to tell.

    others, search: whether to look for a second note, and for far ones.
    """

    def __init__(self, *, others: bool = True, search: bool = True) -> None:
        self.extra_looks = True
        """Whether frames may be spent on far parts and on a second note."""
        self._following = False
        self._others = others
        self._search = search
        self._looks_at_note = 0
        self._closer_looks = 0
        self._first_note_t = -math.inf
        self._last_whole_t = self._last_note_t = self._last_far_t = self._last_others_t = -math.inf
        self._sees_far = False
        self._searched_last = False

    @property
    def needs_view(self) -> bool:
        """Whether `next_look` goes by what has changed in the view: not while a note is in it."""
        return not self._looks_at_note

    @property
    def has_had_enough_looks(self) -> bool:
        """Whether the note in view has had enough looks to be announced, and frames may be spent on other things."""
        return self._looks_at_note >= _FIRST_OTHERS_LOOKS

    def next_look(
        self,
        t: float,
        *,
        moving: bool,
        sure: bool = False,
        resting: bool = False,
        others_after_s: float | None = None,
    ) -> Look:
        """Return which look the frame at t seconds of source time gets.

        moving: whether the view has changed since it was last looked at as a whole. sure: whether what was seen last
        is sure of a value. resting: whether the note is where the look before it found it. others_after_s: how
        long after the last search for a second note the next is due, 0 if one is needed now; None if there is no note
        in view beside which there could be another.
        """
        if not self._looks_at_note:
            return self._without_note(t, moving=moving)
        may_search = self._others and others_after_s is not None and not self._searched_last
        if may_search and others_after_s == 0:
            return self._search_for_others(t)
        if self._following and self._whole_is_due(t, sure=sure):
            return self._whole(t)
        others_due = may_search and t - self._last_others_t >= (others_after_s or 0.0)
        if self.extra_looks and others_due and self.has_had_enough_looks:
            return self._search_for_others(t)
        if not self._following:
            return self._whole(t)
        settled = sure and resting and t - self._first_note_t >= _SETTLED_AFTER_S
        if settled and t - self._last_note_t < _SETTLED_S:
            return Look.NONE
        self._closer_looks += 1
        return Look.CLOSER

    def saw_note(self, t: float, *, can_be_followed: bool) -> None:
        """Take that a look at t seconds showed what may be a note. can_be_followed: whether its corners allow it."""
        if not self._looks_at_note:
            self._first_note_t = t
        self._looks_at_note += 1
        self._last_note_t = t
        self._sees_far = self._searched_last = False
        self._following = can_be_followed

    def saw_nothing(self) -> None:
        """Take that a look at the whole frame, or at the note, showed no note."""
        self._looks_at_note = 0
        self._following = self._searched_last = False

    def saw_part(self, *, far_note: bool) -> None:
        """Take whether a part of the frame showed a far note."""
        self._sees_far = far_note

    def _search_for_others(self, t: float) -> Look:
        self._last_others_t = t
        self._searched_last = True
        return Look.OTHERS

    def _whole_is_due(self, t: float, *, sure: bool) -> bool:
        if t - self._last_whole_t >= _WHOLE_S:
            return True
        closer_s_enough = 1 if not sure else _FIRST_CLOSER_LOOKS if self._looks_at_note < _FIRST_OTHERS_LOOKS else None
        return closer_s_enough is not None and self._closer_looks >= closer_s_enough

    def _without_note(self, t: float, *, moving: bool) -> Look:
        if self._last_whole_t == -math.inf:
            return self._whole(t)
        wakeful = t - self._last_note_t < _WAKEFUL_S
        pause_s = 0.0 if wakeful else _RESTLESS_S if moving or self._sees_far else _CALM_S
        whole_due = t - self._last_whole_t >= pause_s
        # A note that has just jumped is looked for first; and a source of few frames must leave some for far notes.
        far_s = 2 * _FAR_S if whole_due else _FAR_S
        if self._search and self.extra_looks and t - max(self._last_far_t, self._last_note_t) >= far_s:
            self._last_far_t = t
            return Look.FAR
        return self._whole(t) if whole_due else Look.NONE

    def _whole(self, t: float) -> Look:
        self._last_whole_t = t
        self._closer_looks = 0
        return Look.WHOLE
