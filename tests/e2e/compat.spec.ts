import { expect, test, type Chat } from './support/chat.ts';
import { join, newRoom } from './support/rooms.ts';

// converse.compat.js: what plugins for converse.js 4 find besides, on a page whose policy has no unsafe-eval. Where an
// expectation looks odd, it is what converse.js 4.2.0 was seen to answer in Chromium 156.

test('the libraries are there at once, run when they are touched, and leave the page alone', async ({ openPage }) => {
  const chat = await openPage({ compat: true });
  await chat.page.addInitScript(() => {
    const page = globalThis as any;
    page.before = new Set(Object.keys(page));
    // An AMD loader of the page's.
    page.define = () => (page.defined = true);
    page.define.amd = {};
  });
  await chat.page.reload();
  const seen = await chat.page.evaluate(() => {
    const names = ['_', 'f', 'Backbone', 'moment', 'dayjs', 'sizzle', 'html'];
    const waiting = names.filter((name) => Object.getOwnPropertyDescriptor(converse.env, name)!.get !== undefined);
    const { _, f, Backbone, moment, dayjs, sizzle, html, u, utils } = converse.env as any;
    const List = Backbone.Collection.extend({ model: Backbone.Model.extend({ defaults: { kind: 'thing' } }) });
    const list = new List([{ id: 1, name: 'x' }, { id: 2, name: 'y' }]);
    const stanza = utils.toStanza('<message xmlns="jabber:client"><body>hello you</body><x xmlns="u:x"><item jid="a@b"/></x></message>');
    const globals = globalThis as any;
    return {
      waiting,
      same: names.every((name) => converse.env[name] === converse.env[name]) && u === utils,
      lodash: [_.chunk([1, 2, 3], 2), f.map((n: number) => n + 1)([1]), _.map([1], (n: number) => n + 1)],
      backbone: [list.pluck('name'), list.findWhere({ name: 'y' }).get('kind'), list.at(0).toJSON(), Backbone.VERSION],
      dates: [moment.utc('2019-01-02T03:04:05Z').format('YYYY-MM-DD HH:mm'), dayjs('2019-01-02').format('DD.MM.YYYY')],
      sizzle: ['body:contains("lo you")', 'x[xmlns="u:x"] > item', 'x[xmlns="u:y"]'].map((selector) => sizzle(selector, stanza).length),
      html: html`<p>${1}</p>`.values,
      globals: Object.keys(globals).filter((name) => !globals.before.has(name) && !/^(before|define|probe|converse|lit.*|reactive.*)$/.test(name)),
      defined: globals.defined,
    };
  });
  expect(seen).toEqual({
    waiting: ['_', 'f', 'Backbone', 'moment', 'dayjs', 'sizzle', 'html'],
    same: true,
    lodash: [[[1, 2], [3]], [2], [2]],
    backbone: [['x', 'y'], 'thing', { kind: 'thing', id: 1, name: 'x' }, '1.4.1'],
    dates: ['2019-01-02 03:04', '02.01.2019'],
    sizzle: [1, 1, 0],
    html: [1],
    globals: [],
    defined: undefined,
  });
  expect(chat.warnings).toEqual([]);
});

