"""The outputs that the system lists, by what its programs print, and what is said of one that nobody hears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from currency_app.speech.engines.outputs import AskProgram, SoundOutput, sound_outputs, why_unheard

SINKS = """Sink #3
	State: RUNNING
	Name: alsa_output.pci-0000_00_1f.3.analog-stereo
	Description: Built-in Audio Analog Stereo
	Mute: yes
	Volume: front-left: 48210 /  74% / -8.00 dB,   front-right: 48210 /  74% / -8.00 dB
	Properties:
		device.description = "Built-in Audio Analog Stereo"
Sink #4
	Name: bluez_sink.00_11
	Description: WH-1000
	Mute: no
	Volume: mono: 65536 / 100% / 0.00 dB
"""
"""As PulseAudio 16.1 prints it, shortened."""
BUILT_IN = SoundOutput("Built-in Audio Analog Stereo", is_default=True, muted=True, volume=0.74)
APLAY = """**** List of PLAYBACK Hardware Devices ****
card 0: PCH [HDA Intel PCH], device 0: ALC257 Analog [ALC257 Analog]
  Subdevices: 1/1
card 1: HDMI [HDA Intel HDMI], device 3: HDMI 0 [HDMI 0]
"""
MAC = """{"SPAudioDataType": [{"_items": [
    {"_name": "MacBook Air Microphone", "coreaudio_device_input": 1},
    {"_name": "MacBook Air Speakers", "coreaudio_device_output": 2,
     "coreaudio_default_audio_output_device": "spaudio_yes"},
    {"_name": "AirPods", "coreaudio_device_output": 2}]}]}"""


def printing(printed: Mapping[str, str]) -> AskProgram:
    """Programs, by the words of their command line that tell them apart, and what they print; others fail."""

    def answer(command: Sequence[str]) -> str:
        line = " ".join(command)
        return next((text for words, text in printed.items() if words in line), "")

    return answer


def test_a_sound_server_tells_which_output_is_used_how_loud_and_whether_muted() -> None:
    ask = printing(
        {"info": "Server Name: x\nDefault Sink: alsa_output.pci-0000_00_1f.3.analog-stereo\n", "sinks": SINKS}
    )
    assert sound_outputs("linux", ask) == [BUILT_IN, SoundOutput("WH-1000", muted=False, volume=1.0)]


def test_the_output_that_a_server_makes_up_without_a_card_is_a_dummy() -> None:
    sinks = "Sink #0\n\tName: auto_null\n\tDescription: Dummy Output\n\tMute: no\n"
    (dummy,) = sound_outputs("linux", printing({"info": "Default Sink: auto_null\n", "sinks": sinks}))
    assert dummy == SoundOutput("Dummy Output", is_default=True, muted=False, is_dummy=True)
    assert "no sound card" in str(why_unheard([dummy]))
    assert "--voice text" in str(why_unheard([dummy]))


def test_without_a_server_the_cards_are_listed() -> None:
    names = [output.name for output in sound_outputs("linux", printing({"aplay -l": APLAY}))]
    assert names == ["HDA Intel PCH, ALC257 Analog", "HDA Intel HDMI, HDMI 0"]


def test_macos_tells_its_outputs_and_the_volume_of_the_one_in_use() -> None:
    ask = printing({"SPAudioDataType": MAC, "output volume": "44\n", "output muted": "false\n"})
    assert sound_outputs("darwin", ask) == [
        SoundOutput("MacBook Air Speakers", is_default=True, muted=False, volume=0.44),
        SoundOutput("AirPods"),
    ]
    assert sound_outputs("darwin", printing({"SPAudioDataType": "{}"})) == []


def test_windows_tells_names() -> None:
    ask = printing({"Win32_SoundDevice": "Realtek Audio\r\nUSB Headset\r\n"})
    assert [output.name for output in sound_outputs("win32", ask)] == ["Realtek Audio", "USB Headset"]


def test_programs_that_are_missing_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert [sound_outputs(platform) for platform in ("linux", "darwin", "win32")] == [[], [], []]


@pytest.mark.parametrize(
    ("output", "platform", "why"),
    [
        (
            BUILT_IN,
            "linux",
            "Built-in Audio Analog Stereo is muted. `pactl set-sink-mute @DEFAULT_SINK@ 0` unmutes it.",
        ),
        (BUILT_IN, "darwin", "Built-in Audio Analog Stereo is muted. Press the mute key."),
        (
            SoundOutput("USB", is_default=True, muted=False, volume=0.05),
            "linux",
            "USB is turned down to 5% of its volume. `pactl set-sink-volume @DEFAULT_SINK@ 70%` turns it up.",
        ),
        (SoundOutput("USB", is_default=True, muted=False, volume=0.4), "linux", None),
        (SoundOutput("USB", muted=True), "linux", None),
    ],
)
def test_an_output_that_nobody_hears_is_told_with_what_to_do(
    output: SoundOutput, platform: str, why: str | None
) -> None:
    assert why_unheard([output], platform) == why
