#!/bin/sh
# Print the first Python of this machine that is new enough, or say what to install.
for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
    found=$(command -v "$name") || continue
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        printf '%s\n' "$found"
        exit 0
    fi
done
echo "Entrepot needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3 python3-venv" >&2
exit 1
