#!/usr/bin/env bash
# session.sh FOLDER: a whole desktop with a real Orca, without a screen or a sound card, until standard input ends.
# A line of input is "kill orca" or "kill pulse", which is done at once, or "run SCRIPT", which is run on the desktop; its
# exit code then is in SCRIPT.code. Makes in FOLDER: ready, when all runs; orca.dbg, what Orca did; braille.txt, the braille line as it changed; heard.raw, the sound: mono, s16le at RATE.
# What is started here is ended here. Needs BRAILLE_PORT, a free port, and HERE, this folder.
set -u
export W=$1
export LANG=C.UTF-8 LC_ALL=C.UTF-8 HOME=$W/home XDG_RUNTIME_DIR=$W/rt
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_STATE_HOME=$HOME/.state XDG_CACHE_HOME=$HOME/.cache
mkdir -p "$XDG_CONFIG_HOME/speech-dispatcher" "$XDG_DATA_HOME/orca" "$XDG_STATE_HOME/currency-app" "$XDG_RUNTIME_DIR" "$W/sdlog"
chmod 700 "$XDG_RUNTIME_DIR"
touch "$XDG_STATE_HOME/currency-app/started" # as at every start but the first
cat > "$XDG_CONFIG_HOME/speech-dispatcher/speechd.conf" <<CONF
LogLevel 3
LogDir "$W/sdlog"
AudioOutputMethod "pulse"
AudioPulseMinLength 200
DefaultLanguage "en-US"
DefaultVoiceType "FEMALE1"
DefaultModule espeak-ng
AddModule "espeak-ng" "sd_espeak-ng" "espeak-ng.conf"
CONF
# Orca asks for twice espeak's usual volume, which is cut off at the largest sample: no ear could make it out.
cat > "$XDG_DATA_HOME/orca/orca-customizations.py" <<CONF
import orca.settings
for voice in orca.settings.voices.values():
    voice["gain"] = 2.4
CONF
touch "$XDG_DATA_HOME/orca/__init__.py"
export QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 PULSE_SERVER=unix:$XDG_RUNTIME_DIR/pulse/native BRLAPI_HOST=127.0.0.1:$((BRAILLE_PORT % 900 + 10))
unset WAYLAND_DISPLAY
Xvfb -displayfd 9 -screen 0 1280x900x24 -nolisten tcp 9> "$W/display" > "$W/xvfb.log" 2>&1 &
xvfb=$!
for _ in $(seq 100); do [ -s "$W/display" ] && break; sleep .1; done
DISPLAY=:$(cat "$W/display")
export DISPLAY
# shellcheck disable=SC2016 # expanded by the shell inside the session
dbus-run-session -- bash -c '
pulseaudio -n --daemonize=no --exit-idle-time=-1 -L module-native-protocol-unix \
    -L "module-null-sink sink_name=spk rate=22050" > "$W/pulse.log" 2>&1 & pulse=$!
openbox > "$W/openbox.log" 2>&1 & manager=$!
/usr/libexec/at-spi-bus-launcher --launch-immediately > "$W/atspi.log" 2>&1 & bus=$!
for _ in $(seq 100); do pactl info > /dev/null 2>&1 && break; sleep .1; done
pactl set-default-sink spk
gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus --method org.freedesktop.DBus.Properties.Set \
    org.a11y.Status IsEnabled "<true>" > /dev/null
brltty -n -e -f /dev/null -b vr -d "server:127.0.0.1:$BRAILLE_PORT" -x no -s no -A "auth=none,host=$BRLAPI_HOST" \
    > "$W/brltty.log" 2>&1 & brltty=$!
/usr/bin/python3 "$HERE/braille_display.py" "$BRAILLE_PORT" > "$W/braille.txt" 2>&1 & display=$!
for _ in $(seq 50); do grep -qi visual "$W/braille.txt" && break; sleep .1; done
parec -d spk.monitor --format=s16le --rate="$RATE" --channels=1 --latency-msec=10 > "$W/heard.raw" & ear=$!
for _ in 1 2 3; do # one start in seven hangs
    orca --replace --debug-file="$W/orca.dbg" >> "$W/orca.log" 2>&1 & orca=$!
    for _ in $(seq 150); do grep -qi "screen reader on" "$W/orca.dbg" "$W/braille.txt" 2> /dev/null && break 2; sleep .1; done
    kill -9 "$orca"
done
touch "$W/ready"
while read -r verb what; do
    case "$verb" in
        kill) kill -9 "${!what}" ;;
        run) (bash "$what" > "$what.log" 2>&1; echo "$?" > "$what.part"; mv "$what.part" "$what.code") < /dev/null & ;;
    esac
done
kill "$orca" 2> /dev/null
sleep 1
kill "$ear" "$display"
# BRLTTY ignores TERM while its display is away, and a left-over one hangs the next Orca for ever.
kill -9 "$brltty"
kill "$manager" "$bus" "$pulse" 2> /dev/null' session
kill "$xvfb"
