// What a site does: it begins the client with its settings, which here stand in the address. And it notes what goes wrong.

window.noted = [];
const note = (...words) => window.noted.push(words.map(String).join(' '));

for (const level of ['warn', 'error']) {
  const write = console[level];
  console[level] = (...words) => {
    note(level, ...words);
    write.apply(console, words);
  };
}
addEventListener('error', (event) => note('uncaught', event.message));
addEventListener('unhandledrejection', (event) => note('unhandled', event.reason));
document.addEventListener('securitypolicyviolation', (event) => note('against the policy', event.violatedDirective, event.blockedURI, event.sample));

addEventListener('converse-loaded', () => {
  const settings = new URLSearchParams(location.search).get('settings');
  if (settings) window.converse.initialize(JSON.parse(settings));
});
