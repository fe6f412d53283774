import { defineConfig } from '@playwright/test';

import type { ServerOption } from './support/chat.ts';

// The system's browser: none is downloaded. `cargo xtask test` says where it is.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Every test that talks to a server runs against each of the two. These run once, in the project of Prosody:
 * specs that need no server or begin their own, and in the other specs what is tagged `@once`: there the test plays the
 * server itself, or wants one that only Prosody can be.
 */
const ONCE = [
  'client',
  'client-access',
  'client-again',
  'client-door',
  'client-notify',
  'client-past',
  'client-rooms',
  'client-talk',
  'compat',
  'corpus',
  'demo',
  'documentation',
  'emit',
  'env',
  'flood',
  'loader',
  'plugins',
  'promises',
  'sasl2',
  'settings',
];

export default defineConfig<object, ServerOption>({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  // A test has a browser and often a server of its own; two of each at a time are too much for two cores.
  workers: 1,
  fullyParallel: false,
  // Six hundred tests with real servers and a real browser: one that fails is run once again, so that a machine that stood
  // still for a moment is not taken for a broken product. `cargo xtask test` says which those were, and how they failed.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  projects: [
    { name: 'prosody', use: { serverName: 'prosody' } },
    {
      name: 'ejabberd',
      use: { serverName: 'ejabberd' },
      testIgnore: ONCE.map((name) => `**/${name}.spec.ts`),
      grepInvert: /@once/,
    },
  ],
  reporter: [['list'], ['json', { outputFile: '../../test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    trace: 'retain-on-first-failure',
    launchOptions: {
      executablePath,
      // Playwright itself gives each browser a new user folder. Without the sandbox root can run it too.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
