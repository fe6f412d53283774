/** Of `converse.env.utils`, small helpers for texts and for models, as plugins have them. */

interface Fields {
  get(name: string): any;
}

/** The longest of the candidates that the text begins with. */
export function getLongestSubstring(text: string, candidates: readonly string[]): string {
  return candidates.filter((one) => text.startsWith(one)).reduce((best, one) => (one.length > best.length ? one : best), '');
}

export function isValidMUCJID(jid: string): boolean {
  return !jid.startsWith('@') && !jid.endsWith('@');
}

/** `{{{name}}}` in the text becomes what `values` has by that name. */
export function interpolate(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{\{\{([^{}]*)\}\}\}/g, (whole, name: string) => {
    const value = values[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}

export function geoUriToHttp(text: string, replacement: string): string {
  return text.replace(/geo:([-0-9.]+),([-0-9.]+)(?:,([-0-9.]+))?(?:\?(.*))?/g, replacement);
}

export function httpToGeoUri(text: string, _converse: { geouri_regex: RegExp }): string {
  return text.replace(_converse.geouri_regex, 'geo:$1,$2');
}

/** Emoji are characters here: names of them (`:smile:`) stay text. */
export function shortnameToUnicode(text: string): string {
  return text;
}

export function addEmoji(_converse: unknown, text: string): string {
  return text;
}

/** What makes HTML of text with emoji. */
export function getEmojiRenderer(_converse: unknown): (text: string) => string {
  return (text) => text;
}

export function isSingleEmoji(text: string): boolean {
  return /^(\p{RI}{2}|\p{Emoji}(\p{EMod}|\uFE0F\u20E3?|[\u{E0020}-\u{E007F}]+)?(\u200D\p{Emoji}(\p{EMod}|\uFE0F)?)*)$/u.test(text.trim()) && !/^[\d#*]$/.test(text.trim());
}

/** The last of a chat's messages that somebody wrote. */
export function getMostRecentMessage({ messages }: { messages: { models: readonly Fields[] } }): Fields | undefined {
  return [...messages.models].reverse().find((message) => message.get('type') !== 'error' && message.get('message'));
}

/** A test for models: whether an attribute, or one of several, has the text in it. */
export function contains(names: string | readonly string[], query: string): (model: Fields) => boolean {
  return (model) => [names].flat().some((name) => String(model.get(name) ?? '').toLowerCase().includes(query.toLowerCase()));
}

contains.not = (names: string | readonly string[], query: string) => (model: Fields): boolean => !contains(names, query)(model);

export function isOfType(type: string, model: Fields): boolean {
  return model.get('type') === type;
}

export function isInstance(type: new (...args: any[]) => unknown, model: unknown): boolean {
  return model instanceof type;
}

export function getAttribute(name: string, model: Fields): unknown {
  return model.get(name);
}

export function isPersistableModel(model: { collection?: { browserStorage?: unknown } }): boolean {
  return Boolean(model.collection?.browserStorage);
}

/** Calls back when all the events have happened, with what came of them. */
export function onMultipleEvents(events: readonly { object: { on(name: string, handler: (result: unknown) => void): unknown }; event: string }[], callback: (results: unknown[]) => unknown): void {
  let results: unknown[] = [];
  const handle = (result: unknown): void => {
    results.push(result);
    if (results.length === events.length) {
      callback(results);
      results = [];
    }
  };
  events.forEach(({ object, event }) => object.on(event, handle));
}