test('the helpers of utils that need a document', async ({ openPage }) => {
  const chat = await openPage({ compat: true });
  const seen = await chat.page.evaluate(() => {
    const u = converse.env.utils as Record<string, any>;
    const make = (html: string): any => u['stringToElement'](html);
    const list = make('<ul><li class="a hidden">1</li><li class="b x">2</li><li class="c">3</li></ul>');
    const [a, b, c] = list.children;
    document.body.append(list);
    const text = document.body.appendChild(document.createElement('textarea'));
    text.value = 'hello wor';
    text.selectionEnd = 9;
    const word = u['getCurrentWord'](text);
    u['replaceCurrentWord'](text, 'world');
    const field = (attributes: string, inner = ''): any =>
      make(`<div>${u['xForm2webForm'](u['toStanza'](`<field xmlns="jabber:x:data" var="v" label="&lt;b&gt;" ${attributes}>${inner}</field>`))}</div>`);
    const [box, select, secret] = [
      field('type="boolean"', '<value>1</value>').querySelector('input'),
      field('type="list-single"', '<value>2</value><option label="one"><value>1</value></option><option label="two"><value>2</value></option>').querySelector('select'),
      field('type="text-private"', '<value>x"y</value><required/>').querySelector('input'),
    ];
    return {
      around: [u['ancestor'](b, 'ul').tagName, u['ancestor'](b, '.none'), u['ancestor'](null, 'x'), u['ancestor'](b, '.b') === b],
      beside: [u['nextUntil'](a, '.c').length, u['getNextElement'](a, '.c') === c, u['getPreviousElement'](c) === b, u['getNextElement'](c), u['siblingIndex'](c)],
      within: [u['getFirstChildElement'](list, '.b') === b, u['getLastChildElement'](list) === c, u['queryChildren'](list, 'li').length],
      visible: [u['isVisible'](a), u['isVisible'](b), u['showElement'](a).className, u['hideElement'](b).className, u['removeClass']('hidden', b).className, u['hasClass']('x', b)],
      texts: [u['escapeHTML']('<a href="x">&'), u['unescapeHTML']('&lt;a&gt; <b>x</b>'), u['renderNewLines']('a\nb\n\nc'), u['addHyperlinks']('(www.foo.org).')],
      urls: [u['isImageURL']('https://x/y.PNG'), u['isImageURL']('http://x/y.txt'), u['isAudioURL']('https://x/a.mp3'), u['isAudioURL']('http://x/a.mp3'), u['isVideoURL']('https://x/a.webm')],
      writing: [word, text.value, text.selectionEnd],
      small: [u['interpolate']('a {{{b}}} {{{c}}}', { b: 1 }), u['getLongestSubstring']('abcdef', ['ab', 'abc', 'x']), u['geoUriToHttp']('geo:1.2,3.4', 'https://m/$1/$2'),
        u['contains'](['n', 'm'], 'Jo')({ get: (name: string) => ({ n: 'x', m: 'JOhn' })[name] })],
      forms: [[box.type, box.name, box.checked], [select.name, select.value, select.options[1].text], [secret.type, secret.value, secret.required], field('type="text-single"').textContent.trim()],
      back: [make('<textarea name="v">a\n\nb</textarea>'), make('<input type="checkbox" name="v" checked>'), select].map((control) =>
        [...u['webForm2xForm'](control).children].map((value: Element) => value.textContent)),
    };
  });
  expect(seen).toEqual({
    around: ['UL', null, null, true],
    beside: [1, true, true, null, 2],
    within: [true, true, 3],
    visible: [false, true, 'a', 'b x hidden', 'b x', true],
    texts: ['&lt;a href=&quot;x&quot;&gt;&amp;', '<a> x', 'a<br/>b<br/><br/>c', '(<a target="_blank" rel="noopener" href="http://www.foo.org">www.foo.org</a>).'],
    urls: [true, false, true, false, true],
    writing: ['wor', 'hello world ', 12],
    small: ['a 1 {{{c}}}', 'abc', 'https://m/1.2/3.4', true],
    forms: [['checkbox', 'v', true], ['v', '2', 'two'], ['password', 'x"y', true], '<b>'],
    back: [['a', 'b'], ['1'], ['2']],
  });
});

