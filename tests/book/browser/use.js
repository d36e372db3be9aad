// What readers do, with the keyboard alone: each deed has a tab of its own and throws where the book does not follow.
import {openPage} from './site.js';

const wide = {width: 1280, height: 900}, narrow = {width: 360, height: 800};
const firstPaint = 1000;  // milliseconds

function expect(holds, words) {
  if (!holds) throw new Error(words);
}

/** Presses Tab until the focus is on what the selector names. */
async function tabTo(tab, selector, most = 80) {
  for (let i = 0; i < most; ++i) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`the Tab key does not reach ${selector}`);
}

/** Waits until the condition holds in the page. */
const until = (tab, words, condition, argument) => tab.waitForFunction(condition, argument, {timeout: 3000})
  .catch(() => { throw new Error(words); });

const isDark = tab => tab.evaluate(() => {
  const [red] = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
  return Number(red) < 128;
});

const deeds = {
  async 'theme'(tab, site, {program}) {
    await tab.addInitScript(() => requestAnimationFrame(() => { window.atFirst = document.documentElement.dataset.theme; }));
    await tab.open(site.served(program));
    await tabTo(tab, '.theme');
    expect(!await isDark(tab), 'a system in light has a dark page');
    await tab.keyboard.press('Enter');
    await tab.emulateMedia({colorScheme: 'dark'});
    expect(!await isDark(tab), 'the choice of light does not outweigh a dark system');
    await tab.emulateMedia({colorScheme: 'light'});
    await tab.keyboard.press('Enter');
    const dark = async () => {
      expect(await isDark(tab), 'the choice of dark does not make the page dark');
      const filter = await tab.evaluate(() => getComputedStyle(document.querySelector('figure img')).filter);
      expect(filter !== 'none', 'figures do not follow the theme');
    };
    await dark();
    expect((await tab.getAttribute('.theme', 'aria-label')).startsWith('Dark'), 'the button does not say what it chose');
    await tab.open(site.served(program));
    await dark();
    expect(await tab.evaluate(() => window.atFirst) === 'dark', 'the choice comes after the first paint');
  },
  async 'theme without storage'(tab, site, {program}) {
    await tab.addInitScript(() => Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }}));
    await tab.open(site.onDisk(program));
    await tabTo(tab, '.theme');
    await tab.keyboard.press('Enter');
    await tab.keyboard.press('Enter');
    expect(await isDark(tab), 'where storage is refused the button does nothing');
  },
  async 'skip link'(tab, site, {program}) {
    await tab.open(site.onDisk(program));
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    expect(await tab.evaluate(() => document.activeElement.id === 'main'), 'the first Tab and Enter do not lead to the text');
  },
  async 'filter and sort'(tab, site) {
    await tab.open(site.onDisk('claims.html'));
    const rows = () => tab.locator('.claims-index tbody tr:visible').count();
    const all = await rows();
    await tabTo(tab, '.filter input', 120);
    await tab.keyboard.type('no claim has these words');
    expect(await rows() === 0, 'the field of words filters nothing');
    await tab.keyboard.press('Control+a');
    await tab.keyboard.press('Delete');
    expect(await rows() === all, 'without words not all claims come back');
    await tab.keyboard.press('Shift+Tab');
    await tab.keyboard.press('Shift+Tab');
    const kind = () => tab.evaluate(() => [document.activeElement.name, document.activeElement.value]);
    expect((await kind())[0] === 'kind', 'the choice of kinds is not two steps before the words');
    await tab.keyboard.press('ArrowDown');
    const value = (await kind())[1];
    expect(value && (await tab.locator('.claims-index tbody tr:visible').allTextContents()).every(text => text.includes(value)),
           'the choice of a kind shows others');
    await tabTo(tab, '.claims-index th button');
    for (const order of ['ascending', 'descending']) {
      await tab.keyboard.press('Enter');
      expect(await tab.evaluate(() => document.activeElement.closest('th').getAttribute('aria-sort')) === order, `does not sort ${order}`);
    }
  },
  async 'menu'(tab, site, {program}) {
    await tab.setViewportSize(narrow);
    await tab.open(site.onDisk(program));
    await tabTo(tab, '.menu');
    await tab.keyboard.press('Enter');
    expect(await tab.isVisible('#navigation'), 'Enter does not open the menu');
    await tabTo(tab, '#navigation a');
    await tab.keyboard.press('Escape');
    expect(!await tab.isVisible('#navigation'), 'Escape does not close the menu');
    expect(await tab.evaluate(() => document.activeElement.matches('.menu')), 'the focus does not come back to the button of the menu');
  },
  async 'hints'(tab, site, {exercise}) {
    await tab.open(site.onDisk(exercise));
    const open = () => tab.locator('details.hint[open]').count();
    await tabTo(tab, '.hint summary');
    expect(await open() === 0, 'a hint stands open from the beginning');
    await tab.keyboard.press('Enter');
    expect(await open() === 1, 'Enter does not open one hint alone');
  },
  async 'copy'(tab, site, {program}) {
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.open(site.served(program));
    await tabTo(tab, '.run button');
    await tab.keyboard.press('Enter');
    await until(tab, 'the button does not say that it copied', () => document.activeElement.textContent === 'Copied');
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    expect(copied === await tab.textContent('.run code'), `copies '${copied}'`);
  },
};

