// Packages that only some commands need, from npm, in folders of their own.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

const OPTIONS = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];

/** The folder of the package `name` in this `version`, which is installed below `folder` unless it is there. */
export function fromNpm(folder, name, version) {
  const found = `${folder}/node_modules/${name}/`;
  if (!existsSync(`${found}package.json`)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, ...OPTIONS, `${name}@${version}`], { stdio: 'ignore' });
  }
  return found;
}
