/** The front page: who is on the demo's server, and links that open the pages as one of them. */
import { config, fail } from './config.js';

/** @typedef {import('./config.js').Account} Account */

/** @param {string} page @param {Account} account */
function link(page, { name, jid }) {
  const made = document.createElement('a');
  Object.assign(made, { href: `${page}?as=${encodeURIComponent(jid)}`, target: '_blank', rel: 'noopener', textContent: `as ${name}` });
  return made;
}

/** The form to log in. @param {string} page */
function entrance(page) {
  const made = document.createElement('a');
  Object.assign(made, { href: page, target: '_blank', rel: 'noopener', textContent: 'with the form to log in' });
  return made;
}

try {
  const { accounts } = await config();
  for (const place of document.querySelectorAll('[data-page]')) {
    const page = place.getAttribute('data-page') ?? '';
    place.append('Open it ', ...accounts.flatMap((account) => [link(page, account), ', ']), 'or ', entrance(page));
  }
  for (const { name, jid, password } of accounts) {
    const row = /** @type {HTMLTableSectionElement} */ (document.getElementById('people')).insertRow();
    for (const text of [name, jid, password]) {
      row.insertCell().textContent = text;
    }
  }
} catch (error) {
  fail(error);
}
