/** A browser for which names that nobody owns are hosts of this machine. */
import { startSecureSite } from '../../support/secure-site.mjs';
import { test as base } from './chat.ts';

interface Hosts {
  /** What answers over https at `*.lit`. */
  secure: Awaited<ReturnType<typeof startSecureSite>>;
}

export const test = base.extend<object, Hosts>({
  secure: [
    async ({ server }, use) => {
      const site = await startSecureSite({ forward: server.port });
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],

  browser: [
    async ({ playwright, launchOptions, secure }, use) => {
      const rules = `MAP *.lit:443 127.0.0.1:${secure.port}, MAP *.lit 127.0.0.1`;
      const args = [...(launchOptions.args ?? []), `--host-resolver-rules=${rules}`, '--ignore-certificate-errors'];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});
