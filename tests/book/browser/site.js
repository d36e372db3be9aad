// A site on the disk, which is also served on 127.0.0.1, and pages of a browser that note what they are asked to load.
import {createReadStream, readdirSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const types = {'.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.png': 'image/png',
               '.json': 'application/json', '.woff2': 'font/woff2'};

const filesBelow = (directory, below = '') => readdirSync(join(directory, below), {withFileTypes: true}).flatMap(
  entry => entry.isDirectory() ? filesBelow(directory, join(below, entry.name)) : [join(below, entry.name)]);

/** A small server of the given files alone, on a port that the system chooses. */
function serve(directory, files) {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://site').pathname.slice(1)) || 'index.html';
    if (!files.has(name)) return response.writeHead(404).end();
    response.writeHead(200, {'Content-Type': types[extname(name)] ?? 'text/plain'});
    createReadStream(join(directory, name)).pipe(response);
  });
  return new Promise(ready => server.listen(0, '127.0.0.1', () => ready(server)));
}

/** The site in a directory: its files, its pages in alphabetical order, and where a browser finds them. */
export async function openSite(directory) {
  const root = resolve(directory), files = new Set(filesBelow(root)), server = await serve(root, files);
  const pages = [...files].filter(name => /^[^/]+\.html$/.test(name)).sort();
  return {
    root, files, pages,
    size: name => statSync(join(root, name)).size,
    onDisk: page => pathToFileURL(root) + '/' + page,
    served: page => `http://127.0.0.1:${server.address().port}/${page}`,
    close: () => server.close(),
  };
}

/** A page whose errors and requests are kept: after `page.open(address)` what was wrong is in `page.seen`, and the files of
    the site that it asked for are in `page.loaded`. */
export async function openPage(context, site) {
  const page = await context.newPage();
  page.seen = [];
  page.loaded = new Set();
  page.open = address => {
    page.seen.length = 0;
    page.loaded.clear();
    return page.goto(address);
  };
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) page.seen.push(`console.${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', error => page.seen.push(`error: ${error.message}`));
  page.on('requestfailed', request => {
    // Leaving a page before its icon has come is no fault of the page
    if (request.failure().errorText !== 'net::ERR_ABORTED') page.seen.push(`cannot load ${request.url()}`);
  });
  page.on('request', request => {
    const here = [site.onDisk(''), site.served('')].find(start => request.url().startsWith(start));
    if (here) page.loaded.add(decodeURIComponent(request.url().slice(here.length).split(/[?#]/)[0]));
    else if (!/^(data|about|javascript):/.test(request.url())) page.seen.push(`asks for ${request.url()}`);
  });
  return page;
}
