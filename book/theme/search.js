// The search: pages, headings, claims and figures from the index that the weaver wrote, and the names of the library
// from Doxygen's, whose files are fetched as scripts, letter by letter, so that it all works from file:// too.
'use strict';

(() => {
const field = document.getElementById('search'), list = document.getElementById('results');
const most = 12;
const symbols = new Map();  // Doxygen's entries by the number of their file
let selected = -1;

const fold = text => text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '');

/** Runs a script of the site; resolves with what `result` finds then, or with nothing where there is no such script. */
function load(file, result) {
  return new Promise(resolve => {
    const script = document.createElement('script');
    script.src = file;
    script.onload = () => resolve(result());
    script.onerror = () => resolve([]);
    document.head.append(script);
  });
}

/** The weaver's index: fetched when the reader turns to the search, so that no page waits for it. */
let index = null;
const loadIndex = () => index ??= load('book_index.js', () => bookIndex);

/** Doxygen's entries that start with the first letter of the query. */
function loadSymbols(query) {
  const letters = typeof indexSectionsWithContent === 'undefined' ? '' : indexSectionsWithContent[0];
  const file = [...letters].indexOf(query[0]);
  if (file < 0) return Promise.resolve([]);
  if (!symbols.has(file)) symbols.set(file, load(`search/all_${file.toString(16)}.js`, () => searchData));
  return symbols.get(file);
}

/** Doxygen writes references and tags into its names. */
function plain(html) {
  const box = document.createElement('div');
  box.innerHTML = html;
  return box.textContent;
}

function symbolHits(entries, query, bookIndex) {
  const hits = [];
  for (const [, [name, ...targets]] of entries) {
    if (!fold(plain(name)).startsWith(query)) continue;
    for (const [address, , scope] of targets)
      if (!/\.md$/.test(plain(name)) && !bookIndex.some(entry => entry[2] === address.replace('../', '')))
        hits.push({kind: 'library', words: plain(name), address: address.replace('../', ''),
                   context: plain(scope || ''), score: 1 + (fold(plain(name)) === query ? 3 : 0)});
  }
  return hits;
}

const weight = {chapter: 6, program: 6, exercise: 5, page: 5, section: 4, claim: 3, figure: 2, solution: 1};

const asWords = text => ' ' + fold(text).replace(/[^\p{L}\p{N}§-]+/gu, ' ') + ' ' + fold(text).replace(/[^\p{L}\p{N}]+/gu, ' ');

/** Entries in which every word of the query begins a word; at least one of them in the entry itself. */
function bookHits(query, bookIndex) {
  const starts = query.split(/[\s_/]+/).filter(Boolean);
  const hits = [];
  for (const [kind, words, address, context] of bookIndex) {
    const own = asWords(['program', 'exercise'].includes(kind) ? words + ' ' + context : words), all = own + asWords(context);
    const begins = (text, word) => text.includes(' ' + word);
    if (!starts.every(word => begins(all, word)) || !starts.some(word => begins(own, word))) continue;
    const whole = starts.every(word => begins(own, word));
    hits.push({kind, words, address, context, score: weight[kind] + (whole ? 4 : 0)});
  }
  return hits;
}

function show(hits) {
  list.replaceChildren();
  selected = -1;
  hits.sort((a, b) => b.score - a.score);
  for (const [i, hit] of hits.slice(0, most).entries()) {
    const item = document.createElement('li'), link = document.createElement('a');
    item.id = 'result-' + i;
    item.setAttribute('role', 'option');
    link.href = hit.address;
    link.tabIndex = -1;
    const kind = document.createElement('span'), words = document.createElement('span'), context = document.createElement('span');
    kind.className = 'kind';
    kind.textContent = hit.kind;
    words.className = 'words';
    words.textContent = hit.words;
    context.className = 'context';
    context.textContent = hit.context;
    link.append(kind, words, context);
    item.append(link);
    list.append(item);
  }
  if (!hits.length) {
    const none = document.createElement('li');
    none.className = 'none';
    none.textContent = 'Nothing found';
    list.append(none);
  }
  open(true);
}

function open(visible) {
  list.hidden = !visible;
  field.setAttribute('aria-expanded', String(visible));
  if (!visible) field.removeAttribute('aria-activedescendant');
}

async function search() {
  const query = fold(field.value.trim());
  if (!query) return open(false);
  const [entries, names] = await Promise.all([loadIndex(), loadSymbols(query)]);
  if (fold(field.value.trim()) === query) show([...bookHits(query, entries), ...symbolHits(names, query, entries)]);
}

function select(step) {
  const items = [...list.querySelectorAll('[role=option]')];
  if (!items.length || list.hidden) return;
  selected = (selected + step + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute('aria-selected', String(i === selected)));
  items[selected].scrollIntoView({block: 'nearest'});
  field.setAttribute('aria-activedescendant', items[selected].id);
}

field.addEventListener('input', search);
field.addEventListener('focus', () => { loadIndex(); if (field.value) search(); });
field.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') select(1);
  else if (event.key === 'ArrowUp') select(-1);
  else if (event.key === 'Escape') open(false);
  else return;
  event.preventDefault();
});
field.form.addEventListener('submit', event => {
  event.preventDefault();
  const items = list.querySelectorAll('[role=option] a');
  if (!list.hidden && items.length) items[Math.max(selected, 0)].click();
});
list.addEventListener('click', () => open(false));
document.addEventListener('click', event => { if (!field.form.contains(event.target)) open(false); });
document.addEventListener('keydown', event => {
  const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName || '');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); field.focus(); }
});
})();
