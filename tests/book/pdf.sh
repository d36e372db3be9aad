#!/bin/sh
# pdf.sh BUILD BOOK: prints the small book and reads what is on its pages: contents with the page of each part, programs,
# exercise with its hints, figures; no bar, no buttons, no raw formulas.
set -u
skip() { echo "skipped: $*"; exit 77; }
stop() { echo "$*"; exit 1; }
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  skip "no chromium on this machine"

rm -f "$2/fieldbook.pdf"
cmake --build "$1" --target book-fixture-pdf || stop "the book could not be printed"
[ -s "$2/fieldbook.pdf" ] || stop "there is no $2/fieldbook.pdf"
command -v pdftotext >/dev/null || skip "no pdftotext (poppler-utils) on this machine"
text=$(pdftotext -layout "$2/fieldbook.pdf" -)
says() { echo "$text" | grep -q -- "$1" || stop "the printed book does not say: $1"; }
says_not() { ! echo "$text" | grep -n -- "$1" || stop "the printed book says: $1"; }

says '^Contents'
for part in 'tide of the moon' "sun's tide half" 'Exercise: How high'; do
  says "$part"
done
says 'What to fill in'
says_not 'Skip to the text'
says_not '\\\\[(\[]'

# The table of contents tells the page on which a program begins
told=$(echo "$text" | sed -n "s/^ *Is the sun's tide half as high? *\([0-9][0-9]*\)\$/\1/p" | head -n 1)
[ -n "$told" ] || stop "the table of contents has no page for the sun's tide"
pdftotext -f "$told" -l "$told" "$2/fieldbook.pdf" - | grep -q "Is the sun's tide half as high" ||
  stop "the sun's tide is not on page $told"
pages=$(pdfinfo "$2/fieldbook.pdf" | sed -n 's/^Pages: *//p')
{ [ "$pages" -ge 6 ] && [ "$pages" -le 20 ]; } || stop "the printed book has $pages pages, not 6 to 20"
