// The `--web` layout: DIR/<host>/<path> answers https://<host>/<path>.

import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';

/** Documents by https address, written as files. */
export class Web {
  files = new Map();

  /** `body` is text, bytes, or a value that becomes JSON. */
  put(url, body) {
    this.files.set(Web.path(url), typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body, null, 2) + '\n');
  }

  /** Answers 410 Gone. */
  gone(url) {
    this.files.set(`${Web.path(url)}.410`, '');
  }

  static path(url) {
    const {protocol, host, pathname} = new URL(url);
    if (protocol !== 'https:') {
      throw new Error(`Not https: ${url}`);
    }
    return `${host.replace(':', '%3A')}${pathname.endsWith('/') ? `${pathname}index` : pathname}`;
  }

  async write(directory) {
    for (const [path, body] of this.files) {
      const file = join(directory, path);
      await mkdir(dirname(file), {recursive: true});
      await writeFile(file, body);
    }
  }
}
