"""The running total: which notes count, and the file that lists them if the user asks for one."""

from __future__ import annotations

from currency_app.tally.note_list import NoteListFile
from currency_app.tally.running_total import CountedNote, RunningTotal, sums_of

__all__ = ["CountedNote", "NoteListFile", "RunningTotal", "sums_of"]