test('the views and the storage that converse.js adds to Backbone', async ({ openPage }) => {
  const chat = await openPage({ compat: true });
  const seen = await chat.page.evaluate(async () => {
    const { Backbone, Model } = converse.env;
    const log: unknown[] = [];
    const Section = Backbone.NativeView.extend({
      tagName: 'section', className: 'k', id: 'native', attributes: { 'data-x': 1 },
      events: { 'click .go': 'go', click: () => log.push('all') },
      go: (event: any) => log.push(event.delegateTarget.className),
    });
    // It listens to models of Backbone's, and to this library's.
    const [theirs, ours] = [new Backbone.Model(), new Model()];
    const section = new Section({ model: theirs });
    section.el.innerHTML = '<p class="go"><b>x</b></p>';
    section.listenTo(theirs, 'change:z', (_model: unknown, value: unknown) => log.push(value));
    section.listenTo(ours, 'change:z', (_model: unknown, value: unknown) => log.push(value));
    const click = (): void => section.$('b')[0].click();
    const change = (value: string): void => [theirs, ours].forEach((model, at) => model.set('z', value + at));
    click();
    change('one');
    section.undelegateEvents();
    click();
    section.remove();
    change('two');

    let html = '<div class="modal" id="m"><p>one</p><input value="a"><ul><li>1</li><li>2</li></ul></div>';
    const view = new (Backbone.VDOMView.extend({ events: { 'click p': () => log.push('p') }, toHTML: () => html }))();
    document.body.append(view.el);
    view.render();
    const [el, input, list] = [view.el, view.el.querySelector('input'), view.el.querySelector('ul')];
    view.el.classList.add('show');
    html = '<div class="modal" id="m"><p class="n">two</p><input value="b"><ul><li>2</li></ul></div>';
    view.render();
    view.el.querySelector('p').click();
    const stays = [view.el === el, view.el.querySelector('input') === input, view.el.querySelector('ul') === list, view.el.outerHTML, view.el.isConnected];

    const Item = Backbone.VDOMView.extend({ toHTML(): string { return `<li>${(this as any).model.get('n')}</li>`; } });
    const items = new (Backbone.Collection.extend({ comparator: 'n' }))([{ id: 'a', n: 3 }, { id: 'b', n: 1 }, { id: 'c', n: 2 }]);
    const ordered = new (Backbone.OrderedListView.extend({ ItemView: Item, listSelector: 'ul' }))({ model: items });
    ordered.el.innerHTML = '<ul></ul>';
    ordered.sortAndPositionAllItems();
    const sorted = [ordered.el.textContent, ordered.keys(), ordered.xget('a').length, ordered.map((view: any) => view.model.get('n'))];
    items.get('a').set('n', 0);
    ordered.sortAndPositionAllItems();
    sorted.push(ordered.el.querySelector('ul').firstChild === ordered.get('a').el, ordered.remove('a') !== undefined, ordered.el.textContent);

    const Things = Backbone.Collection.extend({ browserStorage: new Backbone.BrowserStorage.session('things') });
    const things = new Things();
    things.create({ id: 'x', v: 1 });
    things.create({ v: 2 });
    things.get('x').save({ v: 3 });
    const again = new Things();
    again.fetch();
    const stored = [again.length, again.get('x').get('v'), sessionStorage.getItem('things-x')];
    again.get('x').destroy();
    stored.push(sessionStorage.getItem('things-x'), sessionStorage.getItem('things')!.split(',').length);
    return { log, outer: section.el.outerHTML, stays, sorted, stored };
  });
  expect(seen).toEqual({
    log: ['go', 'all', 'one0', 'one1', 'p'],
    outer: '<section data-x="1" id="native" class="k"><p class="go"><b>x</b></p></section>',
    stays: [true, true, true, '<div class="modal show" id="m"><p class="n">two</p><input value="b"><ul><li>2</li></ul></div>', true],
    sorted: ['123', ['b', 'c', 'a'], 2, [1, 2, 3], true, true, '12'],
    stored: [2, 3, '{"id":"x","v":3}', null, 1],
  });
});

/** A plugin as people have written them: a tool at each conversation, which opens a window of its own. */
const SEARCH = `
  converse.plugins.add('search', {
    initialize: function () {
      _converse = this._converse;
      var Backbone = converse.env.Backbone;
      window.log = [];
      SearchDialog = _converse.BootstrapModal.extend({
        events: { 'click .btn-success': 'search', 'keyup #words': 'key' },
        initialize() {
          _converse.BootstrapModal.prototype.initialize.apply(this, arguments);
          this.listenTo(this.model.get('view').model, 'change:nickname', () => log.push('nickname'));
          this.model.on('change', this.render, this);
        },
        toHTML() {
          const found = this.model.get('found') || [];
          return '<div class="modal" id="search"><div class="modal-dialog modal-lg"><div class="modal-content">' +
            '<div class="modal-header"><h1 class="modal-title">Search</h1><button type="button" class="close" data-dismiss="modal">×</button></div>' +
            '<div class="modal-body"><input id="words" type="text"><ul>' + found.map((text) => '<li>' + text + '</li>').join('') + '</ul></div>' +
            '<div class="modal-footer"><button type="button" class="btn btn-success">Go</button></div></div></div></div>';
        },
        afterRender() {
          this.el.addEventListener('shown.bs.modal', () => this.el.querySelector('#words').focus(), { once: true });
        },
        key(event) { log.push('key ' + event.key); },
        search() { this.model.set('found', [this.el.querySelector('#words').value, 'another']); },
      });
      _converse.api.listen.on('renderToolbar', function (view) {
        const smiley = view.el.querySelector('.toggle-toolbar-menu.toggle-smiley.dropup');
        smiley.insertAdjacentHTML('afterEnd', '<li class="plugin-search"><a href="#">Search</a></li>');
        view.el.querySelector('.plugin-search a').addEventListener('click', function (event) {
          dialog = new SearchDialog({ model: new Backbone.Model({ view: view }) });
          dialog.show(event);
        });
      });
    },
  });
`;

