import { readFileSync } from 'node:fs';

import { blocks } from '../docs/blocks.mjs';
import { expect, test } from './support/chat.ts';
import { Site } from './support/site.ts';

test('the example of the README works when pasted', async ({ newAccount, logIn, page, server }) => {
  const juliet = await newAccount();
  const romeo = await newAccount([{ jid: juliet.jid, subscription: 'both' }], 'romeo');
  const friend = await logIn(juliet);
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const example = blocks(readme).find(({ text }) => text.includes('headless'))?.text ?? '';
  const replacements = [
    ['wss://example.org/xmpp-websocket', server.websocketUrl],
    ['romeo@example.org', romeo.jid],
    ['juliet@example.org', juliet.jid],
    ['secret', romeo.password],
  ] as const;
  let pasted = example;
  for (const [from, to] of replacements) {
    expect(pasted, 'the example has all that is to be replaced').toContain(from);
    pasted = pasted.replace(from, to);
  }
  expect(pasted.trimEnd().split('\n').length).toBeLessThan(30);

  const file = (name: string) => ({ body: readFileSync(new URL(`../../pkg/${name}`, import.meta.url)) });
  const own = await Site.open({
    '/': `<!doctype html><title>pasted</title><body>${pasted}`,
    '/converse/converse.headless.js': file('converse.headless.js'),
    '/converse/converse_wasm_bg.wasm': file('converse_wasm_bg.wasm'),
    '/converse/converse_wasm_later.wasm': file('converse_wasm_later.wasm'),
  });
  try {
    await page.goto(own.url);
    const from = await friend.message('Hello!');
    await friend.send(from, 'Hello yourself!');
    await expect(page.locator('body')).toContainText('Hello yourself!');
  } finally {
    await own.close();
  }
});
