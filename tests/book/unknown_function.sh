#!/bin/sh
# unknown_function.sh SITE CMAKE-ARGUMENTS...
#
# A name of the library that does not exist must fail the making of the book. Copies the woven fixture from SITE, misspells a name on its page of
# results, and makes the site again.
set -eu
site=$1
shift
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$site/woven" "$copy"
sed "s|$site|$copy|g" "$site/Doxyfile" > "$copy/Doxyfile"
sed -i 's|fieldbook::tide|fieldbook::tyde|' "$copy/woven/pages/results.md"
if cmake -DOUTPUT="$copy" "$@" > "$copy/log" 2>&1; then
  echo "the site was made although it refers to fieldbook::tyde"
  exit 1
fi
grep "results.md:[0-9]*: .*fieldbook::tyde" "$copy/log" || { cat "$copy/log"; exit 1; }
