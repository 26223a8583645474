// The real app in a real window, driven through WebDriver: start, add a PNG, see it, restart, still there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { remote } from 'webdriverio';
import { badgePng } from './badge.mjs';

const messages = ['nl', 'en'].map((language) => JSON.parse(readFileSync(new URL(`../../ui/messages/${language}.json`, import.meta.url), 'utf8')));
/** The words of a message in either language: the test does not know what language the machine speaks. */
const words = (key) => messages.map((all) => all[key] ?? assert.fail(`ui/messages has no ${key}`));

const name = 'Proefbadge Koffie';
const folder = mkdtempSync(join(tmpdir(), 'badge-wallet-app-'));
const home = join(folder, 'wallet');
const png = join(folder, 'proef.png');
let driver;
let port;
let app;
let pid;

before(async () => {
  writeFileSync(png, badgePng(name));
  port = await freePort();
  const native = await freePort();
  driver = spawn('tauri-driver', ['--port', String(port), '--native-port', String(native), '--native-driver', '/usr/bin/WebKitWebDriver'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, BADGE_WALLET_HOME: home },
  });
  await until(() => answers(port), 'tauri-driver did not start');
});

afterEach(stop);

after(() => {
  driver?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test('a badge that was added is still there after a restart, and unreadable on disk', async () => {
  await start();
  await press('welcome_begin_button');
  await pick(png);
  await see(name);
  await press('incoming_save_button');
  await see(...words('celebrate_title'));
  await stop();

  for (const file of readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const bytes = readFileSync(join(file.parentPath ?? file.path, file.name));
    assert.ok(!bytes.includes('Proefbadge') && !bytes.includes('SQLite format 3'), `${file.name} is readable without the key`);
  }

  await start();
  await see(name);
  assert.deepEqual(await app.execute(() => window.__violations ?? []), []);
});

test('a file that was opened with the app is previewed, and kept only by a tap', async () => {
  const other = join(folder, 'ander.png');
  writeFileSync(other, badgePng('Proefbadge Thee'));
  await start();
  await see(name);
  // A second start hands its arguments to the first, and ends.
  const second = spawn(process.env.BADGE_WALLET_APP, [other], { env: { ...process.env, BADGE_WALLET_HOME: home }, stdio: 'ignore' });
  assert.equal(await new Promise((ended) => second.once('exit', ended)), 0);
  await see('Proefbadge Thee');
  await stop();
  await start();
  await see(name);
  assert.ok(!(await page()).includes('Proefbadge Thee'));
});

test('a file that is handed over lands in the folder for downloads', async () => {
  await start();
  await see(name);
  const download = () =>
    app.execute(() => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['proef'], { type: 'application/zip' }));
      link.download = 'badges.zip';
      link.click();
    });
  const downloads = join(process.env.HOME, 'Downloads');
  const landed = (file) => existsSync(downloads) && readdirSync(downloads).includes(file);
  for (const file of ['badges.zip', 'badges (2).zip']) {
    await download();
    await until(() => landed(file), `${file} did not land`);
  }
});

async function start() {
  app = await remote({
    hostname: '127.0.0.1',
    port,
    logLevel: 'error',
    connectionRetryCount: 0,
    connectionRetryTimeout: 60_000,
    capabilities: {
      browserName: 'wry',
      'wdio:enforceWebDriverClassic': true,
      'tauri:options': { application: process.env.BADGE_WALLET_APP },
    },
  });
  pid = find();
  await app.execute(() => {
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
}

async function stop() {
  const open = app;
  const process = pid;
  app = undefined;
  await open?.deleteSession();
  // The next start would hand its arguments to one that still has its name on the bus, and leave.
  await until(() => !alive(process), 'the app did not end');
}

/** The process of this run's app. */
function find() {
  return readdirSync('/proc').find((pid) => {
    try {
      const ours = readFileSync(`/proc/${pid}/environ`).includes(`HOME=${process.env.HOME}\0`);
      return ours && realpathSync(`/proc/${pid}/exe`) === realpathSync(process.env.BADGE_WALLET_APP);
    } catch {
      return false;
    }
  });
}

/** Whether a process is there and not merely waiting to be counted. */
function alive(pid) {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Presses the button with the words of this message, as its text or as its label. */
async function press(key) {
  const selector = words(key).map((text) => {
    const quoted = JSON.stringify(text);
    return `//button[normalize-space()=${quoted} or @aria-label=${quoted}] | //a[normalize-space()=${quoted} or @aria-label=${quoted}]`;
  });
  const button = app.$(selector.join(' | '));
  await button.waitForClickable({ timeout: 20_000, timeoutMsg: `no button "${words(key)[0]}" (${key}); the page says: ${await page()}` });
  await button.click();
}

/** Waits until one of these is on the page. */
async function see(...texts) {
  const shown = async () => {
    const all = await page();
    return texts.some((text) => all.includes(text));
  };
  await until(shown, async () => `"${texts[0]}" is not shown; the page says: ${await page()}`);
}

async function page() {
  return app.execute(() => document.body.innerText);
}

/** Gives the file to the app's own file field; WebDriver cannot reach the system's dialog. */
async function pick(path) {
  await press('badges_add_label');
  const field = app.$('input[type=file]');
  await field.waitForExist({ timeout: 20_000 });
  await app.execute(
    (base64, fileName) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], fileName, { type: 'image/png' }));
      const input = document.querySelector('input[type=file]');
      input.files = files.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    readFileSync(path).toString('base64'),
    'proef.png',
  );
}

async function until(done, otherwise, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > end) assert.fail(typeof otherwise === 'function' ? await otherwise() : otherwise);
    await new Promise((next) => setTimeout(next, 100));
  }
}

async function answers(at) {
  return fetch(`http://127.0.0.1:${at}/status`).then(
    (answer) => answer.ok,
    () => false,
  );
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => found(free));
    });
  });
}
