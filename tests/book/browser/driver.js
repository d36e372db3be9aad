// Loads every page of the site in a frame, narrow and wide, and writes what is wrong with it into this page.
'use strict';
const problems = [], reports = new Map();
const note = (page, words) => problems.push(`${page}: ${words}`);

/** One page in a frame of the given width; resolves with the probe's report. */
function visit(page, width, query = '') {
  return new Promise(resolve => {
    const frame = document.createElement('iframe');
    frame.width = width;
    frame.height = 800;
    const done = report => { removeEventListener('message', listen); clearTimeout(timer); frame.remove(); resolve(report); };
    const listen = event => { if (event.source === frame.contentWindow) done(event.data); };
    const timer = setTimeout(() => done(null), 20000);
    addEventListener('message', listen);
    frame.src = page + query;
    document.body.append(frame);
  });
}

function judge(page, report, width) {
  if (!report) return note(page, `says nothing at a width of ${width}`);
  const lists = {
    errors: 'error', rawFormulas: 'formula not rendered', badFormulas: 'formula KaTeX cannot read', brokenImages: 'broken image',
    imagesWithoutText: 'image without alternative text', stickingOut: `wider than a screen of ${width}`,
    faint: 'too little contrast', twice: 'id used twice', landmarks: 'lacks',
  };
  for (const [key, words] of Object.entries(lists)) for (const item of report[key]) note(page, `${words}: ${item}`);
  if (report.titles !== 1) note(page, `${report.titles} titles of the first level`);
  if (report.current !== 1) note(page, `${report.current} entries of the navigation are marked as current`);
  if (report.formulas !== report.mathml) note(page, 'formulas without MathML');
  if (report.tablesWithoutScope) note(page, 'table heads without scope');
  for (const name of report.loaded) if (!name.startsWith('file:')) note(page, `loads ${name}`);
}

/** Every link inside the site must lead to a file, and its anchor to an element. */
function checkLinks() {
  for (const [page, report] of reports)
    for (const {tag, address} of report.references) {
      if (/^(https?|mailto):/.test(address)) {
        if (tag !== 'a') note(page, `<${tag}> points outside: ${address}`);
        continue;
      }
      const [path, anchor] = decodeURIComponent(address).split('#');
      const target = path || page;
      if (!site.files.includes(target)) note(page, `broken link: ${address}`);
      else if (anchor && reports.has(target) && !reports.get(target).ids.includes(anchor)) note(page, `no such anchor: ${address}`);
    }
}

async function checkSearch() {
  for (const [query, target] of site.searches) {
    const report = await visit('index.html', 400, '?find=' + encodeURIComponent(query));
    if (!report?.found?.some(address => address.startsWith(target)))
      note('search', `"${query}" does not find ${target} but ${report?.found?.join(' ') || 'nothing'}`);
  }
}

(async () => {
  for (const page of site.pages) {
    for (const width of site.widths) {
      const report = await visit(page, width);
      judge(page, report, width);
      if (report) reports.set(page, report);
    }
  }
  checkLinks();
  await checkSearch();
  const formulas = [...reports.values()].reduce((sum, report) => sum + report.formulas, 0);
  const list = document.createElement('pre');
  list.id = 'verdict';
  list.textContent = ['BEGIN', ...new Set(problems), `END ${reports.size} pages, ${formulas} formulas, ${new Set(problems).size} problems`].join('\n');
  document.body.replaceChildren(list);
  document.title = 'done';
})();
