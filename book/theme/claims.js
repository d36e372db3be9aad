// Lets the reader sort and filter the index of claims. Without this script the whole table stands there in the book's order.
'use strict';

/** Columns that a reader chooses from, by the words of their heads, and how the choice is called when nothing is chosen. */
const choices = {Chapter: 'all chapters', Section: 'all sections', Kind: 'all kinds', Holds: 'all outcomes'};

function makeIndex(table) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const rows = [...body.rows].map(row => {
    const cells = [...row.cells].map(cell => cell.textContent);
    const values = Object.fromEntries(heads.map((head, i) => [head.textContent, cells[i]]));
    values.Chapter = row.querySelector('.kind').textContent.split('/')[0];
    values.Holds = row.classList.contains('holds') ? 'holds' : 'fails';
    return {row, cells, values, text: cells.join(' ').toLowerCase()};
  });
  const form = document.createElement('form'), said = document.createElement('p');
  form.className = 'filter';
  form.setAttribute('aria-label', 'Which claims to show');
  said.className = 'verdict';
  said.setAttribute('role', 'status');

  const asked = new URLSearchParams(location.search);
  const inputs = Object.entries(choices).map(([name, all]) => {
    const select = document.createElement('select');
    select.name = name.toLowerCase();
    select.setAttribute('aria-label', name);
    const options = [...new Set(rows.map(({values}) => values[name]))];
    if (name === 'Section') options.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
    select.append(new Option(all, ''), ...options.map(value => new Option(name === 'Section' ? '§' + value : value, value)));
    select.value = options.includes(asked.get(select.name)) ? asked.get(select.name) : '';
    return Object.assign(select, {column: name});
  });
  const words = document.createElement('input');
  Object.assign(words, {type: 'search', name: 'words', placeholder: 'Words or a code', value: asked.get('words') ?? ''});
  words.setAttribute('aria-label', 'Words or a code');
  form.append(...inputs, words);
  table.parentElement.before(form, said);

  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const {row, values, text} of rows) {
      row.hidden = !(inputs.every(select => !select.value || values[select.column] === select.value) &&
                     wanted.every(word => text.includes(word)));
      shown += !row.hidden;
    }
    said.textContent = `${shown} of ${rows.length} claims`;
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', event => event.preventDefault());
  heads.forEach((head, i) => sortBy(head, heads, rows, i, body));
  filter();
}

/** The head of a column becomes a button that sorts by it: up, down, and back to the order of the book. */
function sortBy(head, heads, rows, i, body) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener('click', () => {
    const next = {ascending: 'descending', descending: ''}[head.getAttribute('aria-sort')] ?? 'ascending';
    heads.forEach(other => other.removeAttribute('aria-sort'));
    if (next) head.setAttribute('aria-sort', next);
    const sorted = [...rows];
    const sign = next === 'descending' ? -1 : 1;
    if (next) sorted.sort((a, b) => sign * a.cells[i].localeCompare(b.cells[i], 'en', {numeric: true}));
    body.append(...sorted.map(({row}) => row));
  });
}

document.querySelectorAll('.claims-index table').forEach(makeIndex);
