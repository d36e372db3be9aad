#!/bin/sh
# browser.sh CHECK SITE [ARGUMENT...]: opens the book in headless Chromium through Playwright; main.js lists the checks.
# Exit status: 0 all well, 1 something is wrong (one line each), 77 a tool is missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)

skip() { echo "skipped: $*"; exit 77; }
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "no chromium on this machine"
command -v node >/dev/null || skip "no node on this machine"
[ -d "$here/node_modules/playwright-core" ] || skip "npm ci --prefix tests/book/browser has not run"

exec node "$here/main.js" "$browser" "$@"
