// Writes the pages of docs/ that the sources have already: the settings out of src/settings.rs, the XEPs out of the heads
// of the modules, the API and the events out of www/types/. `cargo xtask docs` runs this, and tests/docs/ says when what is
// committed is not what this writes.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const made = (from) => `<!-- Made by \`cargo xtask docs\` from ${from}: change that. -->\n\n`;

/** The files that are made, by their paths. */
export function pages() {
  return {
    'docs/configuration.md': configuration(),
    'docs/xeps.md': xeps(),
    'doap.xml': doap(),
    'docs/api.md': api(),
    'docs/events.md': events(),
  };
}

// ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function configuration() {
  const rows = [...read('src/settings.rs').matchAll(/^ {4}(\w+) = (.+?), "(.*)";$/gm)].map(([, name, value, about]) => {
    return `| \`${name}\` | ${about.replace(/\b([a-z]+_[a-z_]+)\b/g, '`$1`')} | ${byDefault(value)} |`;
  });
  return `# Configuration

${made('src/settings.rs')}What \`converse.initialize\` takes. Types with everything said about them are in \`types/settings.d.ts\` of the package. A setting
that is not here is kept for the plugins that know it; one whose value cannot be is named in the console, and its default
stands.

Besides these there are \`i18n\`, the language ([Languages](languages.md)), and \`connection\`, a \`Strophe.Connection\` that the page
has made: where to connect to is taken out of it.

| Setting | What it is for | By default |
|---|---|---|
${rows.join('\n')}
`;
}

/** The default as JavaScript writes it. */
function byDefault(value) {
  const [, kind, inner = ''] = /^(\w+)(?:\((.*)\))?$/.exec(value) ?? [];
  if (kind === 'None') return 'none';
  if (kind === 'List') return '`[]`';
  if (kind === 'Map') return '`{}`';
  if (kind === 'Text') return `\`${inner.replaceAll('"', "'")}\``;
  if (kind === 'Switches') return [...inner.matchAll(/\("(\w+)", (\w+)\)/g)].map(([, name, on]) => `\`${name}: ${on}\``).join(', ');
  return `\`${inner.replaceAll('_', '')}\``;
}

