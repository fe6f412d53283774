/**
 * `Backbone.BrowserStorage.local` and `.session`: models and collections with one of them as `browserStorage` are saved in
 * the browser, under a name of their own, in place of a server.
 */

/** A model or a collection, as far as it is looked at here. */
interface Saved {
  id?: string | number;
  idAttribute?: string;
  browserStorage?: BrowserStorage;
  collection?: Saved;
  models?: unknown;
  set(attributes: object, options?: object): unknown;
  toJSON(): object;
}

interface Options {
  success?: (answer: unknown) => void;
  error?: (message: string) => void;
  complete?: (answer: unknown) => void;
}

/** Under the name lie the ids, separated by commas; under the name with an id, the model as JSON. */
class BrowserStorage {
  readonly name: string;
  readonly store: () => Storage;

  constructor(name: string, store: () => Storage) {
    this.name = name;
    this.store = store;
  }

  get records(): string[] {
    return this.store().getItem(this.name)?.split(',').filter(Boolean) ?? [];
  }

  save(model: Saved): object {
    if (model.id === undefined || model.id === null) {
      model.set({ [model.idAttribute ?? 'id']: crypto.randomUUID?.() ?? String(Math.random()).slice(2) });
    }
    const id = String(model.id);
    this.store().setItem(`${this.name}-${id}`, JSON.stringify(model));
    this.#keep([...new Set([...this.records, id])]);
    return model.toJSON();
  }

  find({ id }: Saved): object | null {
    return this.#read(String(id));
  }

  findAll(): object[] {
    return this.records.map((id) => this.#read(id)).filter((found) => found !== null);
  }

  destroy(model: Saved): Saved {
    this.store().removeItem(`${this.name}-${model.id}`);
    this.#keep(this.records.filter((id) => id !== String(model.id)));
    return model;
  }

  _clear(): void {
    this.records.forEach((id) => this.store().removeItem(`${this.name}-${id}`));
    this.store().removeItem(this.name);
  }

  #keep(ids: readonly string[]): void {
    this.store().setItem(this.name, ids.join(','));
  }

  #read(id: string): object | null {
    return JSON.parse(this.store().getItem(`${this.name}-${id}`) ?? 'null') as object | null;
  }
}

/** Adds the storages, and has `Backbone.sync` go to them where there is one. */
export function addBrowserStorage(Backbone: any): void {
  const server = Backbone.sync;
  const makes = (store: () => Storage) =>
    function (name: string): BrowserStorage {
      return new BrowserStorage(name, store);
    };
  Backbone.BrowserStorage = { local: makes(() => localStorage), session: makes(() => sessionStorage) };
  Backbone.ajaxSync = server;
  Backbone.sync = (method: string, model: Saved, options: Options = {}): unknown => {
    const storage = model.browserStorage ?? model.collection?.browserStorage;
    return storage ? sync(storage, method, model, options) : server.call(Backbone, method, model, options);
  };
}

function sync(storage: BrowserStorage, method: string, model: Saved, { success, error, complete }: Options): Promise<unknown> {
  let answer: unknown = null;
  let failure = 'Record Not Found';
  try {
    answer = perform(storage, method, model);
  } catch (exception) {
    // The storage is full, or forbidden.
    failure = String(exception);
  }
  answer ? success?.(answer) : error?.(failure);
  complete?.(answer);
  return Promise.resolve(answer);
}

function perform(storage: BrowserStorage, method: string, model: Saved): unknown {
  switch (method) {
    case 'read':
      return model.models || model.id === undefined ? storage.findAll() : storage.find(model);
    case 'delete':
      return storage.destroy(model);
    default:
      return storage.save(model);
  }
}
