// The fenced blocks of a page of Markdown, for the tests of the documentation.

/**
 * @param {string} markdown
 * @returns {{ language: string, words: string[], text: string, line: number }[]} `words` stand behind the language
 */
export function blocks(markdown) {
  const found = [...markdown.matchAll(/^```([\w-]*)((?:,[\w-]+)*)\n([\s\S]*?)^```$/gm)];
  return found.map(({ 1: language = '', 2: words = '', 3: text = '', index }) => ({
    language,
    words: words.split(',').filter(Boolean),
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));
}
