// Completes package-lock.json with the optional packages of other platforms that the registry at hand did not list, so that `npm ci`
// works here and there. Run after `npm install`: node .ci/complete-lock.mjs ui src-tauri tests/app tests/issuers
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony'];
const processors = ['arm64', 'x64', 'ia32', 'arm', 'riscv64', 'ppc64', 's390x', 'loong64'];

/** What npm reads to leave a package out on another platform, from the package's own name. */
function platform(name) {
  const words = name.split('/').pop().split(/[-.]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') && os.includes('linux') ? ['glibc'] : [];
  return { ...(cpu.length && { cpu }), ...(libc.length && { libc }), ...(os.length && { os }) };
}

for (const folder of process.argv.slice(2)) {
  const file = `${folder}/package-lock.json`;
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = {};
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const there = [`${place}/node_modules/${name}`, `node_modules/${name}`].some((path) => lock.packages[path] || missing[path]);
      if (there) continue;
      if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) throw new Error(`${name} has no exact version: ${version}`);
      missing[`node_modules/${name}`] = { version, ...platform(name), ...(entry.dev && { dev: true }), optional: true };
    }
  }
  const packages = { ...lock.packages, ...missing };
  lock.packages = Object.fromEntries(Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en')).map((path) => [path, packages[path]]));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${folder}: ${Object.keys(missing).length} added${Object.keys(missing).map((path) => `\n  ${path}`).join('')}`);
}