// ── XEPs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every XEP that a module's head names with its title and version, by number. */
export function supported() {
  const found = new Map();
  for (const path of files('src', '.rs').sort()) {
    const head = read(path).split(/\n(?!\/\/!)/)[0].replace(/^\/\/! ?/gm, '').replaceAll('\n', ' ');
    for (const match of head.matchAll(/XEP-(\d{4}): ([^()]+?) \(version ([\w.]+)\)/g)) {
      const [whole, number, title, version] = match;
      const [rest] = head.slice(match.index + whole.length).split(/[.:;]/);
      const note = /^,? ?((as far as|of accounts|the client's part|as it stands).*)/.exec(rest)?.[1] ?? '';
      if (!found.has(number)) found.set(number, { number, title, version, path, note });
    }
  }
  return [...found.values()].sort((a, b) => a.number.localeCompare(b.number));
}

function xeps() {
  const rows = supported().map(({ number, title, version, path, note }) =>
    `| [${number}](https://xmpp.org/extensions/xep-${number}.html) | ${title} | ${version} | ${note} | \`${path}\` |`);
  return `# Supported XEPs

${made('the heads of the modules in src/')}The version is the one that was read when the module was written. \`doap.xml\` in the repository says the same for programs.
Besides these: RFC 6120 and 6121 (XMPP), RFC 7395 (XMPP over WebSocket), RFC 7622 (addresses).

| XEP | Title | Version | How far | Where |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function doap() {
  const manifest = read('Cargo.toml');
  const field = (name) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(manifest)?.[1] ?? '';
  const repository = field('repository');
  const implemented = supported().map(({ number, version, note }) => `    <implements>
      <xmpp:SupportedXep>
        <xmpp:xep rdf:resource="https://xmpp.org/extensions/xep-${number}.html"/>
        <xmpp:version>${version}</xmpp:version>${note && `
        <xmpp:status>partial</xmpp:status>
        <xmpp:note xml:lang="en">${note}</xmpp:note>`}
      </xmpp:SupportedXep>
    </implements>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by \`cargo xtask docs\` from the heads of the modules in src/: change those. -->
<rdf:RDF xmlns="http://usefulinc.com/ns/doap#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xmpp="https://linkmauve.fr/ns/xmpp-doap#">
  <Project>
    <name>${field('name')}</name>
    <shortdesc xml:lang="en">${field('description')}</shortdesc>
    <homepage rdf:resource="${repository}"/>
    <bug-database rdf:resource="${repository}/issues"/>
    <license rdf:resource="https://spdx.org/licenses/Apache-2.0"/>
    <license rdf:resource="https://spdx.org/licenses/MIT"/>
    <category rdf:resource="https://linkmauve.fr/ns/xmpp-doap#category-xmpp-client"/>
    <programming-language>Rust</programming-language>
    <programming-language>TypeScript</programming-language>
    <os>Browser</os>
    <implements rdf:resource="https://xmpp.org/rfcs/rfc6120.html"/>
    <implements rdf:resource="https://xmpp.org/rfcs/rfc6121.html"/>
    <implements rdf:resource="https://xmpp.org/rfcs/rfc7395.html"/>
    <implements rdf:resource="https://xmpp.org/rfcs/rfc7622.html"/>
${implemented.join('\n')}
  </Project>
</rdf:RDF>
`;
}

// ── The API and the events ───────────────────────────────────────────────────────────────────────────────────────────

function api() {
  const types = files('www/types', '.d.ts').map(read).join('\n');
  const sections = [`# The API by section

${made('www/types/')}What a plugin finds on \`_converse.api\`. Functions need no \`this\`: take them out of their grouping if you like. The types
named here are exported by the package; their attributes and methods are described in \`types/\` of it. Where nothing else is
said, wrong arguments throw a \`TypeError\` that names the argument, before anything is sent.
`];
  const top = [];
  const section = (path, members, about) => {
    const [leaves, nested] = [[], []];
    for (const member of members) (member.members ? nested : leaves).push(member);
    if (leaves.length > 0 || about) sections.push(`\n## ${path.join('.')}\n`, about ? `\n${about}\n` : '', ...grouped(leaves, path));
    for (const { name, members: inner, about: text } of nested) section([...path, name], inner, text);
  };
  for (const member of membersOf(bodyOf(types, 'Api'), types)) {
    if (member.members) section([member.name], member.members, member.about);
    else top.push(member);
  }
  sections.splice(1, 0, '\n## Events, stanzas and promises\n', ...grouped(top, []));
  return `${sections.join('').trimEnd()}\n`;
}

/** Overloads of one function are one entry. */
function grouped(members, path) {
  const byName = new Map();
  for (const member of members) {
    if (member.name) byName.set(member.name, [...(byName.get(member.name) ?? []), member]);
  }
  return [...byName].map(([name, all]) => {
    const signatures = all.map(({ text }) => `${text};`).join('\n');
    const words = all.map(({ doc }) => markdown(doc)).filter(Boolean).join('\n\n');
    return `\n### ${[...path, name].join('.')}\n\n\`\`\`ts\n${signatures}\n\`\`\`\n${words && `\n${words}\n`}`;
  });
}

function events() {
  const types = read('www/types/events.d.ts');
  const rows = membersOf(bodyOf(types, 'Events'), '').map(({ name, text, doc }) => {
    const given = /: \[(.*)\]$/s.exec(text)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
    const about = markdown(doc).replace(/\s+/g, ' ').replaceAll('|', '\\|');
    return `| \`${name}\` | ${given && `\`${given.replaceAll('|', '\\|')}\``} | ${about} |`;
  });
  const promises = [...types.slice(types.indexOf('export type PromiseName')).split(';')[0].matchAll(/'(\w+)'/g)].map(([, name]) => `\`${name}\``);
  return `# Events

${made('www/types/events.d.ts')}What a plugin hears of by \`_converse.api.listen.on(name, callback)\`, and what the callback is given. A callback that throws harms
nobody else: the browser's console has the error. Plugins tell each other of events of their own by \`_converse.api.emit\`.

| Event | Given | When |
|---|---|---|
${rows.join('\n')}

These are promises, too, for \`_converse.api.waitUntil\`: ${promises.join(', ')}.
`;
}

/** What stands between the braces of an interface. */
function bodyOf(types, name) {
  const start = new RegExp(`export interface ${name}\\b[^{]*\\{`).exec(types);
  if (!start) return undefined;
  const from = start.index + start[0].length;
  return types.slice(from, endOf(types, from));
}

/** Where the brace ends that is open at `from`; comments may have braces of their own. */
function endOf(text, from) {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('/**', at)) at = text.indexOf('*/', at) + 1;
    else if ('{([<'.includes(text[at])) depth++;
    else if ('})]'.includes(text[at]) || (text[at] === '>' && text[at - 1] !== '=')) depth--;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The members of an interface: each with what is said about it, and those of a grouping with its own. */
function membersOf(body, types) {
  const members = [];
  let at = 0;
  let doc = '';
  while (at < body.length) {
    const rest = body.slice(at);
    const space = /^\s+/.exec(rest);
    const comment = /^\/\*\*[\s\S]*?\*\//.exec(rest);
    if (space) {
      at += space[0].length;
    } else if (comment) {
      doc = comment[0];
      at += comment[0].length;
    } else {
      const end = endOfMember(body, at);
      const text = body.slice(at, end);
      const [, name] = /^(?:readonly )?'?([\w-]+)'?\??\s*[:(<]/.exec(text) ?? [];
      const [, inner] = /^readonly \w+\??: \{([\s\S]*)\}$/.exec(text) ?? [];
      const [, type] = /^readonly \w+\??: (\w+)$/.exec(text) ?? [];
      const named = type && types && bodyOf(types, type);
      const about = type && types ? aboutOf(types, type) : markdown(doc);
      if (inner !== undefined) members.push({ name, about, members: membersOf(inner, types) });
      else if (named) members.push({ name, about, members: membersOf(named, types) });
      else members.push({ name, text: text.replace(/\n {2,4}/g, '\n'), doc });
      doc = '';
      at = end + 1;
    }
  }
  return members;
}

function endOfMember(body, from) {
  for (let at = from; at < body.length; at++) {
    if ('{(['.includes(body[at])) at = endOf(body, at + 1);
    else if (body[at] === ';') return at;
  }
  return body.length;
}

/** What is said about an interface. */
function aboutOf(types, name) {
  const before = types.slice(0, types.search(new RegExp(`export interface ${name}\\b`)));
  return markdown(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(before)?.[0] ?? '').replace(/^The (\*\*|grouping `)\w+(\*\*|`)( grouping)?[:,]? ?/, '').replace(/^./, (first) => first.toUpperCase());
}

/** A comment as Markdown. */
function markdown(comment) {
  const text = comment.replace(/^\/\*\*|\*\/\s*$/g, '').replace(/^ *\* ?/gm, '').trim();
  const [before, ...examples] = text.split(/@example\s*\n/);
  const said = before.replace(/\{@link ([\w.]+)\}/g, '`$1`').replace(/\s*@throws /g, '\n\nThrows ').replace(/@param (\w+) /g, '\n`$1`: ').trim();
  return [said, ...examples.map((example) => `\`\`\`js\n${example.trim()}\n\`\`\``)].filter(Boolean).join('\n\n');
}

function files(folder, end) {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() && entry.name.endsWith(end)).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => relative(ROOT, path)).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(pages())) writeFileSync(join(ROOT, path), text);
}
