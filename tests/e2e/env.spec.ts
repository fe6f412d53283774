import { dirname, join } from 'node:path';

import { expect, test, type Page } from '@playwright/test';

import type { Env } from '../../www/types/index.d.ts';
import { bundle, Site } from './support/site.ts';

// Where an expectation looks odd, it is what converse.js 4.2.0 was seen to answer in Chromium 156.

declare const env: Env;
declare const parse: (xml: string) => Element;

let site: Site;
let page: Page;

test.beforeAll(async ({ browser }, info) => {
  const root = join(dirname(info.file), '../..');
  const script = await bundle(
    root,
    {
      contents: `
        import { env } from './env.ts';
        const parse = (xml) => env.Strophe.xmlHtmlNode(xml).documentElement;
        Object.assign(globalThis, { env, parse });
      `,
    },
    'iife',
  );
  const html = '<!doctype html><title>env</title><script src="/env.js"></script>';
  site = await Site.open({
    '/': html,
    '/env.js': script,
    '/typed': { body: html, headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types converse-wasm" } },
    '/listed': { body: html, headers: { 'content-security-policy': 'trusted-types something-else' } },
    '/refused': { body: html, headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types 'none'" } },
  });
  page = await browser.newPage();
  await page.goto(site.url);
});

test.afterAll(async () => {
  await page.close();
  await site.close();
});

test.describe('builders', () => {
  test('stanzas are in jabber:client, and say so last', async () => {
    const written = await page.evaluate(() => {
      const { $build, $iq, $msg, $pres } = env;
      return [$msg({ to: 'a' }), $iq(), $pres(null), $build('x'), $build('message'), $msg({ xmlns: 'u:z' })].map(String);
    });
    expect(written).toEqual([
      '<message to="a" xmlns="jabber:client"/>',
      '<iq xmlns="jabber:client"/>',
      '<presence xmlns="jabber:client"/>',
      '<x/>',
      '<message xmlns="jabber:client"/>',
      '<message xmlns="u:z"/>',
    ]);
  });

  test('c goes into the child unless text fills it', async () => {
    const written = await page.evaluate(() => {
      const b = () => env.$build('m');
      return [
        b().c('body', null, 'hi').c('x'),
        b().c('body', null, '').c('x'),
        b().c('body', null, 5).c('x'),
        b().c('body', {}, null).c('x'),
        b().c('body', 'hi').c('x'),
        b().c('body', 5).c('x'),
        b().c('body', 'hi', 'yo').c('x'),
      ].map(String);
    });
    expect(written).toEqual([
      '<m><body>hi</body><x/></m>',
      '<m><body/><x/></m>',
      '<m><body>5</body><x/></m>',
      '<m><body><x/></body></m>',
      '<m><body>hi<x/></body></m>',
      '<m><body>5<x/></body></m>',
      '<m><body>hiyo</body><x/></m>',
    ]);
  });

  test('attributes: nothing is left out, everything else is text', async () => {
    const written = await page.evaluate(() => {
      const { $build } = env;
      return [
        $build('m', { a: undefined, b: null, c: 0, d: '', e: false }),
        $build('m', { a: '1', b: '2' }).attrs({ a: undefined, b: null, c: 3 }),
        $build('m', { 'xml:lang': 'en' }),
      ].map(String);
    });
    expect(written).toEqual(['<m c="0" d="" e="false"/>', '<m b="null" c="3"/>', '<m xml:lang="en"/>']);
  });

  test("the caller's attributes are not written to", async () => {
    expect(
      await page.evaluate(() => {
        const attrs = Object.freeze({ to: 'a' });
        env.$msg(attrs);
        return attrs;
      }),
    ).toEqual({ to: 'a' });
  });

  test('up, root, tree, node', async () => {
    const seen = await page.evaluate(() => {
      const b = env.$build('m').c('a').c('b');
      const inner = b.node?.nodeName;
      const outer = b.up().node?.nodeName;
      const again = b.root().c('z').toString();
      const above = env.$build('m').up();
      let error = '';
      try {
        above.c('x');
      } catch (thrown) {
        error = (thrown as { code: string }).code;
      }
      return { inner, outer, again, tree: b.tree() === b.nodeTree, above: above.node, whole: above.toString(), error };
    });
    expect(seen).toEqual({
      inner: 'b', outer: 'a', again: '<m><a><b/></a><z/></m>', tree: true, above: null, whole: '<m/>', error: 'no-open-element',
    });
  });

  test('cnode copies what it is given and goes into it', async () => {
    const seen = await page.evaluate(() => {
      const { $build, $msg } = env;
      const old = document.createElement('foo');
      const builder = $msg().cnode(old);
      const named = document.createElement('q');
      named.setAttribute('xmlns', 'u:q');
      named.appendChild(document.createElement('w'));
      const query = $msg().cnode(named);
      return {
        copied: builder.node !== old && old.parentNode === null,
        into: builder.node?.nodeName,
        inherits: builder.node?.namespaceURI,
        written: [builder, query, $msg().cnode($build('q', { xmlns: 'u:1' }).c('w')), $msg().cnode(document.createTextNode('t'))].map(String),
        inner: query.node?.firstElementChild?.namespaceURI,
      };
    });
    expect(seen).toEqual({
      copied: true,
      into: 'foo',
      inherits: 'jabber:client',
      written: [
        '<message xmlns="jabber:client"><foo/></message>',
        '<message xmlns="jabber:client"><q xmlns="u:q"><w/></q></message>',
        '<message xmlns="jabber:client"><q xmlns="u:1"><w/></q></message>',
        '<message xmlns="jabber:client">t</message>',
      ],
      inner: 'u:q',
    });
  });

  test('elements are in the namespaces they name', async () => {
    const seen = await page.evaluate(() => {
      const iq = env.$iq({ type: 'get' }).c('query', { xmlns: 'u:q' }).c('item');
      const tree = iq.tree();
      const query = tree.querySelector('query[xmlns="u:q"]');
      return {
        namespaces: [tree, query, iq.node].map((element) => element?.namespaceURI),
        written: [tree, query, iq.node].map((element) => element?.getAttribute('xmlns')),
        found: tree.getElementsByTagNameNS('u:q', 'item').length,
        serializer: new XMLSerializer().serializeToString(tree),
        own: iq.toString(),
        concatenated: `${iq}`,
        local: iq.toLocaleString(),
      };
    });
    const xml = '<iq type="get" xmlns="jabber:client"><query xmlns="u:q"><item/></query></iq>';
    expect(seen).toEqual({
      namespaces: ['jabber:client', 'u:q', 'u:q'],
      written: ['jabber:client', 'u:q', null],
      found: 1, serializer: xml, own: xml, concatenated: xml, local: xml,
    });
  });

  test('another xmlns moves the element and what inherits from it', async () => {
    const seen = await page.evaluate(() => {
      const iq = env.$iq().c('query').c('item').up().attrs({ xmlns: 'u:q' });
      return [iq.toString(), iq.node?.namespaceURI, iq.node?.firstElementChild?.namespaceURI, iq.c('more').node?.namespaceURI,
        env.$build('x').c('y').root().attrs({ xmlns: 'u:x' }).tree().firstElementChild?.namespaceURI];
    });
    expect(seen).toEqual(['<iq xmlns="jabber:client"><query xmlns="u:q"><item/></query></iq>', 'u:q', 'u:q', 'u:q', 'u:x']);
  });

  test('what XML forbids throws where it is built', async () => {
    const codes = await page.evaluate(() => {
      const { $build, Strophe } = env;
      const spoiled = $build('m').t('fine');
      (spoiled.tree().firstChild as Text).data = 'a\u0001b';
      const attempts = [
        () => $build('m').t('a\u0001b'),
        () => $build('m').t('a\ud800b'),
        () => $build('m', { a: '\uffff' }),
        () => $build('m').attrs({ a: '\u0000' }),
        () => Strophe.serialize(spoiled),
        () => $build('a b'),
        () => $build('m', { 'a="1" b': 'x' }),
        () => $build('m').c('a><b'),
        () => $build('x:y'),
        () => $build('m', { 'x:y': '1' }),
      ];
      return attempts.map((attempt) => {
        try {
          return String(attempt());
        } catch (error) {
          return (error as { code: string }).code;
        }
      });
    });
    const [character, name, prefix] = ['illegal-xml-character', 'illegal-xml-name', 'undeclared-prefix'];
    expect(codes).toEqual([character, character, character, character, character, name, name, name, prefix, prefix]);
  });

  test('the message says which character and where', async () => {
    const message = await page.evaluate(() => {
      try {
        env.$msg({ to: 'a\u000bb' });
      } catch (error) {
        return String(error);
      }
    });
    expect(message).toContain('ConverseError: U+000B at position 1 of the attribute "to"');
  });

  test('emoji and other planes pass', async () => {
    expect(await page.evaluate(() => env.$build('m').t('😀 \t\n').toString())).toBe('<m>😀 \t\n</m>');
  });
});

test.describe('serialising', () => {
  test('escapes, and survives a reading', async () => {
    const seen = await page.evaluate(() => {
      const text = `<>&"'\t\n\r ]]>`;
      const built = env.$build('m', { a: text }).t(text);
      const read = parse(built.toString());
      return { written: built.toString(), attribute: read.getAttribute('a') === text, text: read.textContent === text };
    });
    expect(seen).toEqual({
      written: '<m a="&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13; ]]&gt;">&lt;&gt;&amp;&quot;&apos;\t\n&#13; ]]&gt;</m>',
      attribute: true,
      text: true,
    });
  });

  test('no comments, instructions or CDATA: RFC 6120 wants none', async () => {
    expect(await page.evaluate(() => env.Strophe.serialize(parse('<a><![CDATA[x<y&]]><!--c--><?p i?></a>')))).toBe('<a>x&lt;y&amp;</a>');
  });

  test('every namespace is declared once', async () => {
    const written = await page.evaluate(() => {
      const { Strophe } = env;
      const made = document.implementation.createDocument('u:a', 'a', null).documentElement;
      made.appendChild(made.ownerDocument.createElementNS('u:b', 'b')).appendChild(made.ownerDocument.createElementNS('u:b', 'c'));
      made.setAttributeNS('u:p', 'p:x', '1');
      return [
        made,
        parse('<p:a xmlns:p="u:p" xmlns="u:d" p:b="1"><c/><p:d/></p:a>'),
        parse('<p:a xmlns:p="u:p"><p:d/></p:a>').firstElementChild,
        parse('<a xmlns="u:a"><b xmlns=""><c/></b></a>'),
      ].map((element) => Strophe.serialize(element));
    });
    expect(written).toEqual([
      '<a p:x="1" xmlns="u:a" xmlns:p="u:p"><b xmlns="u:b"><c/></b></a>',
      '<p:a xmlns="u:d" xmlns:p="u:p" p:b="1"><c/><p:d/></p:a>',
      '<p:d xmlns:p="u:p"/>',
      '<a xmlns="u:a"><b xmlns=""><c/></b></a>',
    ]);
  });

  test('takes builders, page elements and nothing', async () => {
    const written = await page.evaluate(() => {
      const div = document.createElement('div');
      div.textContent = 'a&b';
      return [env.Strophe.serialize(env.$build('m').c('b')), env.Strophe.serialize(div), env.Strophe.serialize(null)];
    });
    expect(written).toEqual(['<m><b/></m>', '<div>a&amp;b</div>', null]);
  });
});

test.describe('Strophe', () => {
  test('JIDs are cut, not judged', async () => {
    const cut = (jids: (string | null)[]) =>
      page.evaluate((all) => {
        const { getBareJidFromJid, getNodeFromJid, getDomainFromJid, getResourceFromJid } = env.Strophe;
        return all.map((jid) => [getBareJidFromJid(jid), getNodeFromJid(jid), getDomainFromJid(jid), getResourceFromJid(jid)]);
      }, jids);
    expect(await cut(['a@b/c', 'b', 'b/c', 'a@b/c@d', 'a@b/c/d', '@b', 'a@', 'b/x@y', '', null])).toEqual([
      ['a@b', 'a', 'b', 'c'],
      ['b', null, 'b', null],
      ['b', null, 'b', 'c'],
      ['a@b', 'a', 'b', 'c@d'],
      ['a@b', 'a', 'b', 'c/d'],
      ['@b', '', 'b', null],
      ['a@', 'a', '', null],
      ['b', null, 'b', 'x@y'],
      [null, null, null, null],
      [null, null, null, null],
    ]);
  });

  test('nodes are escaped as XEP-0106 does', async () => {
    const pairs = [
      [' ab ', 'ab'],
      ['call me "ishmael"', 'call\\20me\\20\\22ishmael\\22'],
      ["at&t d'artagnan", 'at\\26t\\20d\\27artagnan'],
      ['/.fanboy::<foo>', '\\2f.fanboy\\3a\\3a\\3cfoo\\3e'],
      ['user@host', 'user\\40host'],
      ['c:\\net', 'c\\3a\\5cnet'],
      ['\\20x', '\\5c20x'],
    ];
    const seen = await page.evaluate((all) => all.map(([node]) => env.Strophe.escapeNode(node ?? '')), pairs);
    expect(seen).toEqual(pairs.map(([, escaped]) => escaped));
    const back = await page.evaluate((all) => all.map((node) => env.Strophe.unescapeNode(node)), seen);
    expect(back).toEqual(pairs.map(([node]) => node?.trim()));
    expect(await page.evaluate(() => env.Strophe.unescapeNode('a\\2Bb\\41'))).toBe('a\\2Bb\\41');
  });

  test('constants and namespaces', async () => {
    const seen = await page.evaluate(() => {
      const { Strophe } = env;
      Strophe.addNamespace('MINE', 'u:mine');
      const { MAM, VCARD, MUC_REGISTER, MINE, MUC_USER, PING } = Strophe.NS;
      return { names: [MAM, VCARD, MUC_REGISTER, MINE, MUC_USER, PING], status: Strophe.Status, levels: Strophe.LogLevel };
    });
    expect(seen.names).toEqual(['urn:xmpp:mam:2', 'vcard-temp', 'jabber:iq:register', 'u:mine', 'http://jabber.org/protocol/muc#user', 'urn:xmpp:ping']);
    expect(Object.values(seen.status)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.levels).toEqual({ DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3, FATAL: 4 });
  });

  test('XML helpers', async () => {
    const seen = await page.evaluate(() => {
      const { Strophe } = env;
      const names = (name: string | null) => {
        const found: string[] = [];
        Strophe.forEachChild(parse('<m>t<x/><X/><!--c--></m>'), name, (child) => found.push(child.nodeName));
        return found;
      };
      return {
        escaped: Strophe.xmlescape(`<>&"'é`),
        unescaped: Strophe.xmlunescape('&lt;&gt;&amp;&quot;&apos;&amp;lt;'),
        text: [parse('<m xmlns="u:1">a&amp;b<x>c</x>z</m>'), parse('<a/>'), null].map((e) => Strophe.getText(e)),
        children: [names(null), names('x'), names('')],
        tag: [Strophe.isTagEqual(parse('<m/>'), 'm'), Strophe.isTagEqual(parse('<m/>'), 'M')],
        elements: [
          Strophe.xmlElement('a', { b: 1, c: undefined, d: null }, 'txt'),
          Strophe.xmlElement('a', [['b', '1']], 'txt'),
          Strophe.xmlElement('a', 'txt', { b: 1 }),
          Strophe.xmlElement(''),
        ].map((e) => Strophe.serialize(e)),
        copy: Strophe.serialize(Strophe.copyElement(parse('<m xmlns="u:1" xmlns:p="u:p" p:a="1">t<x/></m>')) as Element),
        parsed: Strophe.xmlHtmlNode('<a><b/></a>').documentElement.outerHTML,
      };
    });
    expect(seen).toEqual({
      escaped: '&lt;&gt;&amp;&quot;&apos;é',
      unescaped: `<>&"'&lt;`,
      text: ['a&amp;bz', '', null],
      children: [['x', 'X'], ['x'], ['x', 'X']],
      tag: [true, false],
      elements: ['<a b="1">txt</a>', '<a b="1">txt</a>', '<a b="1">txt</a>', null],
      copy: '<m xmlns="u:1" xmlns:p="u:p" p:a="1">t<x/></m>',
      parsed: '<a><b/></a>',
    });
  });

  test('the logger is for plugins to replace', async () => {
    expect(
      await page.evaluate(() => {
        const lines: [number, string][] = [];
        env.Strophe.log = (level, message) => lines.push([level, message]);
        env.Strophe.warn('careful');
        return lines;
      }),
    ).toEqual([[2, 'careful']]);
  });
});

test.describe('result sets', () => {
  test('writes its keys in their order, zero and the empty string included', async () => {
    const written = await page.evaluate(() => {
      const { RSM, serialize } = env.Strophe;
      return [{ before: '', after: 'x', max: 10 }, { max: 0, index: 0 }, { max: 5, with: 'w' }].map((o) => serialize(new RSM(o).toXML()));
    });
    expect(written).toEqual([
      '<set xmlns="http://jabber.org/protocol/rsm"><max>10</max><after>x</after><before/></set>',
      '<set xmlns="http://jabber.org/protocol/rsm"><max>0</max><index>0</index></set>',
      '<set xmlns="http://jabber.org/protocol/rsm"><max>5</max></set>',
    ]);
  });

  test('next and previous change the object and keep the filter', async () => {
    const seen = await page.evaluate(() => {
      const { RSM } = env.Strophe;
      const xml = parse('<set xmlns="http://jabber.org/protocol/rsm"><first index="0">f</first><last>l</last><count>9</count></set>');
      const make = () => new RSM({ xml, max: 3, with: 'room@x', start: 's', end: 'e', groupchat: true });
      const whole = (rsm: object) => JSON.parse(JSON.stringify(rsm)) as unknown;
      const [read, next, previous] = [make(), make(), make()];
      return [next.next(10) === next, previous.previous(5) === previous, whole(read), whole(next), whole(previous), next.next().max];
    });
    const filter = { with: 'room@x', start: 's', end: 'e', groupchat: true };
    expect(seen).toEqual([
      true,
      true,
      { max: 3, first: 'f', last: 'l', count: '9', index: '0', ...filter },
      { max: 10, after: 'l', ...filter },
      { max: 5, before: 'f', ...filter },
      10,
    ]);
  });

  test('an empty page does not start from the beginning again', async () => {
    const seen = await page.evaluate(() => {
      const xml = parse('<set xmlns="http://jabber.org/protocol/rsm"><count>9</count></set>');
      return new env.Strophe.RSM({ xml, after: 'end', max: 5 }).next().after;
    });
    expect(seen).toBe('end');
  });
});

test.describe('digests', () => {
  test('b64_sha1 answers as converse.js does, outside of Latin-1 too', async () => {
    const seen = await page.evaluate(() => ['abc', '', 'é', '€', '😀', 'aéb€c', 'x'.repeat(1000)].map((text) => env.b64_sha1(text)));
    expect(seen).toEqual([
      'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=',
      '2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
      'FZnp+kHsaMgCMEkZAnhr7oifW8s=',
      'OVJ8WSR6OdGK1IuZR+pzg5ajvEc=',
      'H6E8pWXcm1EF1wpSjSam/HpXBJ4=',
      'W8gZEEDto8mRoKoct1R3JCwgQgE=',
      'w++mkPo/3S4lJoU+7WcFOOoSdjg=',
    ]);
  });

  test('agrees with the browser at every length around a block', async () => {
    const wrong = await page.evaluate(async () => {
      const found: number[] = [];
      for (let length = 0; length < 200; length++) {
        const text = 'q'.repeat(length);
        const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
        if (btoa(String.fromCharCode(...new Uint8Array(digest))) !== env.SHA1.b64_sha1(text)) {
          found.push(length);
        }
      }
      return found;
    });
    expect(wrong).toEqual([]);
  });
});

test.describe('utils', () => {
  test('isValidJID and isSameBareJID', async () => {
    const seen = await page.evaluate(() => {
      const { isValidJID, isSameBareJID } = env.utils;
      return {
        valid: ['a@b', 'a@b.c', 'a@b/c', 'é@b.c', ' a@b ', 'a@[::1]', 'a@b/c@d'].filter(isValidJID).length,
        invalid: ['a', '', null, undefined, 5, 'a@b@c', '@b', 'a@', 'a b@c'].filter(isValidJID),
        same: [isSameBareJID('a@b/c', 'A@B/d'), isSameBareJID('a@b', 'c@b'), isSameBareJID(null, null)],
      };
    });
    expect(seen).toEqual({ valid: 7, invalid: [], same: [true, false, false] });
  });

  test('merge keeps maps and lists, and touches no prototype', async () => {
    const seen = await page.evaluate(() => {
      const target = { map: { a: 1 }, list: [1, 2], plain: 1, kept: { y: 1 } };
      env.utils.merge(target, { map: { b: 2 }, list: [9], plain: { q: 1 }, kept: 5, fresh: { d: 1 } });
      env.utils.merge({}, JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'));
      return [target, 'polluted' in {}];
    });
    expect(seen).toEqual([{ map: { a: 1, b: 2 }, list: [9, 2], plain: { q: 1 }, kept: { y: 1 }, fresh: { d: 1 } }, false]);
  });

  test('what a message is', async () => {
    const seen = await page.evaluate(() => {
      const { isNewMessage, isEmptyMessage, isHeadlineMessage } = env.utils as Record<string, (...args: unknown[]) => unknown>;
      const delay = '<delay xmlns="urn:xmpp:delay"/>';
      const late = `<result xmlns="urn:xmpp:mam:2"><forwarded xmlns="urn:xmpp:forward:0">${delay}</forwarded></result>`;
      const _converse = {
        CHATROOMS_TYPE: 'chatroom',
        chatboxes: { get: (jid: string) => (jid === 'room' ? { get: () => 'chatroom' } : undefined) },
      };
      const headline = (attributes: string) => isHeadlineMessage?.(_converse, parse(`<message ${attributes}/>`));
      return {
        fresh: ['', delay, '<result xmlns="urn:xmpp:mam:2"/>', late].map((inner) => isNewMessage?.(parse(`<message>${inner}</message>`))),
        models: [{ is_delayed: true }, { is_delayed: true, is_archived: true }].map((attributes) => isNewMessage?.({ attributes })),
        empty: [{}, { message: 'a' }, { oob_url: 'x' }, { file: 1 }, { attributes: { message: 'x' } }].map((m) => isEmptyMessage?.(m)),
        headline: ['type="headline" from="a@b"', 'from="b/r"', 'type="error" from="b"', 'from="a@b"', '', 'from="room"'].map(headline),
      };
    });
    expect(seen).toEqual({
      fresh: [true, true, true, false],
      models: [true, false],
      empty: [true, false, false, false, false],
      headline: [true, true, false, false, false, false],
    });
  });

  test('affiliations', async () => {
    const delta = (existing: boolean, absent: boolean) =>
      page.evaluate(
        ([exclude, remove]) =>
          (env.utils['computeAffiliationsDelta'] as (...args: unknown[]) => { jid: string; affiliation: string }[])(
            exclude,
            remove,
            [{ jid: 'a', affiliation: 'member' }, { jid: 'n', affiliation: 'admin' }],
            [{ jid: 'a', affiliation: 'owner' }, { jid: 'o', affiliation: 'member' }],
          ).map(({ jid, affiliation }) => `${jid} ${affiliation}`),
        [existing, absent],
      );
    expect(await delta(true, false)).toEqual(['n admin']);
    expect(await delta(false, true)).toEqual(['n admin', 'a member', 'o none']);
  });

  test('toStanza gives elements in their namespaces, and throws on what is no XML', async () => {
    const seen = await page.evaluate(() => {
      const stanza = env.utils.toStanza('<message xmlns="jabber:client"><body>x</body></message>');
      const codes = ['<message><body>', '', '<a/><b/>', '<a>&nbsp;</a>'].map((xml) => {
        try {
          return env.utils.toStanza(xml).outerHTML;
        } catch (error) {
          return (error as { code: string }).code;
        }
      });
      return [stanza.namespaceURI, stanza.getAttribute('xmlns'), stanza.firstElementChild?.namespaceURI, stanza.matches('[xmlns="jabber:client"]'), ...codes];
    });
    expect(seen).toEqual(['jabber:client', 'jabber:client', 'jabber:client', true, ...Array(4).fill('malformed-xml')]);
  });

  test('bytes, promises, ids', async () => {
    const seen = await page.evaluate(async () => {
      const { getResolveablePromise, getUniqueId } = env.utils;
      const u = env.utils as Record<string, (...args: any[]) => any>;
      const bytes = u['stringToArrayBuffer']?.('aé€');
      const promise = getResolveablePromise<number>();
      promise.resolve(3);
      return {
        hex: u['arrayBufferToHex']?.(bytes),
        base64: u['arrayBufferToBase64']?.(bytes),
        back: u['arrayBufferToString']?.(u['base64ToArrayBuffer']?.('YcOp4oKs')),
        fingerprint: u['formatFingerprint']?.(`05${'abcdef01'.repeat(2)}`),
        resolved: await promise,
        id: /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/.test(getUniqueId()),
      };
    });
    expect(seen).toEqual({ hex: '61c3a9e282ac', base64: 'YcOp4oKs', back: 'aé€', fingerprint: 'abcdef01 abcdef01', resolved: 3, id: true });
  });
});

test.describe('a page with Trusted Types', () => {
  const attempt = async (path: string): Promise<string> => {
    await page.goto(site.url + path);
    return page.evaluate(() => {
      try {
        return env.$msg().cnode(env.utils.toStanza('<x xmlns="u:x"/>')).toString();
      } catch (error) {
        return `${(error as { code: string }).code}: ${(error as Error).message}`;
      }
    });
  };
  const fine = '<message xmlns="jabber:client"><x xmlns="u:x"/></message>';

  test('works with the policy allowed', async () => {
    expect(await attempt('/typed')).toBe(fine);
  });

  test('works where policies are listed and types not required', async () => {
    expect(await attempt('/listed')).toBe(fine);
  });

  test('says what to allow where nothing is', async () => {
    expect(await attempt('/refused')).toMatch(/^trusted-types: .*add "converse-wasm" to its trusted-types list/);
  });
});
