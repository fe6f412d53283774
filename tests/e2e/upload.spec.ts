import { expect, test, type Account, type Chat } from './support/chat.ts';

/** What Juliet's page sends: bytes of every value, so that nothing on the way may change them. */
const SIZE = 100_000;
const NAME = 'Très cool & <b>.png';

/** The page begins to send a file in the open conversation with `jid`, and notes what the message says of it. */
const sendFile = (chat: Chat, jid: string, size = SIZE): Promise<unknown> =>
  chat.page.evaluate(
    ([jid, size, name]) => {
      const api = _converse.api as any;
      const box = api.chats.get(jid) ?? api.rooms.get(jid);
      const file = new File([Uint8Array.from({ length: size }, (_, at) => at % 251)], name, { type: 'image/png' });
      const [message] = box.sendFiles([file]);
      const noted = ((window as any).noted = { message, progress: [] as number[] });
      message.on('change:progress', () => noted.progress.push(message.get('progress')));
      return [message.get('file'), message.file === file, message.get('progress'), message.get('delivery'), box.messages.last() === message];
    },
    [jid, size, NAME] as const,
  );

/** Waits until the message that was noted has attributes such as these. */
const becomes = (chat: Chat, attributes: Record<string, unknown>): Promise<void> =>
  expect.poll(() => chat.page.evaluate(() => (window as any).noted.message.toJSON())).toMatchObject(attributes);

/** Waits for a message in the conversation with `jid` that leads somewhere, and fetches what is there as the page can. */
const fetched = (chat: Chat, jid: string): Promise<unknown> =>
  chat.page.evaluate(async (jid) => {
    const api = _converse.api as any;
    const messages = (api.chats.get(jid) ?? api.rooms.get(jid)).messages;
    const find = (): any => messages.find((message: any) => message.get('oob_url'));
    const message = find() ?? (await new Promise((done) => messages.on('add', () => find() && done(find()))));
    const answer = await fetch(message.get('oob_url'));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return [message.get('sender'), message.get('message') === message.get('oob_url'), answer.headers.get('content-type'), bytes.length, bytes.every((byte, at) => byte === at % 251)];
  }, jid);

const ARRIVED = ['them', true, 'image/png', SIZE, true];

async function both(newAccount: (contacts?: { jid: string }[], name?: string) => Promise<Account>, logIn: (account: Account) => Promise<Chat>): Promise<{ juliet: Chat; romeo: Chat; jids: [string, string] }> {
  const accounts = [await newAccount(), await newAccount([], 'romeo')] as const;
  const [juliet, romeo] = [await logIn(accounts[0]), await logIn(accounts[1])];
  await juliet.page.evaluate((jid) => void (_converse.api as any).chats.create(jid), accounts[1].jid);
  await romeo.page.evaluate((jid) => void (_converse.api as any).chats.create(jid), accounts[0].jid);
  return { juliet, romeo, jids: [accounts[0].jid, accounts[1].jid] };
}

test('a file arrives at another client, which fetches it', async ({ newAccount, logIn }) => {
  const { juliet, romeo, jids } = await both(newAccount, logIn);
  expect(await sendFile(juliet, jids[1])).toEqual([{ name: NAME, size: SIZE, type: 'image/png' }, true, 0, 'pending', true]);
  expect(await fetched(romeo, jids[0])).toEqual(ARRIVED);
  await becomes(juliet, { type: 'chat', upload: 'success', progress: 1, delivery: 'sent', oob_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) });
  const progress = await juliet.page.evaluate(() => (window as any).noted.progress as number[]);
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  // The page has no use for it any more.
  await sendFile(juliet, jids[1], 10 * 1024 * 1024 + 1);
  expect(await juliet.page.evaluate((jid) => (_converse.api as any).chats.get(jid).messages.first().file ?? null, jids[1])).toBe(null);
  await becomes(juliet, { type: 'error', upload: 'failure', upload_error: 'file-too-large', upload_max_size: 10 * 1024 * 1024 });
  expect(juliet.warnings).toEqual([]);
});

test('a file arrives in a room', async ({ newAccount, logIn }) => {
  const { juliet, romeo } = await both(newAccount, logIn);
  const room = `upload-${process.pid}@rooms.capulet.lit`;
  for (const [chat, nick] of [[juliet, 'juliet'], [romeo, 'romeo']] as const) {
    await chat.page.evaluate(async ([room, nick]) => void (await _converse.api.rooms.open(room, { nick })), [room, nick] as const);
    await expect.poll(() => chat.page.evaluate((room) => _converse.api.rooms.get(room)!.get('connection_status'), room)).toBe(5);
  }
  await sendFile(juliet, room);
  expect(await fetched(romeo, room)).toEqual(ARRIVED);
  await becomes(juliet, { type: 'groupchat', upload: 'success', delivery: 'sent', received: expect.any(String) });
});

test('a place that does not take the file: the page is told, and may try again', async ({ newAccount, logIn }) => {
  const { juliet, romeo, jids } = await both(newAccount, logIn);
  const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': 'PUT' };
  const full = (request: { method(): string }): number => (request.method() === 'PUT' ? 507 : 200);
  const put = /\/(upload|file_share)\//;
  await juliet.page.route(put, (route) => route.fulfill({ status: full(route.request()), headers: cors }));
  await juliet.page.evaluate(() => {
    (window as any).failures = [];
    _converse.api.listen.on('uploadFailed', ({ message, chatbox, error }) => (window as any).failures.push([message === (window as any).noted.message, chatbox?.get('jid'), error]));
  });
  await sendFile(juliet, jids[1]);
  await becomes(juliet, { type: 'error', upload: 'failure', upload_error: 'failed', delivery: 'failed', message: `${NAME} was not sent: it could not be uploaded (HTTP 507)` });
  await juliet.page.unroute(put);
  // And one that cannot be reached.
  await juliet.page.route(put, (route) => route.abort());
  expect(await juliet.page.evaluate(() => (window as any).noted.message.retry())).toBe(true);
  await becomes(juliet, { type: 'error', message: `${NAME} was not sent: it could not be uploaded` });
  expect(await juliet.page.evaluate(() => (window as any).failures)).toEqual([[true, jids[1], 'failed'], [true, jids[1], 'failed']]);
  await juliet.page.unroute(put);
  expect(await juliet.page.evaluate(() => [(window as any).noted.message.retry(), (window as any).noted.message.retry()])).toEqual([true, false]);
  expect(await fetched(romeo, jids[0])).toEqual(ARRIVED);
  await becomes(juliet, { type: 'chat', upload: 'success' });
  expect(await juliet.page.evaluate(() => (window as any).noted.message.get('upload_error') ?? null)).toBe(null);
});

test('what is no file is answered at once, and nothing is sent', async ({ newAccount, logIn }) => {
  const { juliet, jids } = await both(newAccount, logIn);
  const tried = await juliet.page.evaluate(async (jid) => {
    const box = (_converse.api as any).chats.get(jid);
    const file = new File(['a'], 'a.txt');
    const given = [undefined, null, file, 'a.txt', [file, 'a.txt'], [new Blob(['a'])], {}];
    const tried = await Promise.all(given.map((files) => probe.settle(() => box.sendFiles(files))));
    return [tried, box.sendFiles([]).length, box.messages.length];
  }, jids[1]);
  const wrong = { ok: false, name: 'TypeError', message: 'sendFiles: the files must be an array or a FileList of files' };
  expect(tried).toEqual([Array(7).fill(expect.objectContaining(wrong)), 0, 0]);
});
