// The page's half: what a plugin sees is noted here, in a form that two libraries can be compared by.

/** Runs in the page before anything else. `note` is what the plugins of the idioms call. */
export function install() {
  const waiting = [];

  /** Ids that a library has made are all alike; those of idioms are short. */
  const known = (id) => (id.length > 12 ? '#' : id);

  const plainText = (text) =>
    text
      .replace(/converse\.js-\d+/g, 'RESOURCE')
      .replace(/http:\/\/127\.0\.0\.1:\d+\/[^\s'"]*\//g, 'PLACE/')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, 'TIME')
      .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(:[\w:]+)?/g, known);

  /** What says nothing that a plugin could mean: the hash of what a client can do, and the priority that there is anyway. */
  const silent = (element) => element.localName === 'priority' && element.textContent === '0';

  /** An element as text: attributes in the order of their names, namespaces where they change. */
  const canonical = (element, around) => {
    if (silent(element)) return '';
    if (element.localName === 'c' && element.hasAttribute('ver')) return `<c>${[...element.children].map((child) => canonical(child)).join('')}</>`;
    const namespace = element.getAttribute('xmlns') ?? element.namespaceURI ?? around;
    const attributes = [...element.attributes]
      .filter(({ name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
      .map(({ name, value }) => ` ${name}='${name === 'id' ? known(value) : plainText(value)}'`)
      .sort();
    const xmlns = namespace === around ? '' : ` xmlns='${namespace}'`;
    const inside = [...element.childNodes]
      .map((node) => (node.nodeType === 1 ? canonical(node, namespace) : node.nodeType === 3 ? plainText(node.data) : ''))
      .join('');
    return `<${element.localName}${xmlns}${attributes.join('')}>${inside}</>`;
  };

  const plain = (value, depth = 0) => {
    if (value instanceof Element) return canonical(value);
    if (value?.nodeTree instanceof Element) return canonical(value.nodeTree);
    if (value instanceof Error) return `${value.name}`;
    if (typeof value === 'string') return plainText(value);
    if (typeof value === 'function') return 'a function';
    if (Array.isArray(value)) return depth > 4 ? '…' : value.map((one) => plain(one, depth + 1));
    if (value && typeof value === 'object') {
      if (depth > 4) return '…';
      if (value.constructor && value.constructor !== Object) return 'an object';
      return Object.fromEntries(Object.keys(value).sort().map((key) => [key, plain(value[key], depth + 1)]));
    }
    return value === undefined ? 'undefined' : value;
  };

  window.sideBySide = {
    log: [],
    canonical(texts) {
      return texts.flatMap((text) => {
        const { documentElement } = new DOMParser().parseFromString(`<wire xmlns="jabber:client">${text}</wire>`, 'text/xml');
        return [...documentElement.children].map((child) => canonical(child, 'jabber:client'));
      });
    },
    until(name, times) {
      const count = () => sideBySide.log.filter((entry) => entry[0] === name).length;
      return count() >= times ? Promise.resolve() : new Promise((done) => waiting.push(() => count() >= times && (done(), true)));
    },
  };
  window.note = (name, ...values) => {
    sideBySide.log.push([name, ...values.map((value) => plain(value))]);
    for (const look of [...waiting]) if (look()) waiting.splice(waiting.indexOf(look), 1);
  };
  addEventListener('error', (event) => note('uncaught', event.message));
}
