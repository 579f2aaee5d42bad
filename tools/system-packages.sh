#!/usr/bin/env bash
# Installs the Debian packages that pip cannot: tools/system-packages.sh run|window|test|orca|venv
#   run   speech on Linux; without it the app prints what it would say, so this never fails
#   window  what the window needs besides, also never fails
#   test  what `run` needs, and a sound server that records what was spoken
#   orca  a real Orca for its tests, in GNOME's terminal, with a speech server and a braille display; never fails
#   venv  what `python3 -m venv` needs where Debian splits it off
# Installs what is missing when it may (root, or sudo without a password); otherwise says in one line what to install.
set -euo pipefail

what=${1:-}
speech=(espeak-ng libespeak-ng1 alsa-utils)
# Qt's plugin for X11, and a font; those of Wayland come with Qt.
window=(libegl1 libgl1 libxkbcommon0 libfontconfig1 libfreetype6 libglib2.0-0 libdbus-1-3 fonts-dejavu-core
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0 libxcb-randr0
    libxcb-xkb1 libxkbcommon-x11-0)
# Orca brings GTK and GStreamer: 34 MB.
reader=(orca speech-dispatcher speech-dispatcher-espeak-ng brltty python3-brlapi gir1.2-wnck-3.0 gnome-terminal)
# A display without a screen, a window manager, a keyboard, and what screen readers listen to.
desktop=(xvfb openbox xdotool dbus dbus-daemon at-spi2-core gir1.2-atspi-2.0 python3-gi)
case "$what" in
    run) wanted=("${speech[@]}") ;;
    window) wanted=("${window[@]}") ;;
    test) wanted=("${speech[@]}" "${window[@]}" "${desktop[@]}" pulseaudio pulseaudio-utils libasound2-plugins) ;;
    orca) wanted=("${reader[@]}") ;;
    venv) wanted=(python3-venv) ;;
    *)
        echo "usage: tools/system-packages.sh run|window|test|orca|venv" >&2
        exit 2
        ;;
esac

# macOS and Windows bring their own speech and a whole Python.
[ "$(uname -s)" = Linux ] || exit 0

give_up() {
    echo "$1" >&2
    # Only speech, the window and the tests with Orca can be done without.
    case "$what" in run | window | orca) exit 0 ;; esac
    exit 1
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if [ "$what" = run ] && command -v espeak-ng >/dev/null && command -v aplay >/dev/null; then
        exit 0
    fi
    give_up "Install with this system's package manager what Debian calls ${wanted[*]}."
fi

missing=()
for package in "${wanted[@]}"; do
    # shellcheck disable=SC2016 # dpkg-query expands it, not the shell
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then
    manually="Missing packages: ${missing[*]}. Install them: sudo apt-get install --no-install-recommends ${missing[*]}"
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
        give_up "$manually"
    fi
    as_root=(sudo -n "${as_root[@]}")
else
    manually="Missing packages: ${missing[*]}. Install them: apt-get install --no-install-recommends ${missing[*]}"
fi

echo "Installing ${missing[*]}"
# A failed update is not the end: the lists that are there already may do.
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || true
"${as_root[@]}" apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || give_up "$manually"