test('a plugin shows a window of its own above everything else', async ({ newAccount, openPage, loginSettings, server }) => {
  const chat = await openPage({ compat: true });
  await chat.page.evaluate(SEARCH);
  await chat.initialize({ ...loginSettings(await newAccount()), view_mode: 'fullscreen', whitelisted_plugins: ['search'] });
  await chat.event('rosterContactsFetched');
  const { page } = chat;
  await page.evaluate((jid) => _converse.api.chats.open(jid), `somebody@${server.domain}`);
  const tool = page.locator('.plugin-search a');
  await tool.click();
  const modal = page.locator('#converse-modals #search.modal.show');
  await expect(modal.locator('#words')).toBeFocused();
  await expect(tool).toHaveClass('selected');
  await page.keyboard.type('hi');
  await modal.locator('.btn-success').click();
  await expect(modal.locator('li')).toHaveText(['hi', 'another']);
  await expect(modal.locator('#words')).toHaveValue('hi');

  // The keyboard stays in it; Escape and the button end it, and give the keyboard back.
  await page.keyboard.press('Escape');
  await expect(modal).toHaveCount(0);
  await expect(tool).not.toHaveClass('selected');
  await page.evaluate('dialog.show()');
  await modal.locator('.close').click();
  await expect(page.locator('#search')).toBeHidden();
  const log = await page.evaluate(async (jid) => {
    const globals = globalThis as any;
    globals.dialog.modal.show();
    globals.dialog.modal.hide();
    const model = _converse.api.chats.get(jid)!;
    model.set('nickname', 'one');
    globals.dialog.remove();
    model.set('nickname', 'two');
    return [globals.log, document.querySelector('#search, #converse-modals .plugin-modal')];
  }, `somebody@${server.domain}`);
  expect(log).toEqual([['key h', 'key i', 'nickname'], null]);
  expect(await chat.uncaught()).toEqual([]);
});

