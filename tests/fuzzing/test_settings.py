"""Settings files with any content: nothing raises, nothing else is lost, and what was written is read back."""

from __future__ import annotations

from pathlib import Path

import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from currency_app.errors import CurrencyAppError
from currency_app.settings import KEYS, SettingValue, find_key, read_settings, write_setting
from tests.fuzzing.folders import fresh_folder
from tests.fuzzing.profiles import examples
from tests.fuzzing.sentences import is_sentence

_VALUES: tuple[SettingValue, ...] = (
    *(
        "auto",
        "0",
        "on",
        "few",
        "dark",
        "usd,eur",
        "es",
        "text",
        "note",
        "",
        " ",
        'a"b',
        "\u2028",
        "\\",
        "rtsp://u:p@h/x",
    ),
    *(True, False, 200, 79, -1, 10**30),
)
"""Values that are right for some settings, for none, or hard to write down."""
_LINES = (
    *("", "# mine", "version = 1", "version = 2", 'version = "x"', "rate = 200", "rate=9999", 'hints = "few"'),
    *("tones = true", 'TONES = "on"', "tones = maybe", 'theme = "dark', "[table]", 'x.y = "z"', "camera_faces='note'"),
    *('"hints" = "off"', 'language = """', '"""', "a = [1,", "]", "rate = 1979-05-27", "count = {a = 1}", "= 1", "\0"),
    *(
        "language = 'es' # por mí",
        "source = 0",
        "source = 1.5",
        "rate = +2_00",
        "rate = 0x64",
        "[[hints]]",
        "hints.a = 1",
    ),
)
"""Lines of settings files, right and wrong."""


def contents() -> st.SearchStrategy[bytes]:
    """Settings files: lines as people write them, cut off, changed in places, or anything."""
    texts = st.lists(st.sampled_from(_LINES) | st.text(max_size=20), max_size=12)
    whole = st.builds(
        lambda lines, end: end.join(lines).encode(errors="replace"), texts, st.sampled_from(("\n", "\r\n", "\r"))
    )
    cut = st.builds(lambda content, end: content[:end], whole, st.integers(0, 200))
    changed = st.builds(
        lambda content, at, put: content[:at] + put + content[at:], whole, st.integers(0, 100), st.binary(max_size=3)
    )
    marked = st.builds(lambda content: b"\xef\xbb\xbf" + content, whole)
    return whole | cut | changed | marked | st.binary(max_size=60)


@given(contents())
@examples()
def test_whatever_the_file_holds_it_is_read_and_what_is_wrong_told_once(content: bytes) -> None:
    with fresh_folder() as folder:
        file = folder / "settings.toml"
        file.write_bytes(content)
        stored = read_settings(file=file, environ={})
        for name, value in stored.values.items():
            assert KEYS[name].read(value) == value
        assert all(map(is_sentence, stored.problems))
        assert file.read_bytes() == content
        assert read_settings(file=file, environ={}).news == ()


@given(contents(), st.sampled_from(list(KEYS)), st.sampled_from(_VALUES))
@examples()
def test_writing_one_setting_loses_nothing_else(content: bytes, name: str, value: SettingValue) -> None:
    with fresh_folder() as folder:
        file = folder / "settings.toml"
        file.write_bytes(content)
        before = dict(read_settings(file=file, environ={}, telling=False).values)
        try:
            wanted = KEYS[name].read(value)
        except CurrencyAppError as error:
            assert is_sentence(str(error))
            wanted = None
        write_setting(name, wanted, file=file)
        after = read_settings(file=file, environ={}, telling=False)
        expected = {key: kept for key, kept in before.items() if key != name}
        assert dict(after.values) == (expected if wanted is None else {**expected, name: wanted})
        tomlkit.parse(file.read_text(encoding="utf-8"))


@given(st.sampled_from(list(KEYS)), st.text(max_size=12) | st.sampled_from(_VALUES).map(str))
@examples()
def test_an_environment_variable_is_used_or_told(name: str, text: str) -> None:
    with fresh_folder() as folder:
        stored = read_settings(file=folder / "none.toml", environ={KEYS[name].variable: text})
    if stored.problems:
        assert (dict(stored.values), all(map(is_sentence, stored.problems))) == ({}, True)
    else:
        assert not text or KEYS[name].read(stored.values[name]) == stored.values[name]


@given(st.text(max_size=30))
@examples()
def test_a_name_is_a_settings_or_is_refused_in_one_sentence(name: str) -> None:
    try:
        assert find_key(name).name in KEYS
    except CurrencyAppError as error:
        assert is_sentence(str(error))


class Keeping(RuleBasedStateMachine):
    """Settings that are written, taken out, and spoiled by an editor, against a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = fresh_folder()
        self._file = Path(self._folder.__enter__()) / "sub" / "settings.toml"
        self._expected: dict[str, SettingValue] = {}

    @rule(name=st.sampled_from(list(KEYS)), value=st.sampled_from(_VALUES))
    def write(self, name: str, value: SettingValue) -> None:
        try:
            self._expected[name] = KEYS[name].read(value)
        except CurrencyAppError:
            return
        write_setting(name, value, file=self._file)

    @rule(name=st.sampled_from(list(KEYS)))
    def take_out(self, name: str) -> None:
        self._expected.pop(name, None)
        write_setting(name, None, file=self._file)

    @rule(line=st.sampled_from(("tones = perhaps", '= "x"', "a b c", "# a comment", "", "other = 1")))
    def add_by_hand(self, line: str) -> None:
        if self._file.exists():
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    @invariant()
    def all_of_them_are_read(self) -> None:
        assert dict(read_settings(file=self._file, environ={}).values) == self._expected

    def teardown(self) -> None:
        self._folder.__exit__(None, None, None)


Keeping.TestCase.settings = examples(0.5)
test_settings_are_kept = Keeping.TestCase
