/** Initialises plugins one after another, each after those it depends on. */
import { configurationError } from './errors.ts';
import { forgetOverrides, override } from './overrides.ts';
import { BUILT_IN } from './plugins.ts';
import type { ClosuredConverse, Plugin } from './types/index.d.ts';

/** What is passed to `initialize` of a plugin, as pluggable.js has it. */
interface Socket {
  readonly name: string;
  readonly plugged: ClosuredConverse;
  readonly plugins: Readonly<Record<string, object>>;
  readonly allowed_plugins: Readonly<Record<string, object>>;
  readonly initialized_plugins: string[];
  readonly properties: object;
}

/** Initialises those of the plugins that the settings allow. */
export function startPlugins(_converse: ClosuredConverse, registered: ReadonlyMap<string, Plugin>): void {
  const starter = new Starter(_converse, registered);
  forgetOverrides();
  [...registered.keys()].forEach((name) => starter.start(name));
}

class Starter {
  readonly #converse: ClosuredConverse;
  readonly #plugins: ReadonlyMap<string, Plugin>;
  readonly #socket: Socket;
  /** The plugins whose turn has come, and whether nothing more is to be done with them. */
  readonly #begun = new Map<string, boolean>();

  constructor(_converse: ClosuredConverse, plugins: ReadonlyMap<string, Plugin>) {
    this.#converse = _converse;
    this.#plugins = plugins;
    const settings = _converse as Record<string, any>;
    const listed = (name: string, setting: string): boolean => [settings[setting]].flat().includes(name);
    const banned = (name: string): boolean => listed(name, 'blacklisted_plugins');
    // What the built-in ones do is part of this library; as dependencies they are there.
    const own = [...BUILT_IN].filter((name) => name !== 'converse-omemo').map((name) => [name, { __name__: name }] as const);
    const wanted = [...plugins].filter(([name]) => listed(name, 'whitelisted_plugins'));
    for (const name of plugins.keys()) {
      if (!listed(name, 'whitelisted_plugins') && !banned(name)) {
        console.warn(`converse: the plugin "${name}" is registered, but not in whitelisted_plugins, and is not started`);
      }
    }
    this.#socket = {
      name: '_converse',
      plugged: _converse,
      plugins: Object.fromEntries([...own, ...plugins]),
      allowed_plugins: Object.fromEntries([...own, ...wanted].filter(([name]) => !banned(name))),
      initialized_plugins: own.map(([name]) => name).filter((name) => !banned(name)),
      // The second is deprecated by 4.x, and still called by plugins for 3.x.
      properties: { _converse, updateSettings: _converse.api.settings.update },
    };
    settings['pluggable'] = this.#socket;
  }

  start(name: string): void {
    const plugin = this.#plugins.get(name)!;
    if (this.#begun.has(name) || !Object.hasOwn(this.#socket.allowed_plugins, name)) {
      return;
    }
    this.#begun.set(name, false);
    // What cannot be written to, such as a module's namespace, has to do without.
    Object.entries(this.#socket.properties).forEach(([key, value]) => Reflect.set(plugin, key, value));
    if (this.#isEnabled(plugin)) {
      this.#startDependencies(name, plugin);
      override(this.#converse, plugin, (what) => this.#miss('missing-override', `The plugin "${name}" overrides "${what}", which there is not`));
      plugin.initialize?.(this.#socket);
      this.#socket.initialized_plugins.push(name);
    }
    this.#begun.set(name, true);
  }

  #isEnabled(plugin: Plugin): boolean {
    const { enabled } = plugin;
    return enabled == null || enabled === true || (typeof enabled === 'function' && Boolean(enabled.call(plugin, this.#converse)));
  }

  #startDependencies(name: string, { dependencies = [], optional_dependencies = [] }: Plugin): void {
    for (const dependency of [dependencies, optional_dependencies].flat()) {
      if (this.#begun.get(dependency) === false) {
        throw configurationError('circular-dependency', `Found a circular dependency between the plugins "${name}" and "${dependency}"`);
      }
      if (this.#plugins.has(dependency)) {
        this.start(dependency);
      } else if (!BUILT_IN.has(dependency) && [dependencies].flat().includes(dependency)) {
        this.#miss('missing-dependency', `Could not find the dependency "${dependency}" of the plugin "${name}"`);
      }
    }
  }

  /** Something is not there that a plugin wants: an error, if the settings say so. */
  #miss(code: string, message: string): void {
    if (this.#converse['strict_plugin_dependencies']) {
      throw configurationError(code, message);
    }
    console.warn(`converse: ${message}`);
  }
}
