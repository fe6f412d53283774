import { expect, service, test } from './support/chat.ts';
import { prebind } from './support/prebind.ts';

test('the documented snippet shows a token, if the page wants that', async ({ newAccount, openPage, loginSettings }) => {
  const settings = loginSettings(await newAccount(), 'bosh');
  for (const [expose_rid_and_sid, shown] of [[true, /^\d+$/], [false, /^null$/]] as const) {
    const chat = await openPage();
    const dialog = chat.page.waitForEvent('dialog').then(async (dialog) => {
      await dialog.accept();
      return dialog.message();
    });
    // Given by the documentation inside of `initialize`, where nobody has logged in yet.
    await chat.script(`
      converse.plugins.add('myplugin', {
          initialize: function () {
              this._converse.api.listen.on('connected', () => {

                  alert(this._converse.api.tokens.get('rid'));

              });
          }
      });
    `);
    await chat.initialize({ ...settings, expose_rid_and_sid, whitelisted_plugins: ['myplugin'] });
    expect(await dialog).toMatch(shown);
  }
});

test('the tokens are those of the session: the next rid, and the sid', async ({ server, newAccount, openPage }) => {
  const session = await prebind(server, await newAccount());
  const settings = { ...service(server, 'bosh'), authentication: 'prebind' as const, auto_login: true, expose_rid_and_sid: true, ...session };
  const chat = await openPage({ settings });
  expect(await chat.outcome()).toEqual({ ok: true });
  const tokens = () => chat.page.evaluate(() => ['rid', 'SID', 'pid'].map((id) => _converse.api.tokens.get(id)));
  const [rid, sid, other] = await tokens();
  expect([typeof rid, Number(rid) > session.rid, sid, other]).toEqual(['number', true, session.sid, undefined]);
  await chat.page.evaluate(() => _converse.api.settings.set('expose_rid_and_sid', false));
  expect(await tokens()).toEqual([null, null, null]);
  await chat.page.evaluate(() => _converse.api.settings.set('expose_rid_and_sid', true));
  await chat.logOut();
  expect(await tokens()).toEqual([null, null, null]);
});

test('names the argument that is wrong', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { transport: 'bosh', settings: { expose_rid_and_sid: true } });
  for (const id of [undefined, 7, null]) {
    const outcome = await chat.page.evaluate((id) => probe.settle(() => _converse.api.tokens.get(id as never)), id);
    expect(outcome).toEqual({ ok: false, name: 'TypeError', message: 'tokens.get: the argument must be "rid" or "sid"' });
  }
});

test('over WebSocket there are none', async ({ newAccount, logIn }) => {
  const chat = await logIn(await newAccount(), { settings: { expose_rid_and_sid: true } });
  expect(await chat.page.evaluate(() => [_converse.api.tokens.get('rid'), _converse.api.tokens.get('sid')])).toEqual([undefined, undefined]);
});