async function search(tab, site, query, target) {
  await tab.open(site.onDisk('index.html'));
  await tab.keyboard.press('/');
  await tab.keyboard.type(query);
  const found = () => tab.$$eval('#results a', links => links.map(link => link.getAttribute('href')));
  await until(tab, `does not find ${target}`,
              start => [...document.querySelectorAll('#results a')].some(link => link.getAttribute('href').startsWith(start)), target);
  const steps = (await found()).findIndex(address => address.startsWith(target)) + 1;
  for (let i = 0; i < steps; ++i) await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('Enter');
  await tab.waitForURL(address => address.pathname.split('/').pop().startsWith(target), {timeout: 3000})
    .catch(() => { throw new Error(`Enter does not lead to ${target}`); });
}

/** Milliseconds until something of the page is drawn: the median of three. */
async function paint(tab, site, page) {
  const times = [];
  for (let i = 0; i < 3; ++i) {
    await tab.open(site.onDisk(page));
    const entry = await tab.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    times.push(await entry.jsonValue());
  }
  const median = Math.round(times.sort((a, b) => a - b)[1]);
  expect(median < firstPaint, `the first paint takes ${median} ms`);
  return `${page} ${median} ms`;
}

/** A program, an exercise with hints: the first of the site. */
function examples(site) {
  const first = (start, words) => site.pages.find(page => page.startsWith(start))?.replace(start, words);
  return {program: first('source-', ''), exercise: first('exercise-', 'exercise-')};
}

export async function use(browser, site, note, searches) {
  const pages = examples(site), paints = [];
  const tasks = [
    ...Object.entries(deeds).map(([name, deed]) => [name, tab => deed(tab, site, pages)]),
    ...searches.map(words => words.split('=')).map(([query, target]) => [`search for '${query}'`, tab => search(tab, site, query, target)]),
    ...['index.html', 'claims.html', 'atlas.html', pages.program].map(
      page => [page, async tab => { paints.push(await paint(tab, site, page)); }]),
  ];
  for (const [name, task] of tasks) {
    const context = await browser.newContext({viewport: wide, colorScheme: 'light'}), tab = await openPage(context, site);
    try {
      await task(tab);
    } catch (error) {
      note(name, error.message.split('\n')[0]);
    }
    tab.seen.forEach(words => note(name, `says ${words}`));
    await context.close();
  }
  return `${tasks.length} deeds, first paints ${paints.join(', ')}`;
}
