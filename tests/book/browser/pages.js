// What every page must be: no errors, nothing loaded from elsewhere, formulas rendered, links that lead somewhere, pictures
// with words, nothing wider than the screen of a phone or a desk, not too heavy, and accessible in light and dark.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {faint, links, look, stickingOut, violations} from './look.js';
import {openPage} from './site.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const heaviest = 1.5e6;
const narrow = {width: 360, height: 800}, wide = {width: 1280, height: 900};

/** Pages of the reference and of sources are made by the dozen; all others, the book proper, have no kind. */
const kindOf = page => /^(class|struct|union|namespace|dir|functions|globals|source)|_8hpp_source|_8hpp/.exec(page)?.[0] +
                       (/-members/.exec(page)?.[0] ?? '');
const isBookProper = page => kindOf(page) === 'undefined';

/** The largest pages of each kind, where chapters' programs, exercises and solutions of the book proper are kinds too. */
function largest(site, count, kind) {
  const taken = new Map();
  return new Set([...site.pages].sort((a, b) => site.size(b) - site.size(a)).filter(page => {
    const before = taken.get(kind(page)) ?? 0;
    taken.set(kind(page), before + 1);
    return before < count;
  }));
}

/** How closely a page is looked at. Of pages made by the dozen only the largest are shown, of others just the links are checked;
    axe, which takes a second a page, sees the largest of each kind. Tables of all claims take it minutes; the small book of the
    tests has the same in short. */
function closeness(site, all) {
  const kind = page => isBookProper(page) ? /^[^-]*-|$/.exec(page)[0] || page : kindOf(page);
  const shown = largest(site, all ? Infinity : 12, kindOf);
  const byAxe = largest(site, all ? Infinity : 4, kind), inColour = largest(site, 2, kind);
  return page => ({
    shown: isBookProper(page) || shown.has(page),
    axe: site.size(page) < 400e3 && byAxe.has(page),
    colours: inColour.has(page),
  });
}

/** A page from the disk: loaded once, on a phone in light and dark; where axe looks, also on a desk. */
async function inspect(tab, site, name, close, note) {
  const all = (words, items) => items.forEach(item => note(name, `${words}: ${item}`));
  const overflow = async () => all(`wider than a screen of ${tab.viewportSize().width}`, await tab.evaluate(stickingOut));
  if (tab.viewportSize().width !== narrow.width) await tab.setViewportSize(narrow);
  await tab.open(site.onDisk(name));
  const report = await tab.evaluate(look);
  for (const [words, items] of Object.entries(report.wrong)) all(words, items);
  if (isBookProper(name)) all('heading two levels below the one before', report.skippedLevels);
  await overflow();
  if (close.axe) {
    // Resizing takes longer than looking, and generated pages that fit a phone fit a desk
    await tab.setViewportSize(wide);
    await overflow();
    await tab.evaluate(axe);
    all('axe', await tab.evaluate(violations));
  }
  for (const colorScheme of ['dark', 'light']) {
    await tab.emulateMedia({colorScheme});
    all(`contrast in ${colorScheme} colours`, await tab.evaluate(faint));
    if (close.axe && close.colours) all(`axe in ${colorScheme} colours`, await tab.evaluate(violations, true));
  }
  all('says', tab.seen);
  const weight = [...tab.loaded].filter(file => site.files.has(file) && !file.startsWith('katex/'))
    .reduce((sum, file) => sum + site.size(file), 0);
  if (weight > heaviest) note(name, `weighs ${(weight / 1e6).toFixed(2)} MB beside the renderer of formulas`);
  return {...report, ...await tab.evaluate(links), weight};
}

/** What of a page can be seen without showing it: its links. */
const skim = (tab, site, name) => tab.evaluate(links, readFileSync(join(site.root, name), 'utf8'));

/** Every link inside the site must lead to a file, and its anchor to an element. */
function checkLinks(site, reports, note) {
  const ids = new Map([...reports].map(([page, report]) => [page, new Set(report.ids)]));
  for (const [page, {references}] of reports)
    for (const {tag, address} of references) {
      if (/^(https?|mailto):/.test(address)) {
        if (tag !== 'a') note(page, `<${tag}> points outside: ${address}`);
        continue;
      }
      const [path, anchor] = decodeURIComponent(address).split('#');
      const target = path.split('?')[0] || page;
      if (!site.files.has(target)) note(page, `broken link: ${address}`);
      else if (anchor && ids.has(target) && !ids.get(target).has(anchor)) note(page, `no such anchor: ${address}`);
    }
}

/** All tasks, done by two tabs side by side: as many as the smallest machine of ours has cores. A tab that has seen many pages
    gets slow, so that each is a new one after a few dozen. */
async function inTwoTabs(browser, site, tasks) {
  await Promise.all([1, 2].map(async () => {
    while (tasks.length) {
      const context = await browser.newContext(), tab = await openPage(context, site);
      for (const task of tasks.splice(0, 30)) await task(tab);
      await context.close();
    }
  }));
}

export async function pages(browser, site, note, [extent] = []) {
  const reports = new Map(), close = closeness(site, extent === 'all');
  const shown = site.pages.filter(page => close(page).shown), chosen = shown.filter(page => close(page).axe);
  const guarded = (name, task) => async tab => {
    try { await task(tab); } catch (error) { note(name, `cannot be looked at: ${error.message.split('\n')[0]}`); }
  };
  const fromDisk = site.pages.map(name => guarded(name, async tab => {
    reports.set(name, close(name).shown ? await inspect(tab, site, name, close(name), note) : await skim(tab, site, name));
  }));
  // The sources of trouble are the same: every fourth is enough
  const served = chosen.filter((name, i) => i % 4 === 0).map(name => guarded(name, async tab => {
    await tab.open(site.served(name));
    tab.seen.forEach(words => note(name, `served over HTTP says: ${words}`));
  }));
  await inTwoTabs(browser, site, [...fromDisk, ...served]);
  checkLinks(site, reports, note);
  const seen = [...reports].filter(([page]) => close(page).shown);
  const formulas = seen.reduce((sum, [, report]) => sum + report.formulas, 0);
  const [heavy] = seen.sort(([, a], [, b]) => b.weight - a.weight);
  return `${reports.size} pages, ${shown.length} of them shown and ${chosen.length} seen by axe, ${served.length} over HTTP, ${formulas} formulas, ` +
    `the heaviest ${heavy[0]} with ${(heavy[1].weight / 1e6).toFixed(2)} MB`;
}
