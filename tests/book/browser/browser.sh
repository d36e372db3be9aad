#!/bin/sh
# browser.sh SITE [QUERY=PAGE...]: looks at every page of the book in headless Chromium, in light on a phone's width and a
# desktop's, in dark on a desktop's: errors, remote requests, formulas, links, images, overflow, contrast, search.
# Exit status: 0 all well, 1 something is wrong (one line each), 77 there is no Chromium.
set -u
here=$(cd "$(dirname "$0")" && pwd)
site=$1
shift

browser=
for name in chromium chromium-browser google-chrome; do
  [ -n "$browser" ] || browser=$(command -v "$name")
done
[ -n "$browser" ] || { echo "skipped: no chromium on this machine"; exit 77; }
[ -f "$site/index.html" ] || { echo "$site has no index.html: build the book first"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$site" "$work/site"
cp "$here/probe.js" "$here/driver.js" "$work/site"
cd "$work/site" || exit 1

# Each page gets the probe as its first script; Doxygen's own frames of results are never shown
for page in *.html; do
  sed -i 's|<head>|<head><script src="probe.js"></script>|' "$page"
done
quoted() { sed 's/.*/"&",/'; }
{
  echo 'const site = {'
  echo 'files: ['; find . -type f | sed 's|^\./||' | quoted; echo '],'
  echo 'pages: ['; ls ./*.html | sed 's|^\./||' | quoted; echo '],'
  echo 'searches: ['; for search; do echo "[\"${search%%=*}\", \"${search#*=}\"],"; done
  echo '], widths: matchMedia("(prefers-color-scheme: dark)").matches ? [1280] : [360, 1280]};'
} >site.js
echo '<!DOCTYPE html><title>driver</title><body><script src="site.js"></script><script src="driver.js"></script></body>' >driver.html

look() {
  "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --disable-dev-shm-usage --host-resolver-rules='MAP * ~NOTFOUND' \
    --user-data-dir="$work/profile-$1" --blink-settings=preferredColorScheme="$2" --window-size=1400,900 \
    --virtual-time-budget=600000 --dump-dom "file://$work/site/driver.html" >"$work/dom-$1" 2>"$work/log-$1"
}
look light 1 &
look dark 0
wait

status=0
for name in light dark; do
  verdict=$(sed -n '/BEGIN/,/END/p' "$work/dom-$name" | sed 's/.*BEGIN//; s/<.*//; /^$/d; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g')
  printf '%s: %s\n' "$name" "${verdict:-the browser did not finish: $(tail -n 3 "$work/log-$name")}"
  case $verdict in *' 0 problems') ;; *) status=1 ;; esac
done
exit $status