test('hooks of later versions: buttons at tools, heading and messages, and what plugins ask each other', async ({ newAccount, openPage, loginSettings, server }) => {
  const chat = await openPage({ compat: true });
  await chat.page.evaluate(`
    converse.plugins.add('later', {
      initialize() {
        const { _converse } = this;
        const { api } = _converse;
        const { html, u, dayjs, Model, BootstrapModal } = converse.env;
        window.log = [];
        api.settings.extend({ later_words: 'yes' });
        const Note = Model.extend({ defaults: { text: 'none' }, loud() { return this.get('text').toUpperCase(); } });
        api.elements.define('later-note', class extends HTMLElement { connectedCallback() { this.textContent = new Note({ text: 'note' }).loud(); } });
        api.listen.on('getToolbarButtons', (toolbar, buttons) => {
          buttons.push(html\`<button class="later-tool" @click=\${(event) => { log.push('tool ' + toolbar.model.get('jid') + toolbar.is_groupchat); openDialog(event); }}><later-note></later-note></button>\`);
          return buttons;
        });
        api.listen.on('getHeadingButtons', async (view, buttons) => [...buttons, { i18n_text: 'Wave', i18n_title: 'Wave to them', a_class: 'later-wave', icon_class: 'fa-hand', handler: (ev) => log.push('heading ' + view.model.get('jid') + ev.type) }]);
        api.listen.on('getOccupantActionButtons', (occupant, buttons) => [...buttons, { i18n_text: 'Wave at them', button_class: 'later-occupant', handler: () => log.push('occupant ' + occupant.get('nick')) }]);
        api.listen.on('getMessageActionButtons', (el, buttons) => { buttons.push({ i18n_text: 'Copy', button_class: 'later-copy', handler: () => log.push('message ' + el.model.get('message')) }); return buttons; });
        const Dialog = BootstrapModal.extend({
          id: 'later-dialog',
          events: { 'click .later-done': 'done' },
          toHTML() { return html\`<div class="modal-dialog"><h1 class="modal-title">\${this.model.get('title')}</h1><button class="later-done">Done</button></div>\`; },
          done() { this.model.set('title', 'Bye'); this.render(); log.push(this.el.querySelector('h1').textContent); this.modal.hide(); },
        });
        window.openDialog = (event) => {
          const { model } = u.ancestor(event.target, 'converse-chat-toolbar');
          new Dialog({ model: new Model({ title: 'Of ' + model.get('jid') }) }).show(event);
        };
        // Hooks that there are no occasions for are listened to in silence.
        api.listen.on('parseMUCMessage parseMessage sendMessage createMessageStanza beforeMessageBodyTransformed', (_context, data) => data);
        _converse.exports.Note = Note;
      },
    });
  `);
  await chat.initialize({ ...loginSettings(await newAccount()), view_mode: 'fullscreen', whitelisted_plugins: ['later'] });
  await chat.event('rosterContactsFetched');
  const jid = `somebody@${server.domain}`;
  await chat.page.evaluate(async (jid) => {
    const box = await _converse.api.chats.open(jid);
    box.sendMessage({ message: 'good night' });
  }, jid);
  await expect(chat.page.locator('.chat-toolbar .later-tool')).toHaveText('NOTE');
  await chat.page.locator('.later-tool').click();
  const dialog = chat.page.getByRole('dialog', { name: `Of ${jid}` });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toHaveCount(0);
  for (const button of [ '.chat-head .later-wave', '.chat-msg.me .later-copy']) {
    await chat.page.locator(button).click();
  }
  const room = newRoom();
  await join(chat, room, { nick: 'Juliet' });
  await chat.page.getByRole('button', { name: 'What to do with Juliet' }).click();
  await chat.page.getByRole('menuitem', { name: 'Wave at them' }).click();
  const asked = await chat.page.evaluate(async () => {
    const { api } = _converse;
    const { listen } = api;
    listen.on('double', (factor: number, data: number) => Promise.resolve(data * factor));
    listen.on('double', (_factor: number, data: number) => data + 1);
    const done: string[] = [];
    listen.on('slow', async (word: string) => { await Promise.resolve(); done.push(word); });
    api.promises.add('slow');
    await api.trigger('slow', 'waited', { synchronous: true });
    const resolved = _converse.promises['slow']!.isResolved;
    void api.trigger('slow', 'plain');
    return [await api.hook('double', 3, 5), api.hook('nobody', null, 7), done[0], resolved, api.settings.get('later_words'), Object.keys(api.elements.registry),
      new _converse.exports['Note']().loud(), _converse.exports['ChatRoom'] === _converse['ChatRoom'], _converse.state['roster'] === _converse.roster];
  });
  expect(asked).toEqual([16, 7, 'waited', true, 'yes', ['later-note'], 'NONE', true, true]);
  expect(await chat.page.evaluate('log')).toEqual([`tool ${jid}false`, 'Bye', `heading ${jid}click`, 'message good night', 'occupant Juliet']);
  expect(await chat.uncaught()).toEqual([]);
});

test('initialize again after a log-out: what plugins override and show is there once', async ({ newAccount, openPage, loginSettings }) => {
  const chat: Chat = await openPage({ compat: true });
  await chat.page.evaluate(`
    let rounds = 0;
    converse.plugins.add('again', {
      overrides: {
        RosterContacts: { get(jid) { log.push('asked'); return this.__super__.get(jid); } },
      },
      initialize() {
        const { _converse } = this;
        window.log = [];
        rounds += 1;
        _converse.api.listen.on('connected', () => {
          const View = _converse.VDOMView.extend({ toHTML: () => '<p class="again">' + rounds + '</p>' });
          window.view?.remove();
          window.view = new View();
          document.body.append(view.render().el);
        });
      },
    });
  `);
  for (const round of [1, 2]) {
    const account = await newAccount();
    await chat.initialize({ ...loginSettings(account), whitelisted_plugins: ['again'] });
    await chat.event('rosterContactsFetched', round);
    expect(await chat.jid()).toContain(account.jid);
    await expect(chat.page.locator('.again')).toHaveText([String(round)]);
    expect(await chat.page.evaluate(() => [_converse.roster.get('nobody@nowhere') === undefined, (globalThis as any).log])).toEqual([true, ['asked']]);
    await chat.logOut();
  }
  expect(await chat.uncaught()).toEqual([]);
});
