#!/bin/sh
# Make a private environment with uv in it: tools/boot.sh FOLDER. Debian's own Python refuses `pip install` outside one.
set -eu
folder=$1
python=$(sh "$(dirname "$0")/python.sh")
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "This Python has no venv module. On Debian or Ubuntu: apt install python$version-venv" >&2
    exit 1
fi
rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'
