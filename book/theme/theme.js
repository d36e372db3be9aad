// Light or dark as the reader chose, or as the system does. The only script that runs before the page is drawn, so that
// no page flashes in the other colours.
'use strict';

(() => {
const themes = ['system', 'light', 'dark'];
const words = {system: 'Colours of the system', light: 'Light colours', dark: 'Dark colours'};
const key = 'fieldbook-theme';
let theme = 'system';

/** What an earlier page kept. A browser may refuse its storage to files: then each page starts with the system's colours. */
function recall() {
  try {
    const kept = localStorage.getItem(key);
    if (themes.includes(kept)) theme = kept;
  } catch { /* refused */ }
}

function keep() {
  try { localStorage.setItem(key, theme); } catch { /* refused */ }
}

function show() {
  document.documentElement.dataset.theme = theme;
  const button = document.querySelector('.theme');
  if (!button) return;
  button.hidden = false;
  button.title = words[theme];
  button.setAttribute('aria-label', `${words[theme]}; press for ${words[next()].toLowerCase()}`);
}

const next = () => themes[(themes.indexOf(theme) + 1) % themes.length];

recall();
show();
document.addEventListener('DOMContentLoaded', () => {
  show();
  document.querySelector('.theme').addEventListener('click', () => { theme = next(); keep(); show(); });
});
// A page that the browser kept whole, and one in another window, learn what was chosen meanwhile
for (const event of ['pageshow', 'storage']) addEventListener(event, () => { recall(); show(); });
})();
