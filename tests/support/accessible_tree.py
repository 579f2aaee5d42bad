"""What a screen reader finds of a program, and what changes it hears of: run by a Python that has AT-SPI's client.

python3 accessible_tree.py NAME SECONDS: prints the tree of the program's windows as JSON, then one line a change.
"""

import json
import sys
import time
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402


def tree(node: Any) -> dict[str, Any]:
    states = {state.value_nick for state in node.get_state_set().get_states()}
    return {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "focusable": "focusable" in states,
        "focused": "focused" in states,
        "children": [tree(node.get_child_at_index(index)) for index in range(node.get_child_count())],
    }


def window_of(name: str) -> Any:
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(index)
        if program is not None and program.get_name() == name and program.get_child_count():
            return program.get_child_at_index(0)
    return None


def heard(event: Any) -> None:
    value = event.any_data if isinstance(event.any_data, str) else ""
    focused = event.type.startswith("object:state-changed:focused")
    if not focused or event.detail1:
        print(json.dumps([event.type, event.source.get_role_name(), event.source.get_name(), value]), flush=True)


def main() -> None:
    Atspi.init()
    ends = time.monotonic() + float(sys.argv[2])
    listener = Atspi.EventListener.new(heard)
    for kind in ("property-change:accessible-name", "property-change:accessible-description", "state-changed:focused"):
        listener.register(f"object:{kind}")

    def look() -> bool:
        window = window_of(sys.argv[1])
        if window is not None:
            print(json.dumps(tree(window)), flush=True)
        elif time.monotonic() < ends:
            return True
        return False

    GLib.timeout_add(100, look)
    GLib.timeout_add(int(float(sys.argv[2]) * 1000), Atspi.event_quit)
    Atspi.event_main()


if __name__ == "__main__":
    main()
