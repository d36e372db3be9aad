// node main.js BROWSER CHECK SITE [ARGUMENT...], where CHECK is one of
//   pages [all]           what every page must be: see pages.js; all: of generated pages too, which takes minutes
//   use [QUERY=PAGE...]   what readers do, with the keyboard alone; each query must find its page
//   clicks                whether three clicks lead from the front page to what a reader of the lectures knows by name
//   catches               whether the other checks find what is wrong with a copy of the site that is broken on purpose
// Prints what is wrong, one line each, then a summary. Exit status: 0 all well, 1 something is wrong, 2 bad usage.
import {chromium} from 'playwright-core';
import {openSite} from './site.js';
import {catches} from './catches.js';
import {clicks} from './clicks.js';
import {pages} from './pages.js';
import {use} from './use.js';

const checks = {pages, use, clicks, catches};

const [executablePath, name, directory, ...rest] = process.argv.slice(2);
if (!checks[name]) {
  console.error(`browser: CHECK is '${name}', but must be ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}

const site = await openSite(directory);
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-quic', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  chromiumSandbox: false,
});
const problems = new Set(), began = Date.now();
try {
  const summary = await checks[name](browser, site, (where, words) => problems.add(`${where}: ${words}`), rest);
  for (const problem of problems) console.log(problem);
  console.log(`${summary}, ${problems.size} problems, ${((Date.now() - began) / 1000).toFixed(1)} s`);
} finally {
  await browser.close();
  site.close();
}
process.exitCode = problems.size ? 1 : 0;
