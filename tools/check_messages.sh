#!/bin/sh
# Every catalogue of messages is well-formed, and what is shipped is compiled from it.
status=0
for source in src/entrepot/locale/*/LC_MESSAGES/*.po; do
    [ -e "$source" ] || continue
    fresh=$(mktemp)
    msgfmt --check --output-file="$fresh" "$source" || status=1
    if ! cmp --silent "$fresh" "${source%.po}.mo"; then
        echo "$source: the .mo beside it is not compiled from it; run: msgfmt -o ${source%.po}.mo $source" >&2
        status=1
    fi
    rm -f "$fresh"
done
exit $status
