/** `Backbone.Overview`, a view of views, and `Backbone.OrderedListView`, which has one for each model of a collection. */

interface Overview {
  el: Element;
  views: Record<string, any>;
  get(id: string): any;
  add(id: string, view: unknown): unknown;
}

interface ListView extends Overview {
  items: any;
  listItems: string;
  listSelector: string;
  sortEvent: string;
  ItemView: new (options: { model: unknown }) => any;
  sortEventually(): void;
  createItemView(item: any): any;
  sortAndPositionAllItems(): void;
  positionItem(item: any, list: Element): unknown;
}

/** What can be asked of the views of an overview as of any list. */
const METHODS = [
  'chain', 'difference', 'drop', 'each', 'every', 'filter', 'find', 'first', 'forEach', 'head', 'indexOf', 'initial', 'invoke', 'isEmpty',
  'last', 'lastIndexOf', 'map', 'max', 'min', 'reduce', 'reduceRight', 'reject', 'rest', 'sample', 'shuffle', 'size', 'some', 'sortBy',
  'tail', 'take', 'toArray', 'without',
];

export function makeOverview(NativeView: any, _: any): any {
  const lists = METHODS.filter((name) => _[name]).map((name) => [
    name,
    function (this: Overview, ...args: unknown[]): unknown {
      return _[name](this.views, ...args);
    },
  ]);
  return NativeView.extend({
    ...Object.fromEntries(lists),

    /** Comes before `initialize`, which may add views already. */
    preinitialize(this: Overview): void {
      this.views = {};
    },

    keys(this: Overview): string[] {
      return Object.keys(this.views);
    },

    getAll(this: Overview): object {
      return this.views;
    },

    get(this: Overview, id: string): unknown {
      return this.views[id];
    },

    /** All views but one. */
    xget(this: Overview, id: string): unknown[] {
      return Object.entries(this.views).filter(([other]) => other !== id).map(([, view]) => view);
    },

    add(this: Overview, id: string, view: unknown): unknown {
      this.views[id] = view;
      return view;
    },

    /** Takes one of the views out, or without an id itself. */
    remove(this: Overview, id?: string): unknown {
      if (id === undefined) {
        return NativeView.prototype.remove.call(this);
      }
      const view = this.views[id];
      delete this.views[id];
      view?.remove();
      return view;
    },

    removeAll(this: Overview & { remove(id: string): unknown }): unknown {
      Object.keys(this.views).forEach((id) => this.remove(id));
      return this;
    },
  });
}

export function makeOrderedListView(Overview: any, _: any): any {
  return Overview.extend({
    /** Where the collection is found in the view. */
    listItems: 'model',
    /** The event after which the order is another. */
    sortEvent: 'change',
    /** The list in the element. */
    listSelector: '.ordered-items',
    ItemView: undefined,

    initialize(this: ListView): void {
      this.sortEventually = _.debounce(() => this.sortAndPositionAllItems(), 500);
      this.items = _.get(this, this.listItems);
      this.items.on('add', this.createItemView, this);
      this.items.on('add', this.sortEventually, this);
      this.items.on(this.sortEvent, this.sortEventually, this);
    },

    createItemView(this: ListView, item: any): unknown {
      const known = this.get(item.get('id'));
      if (known) {
        known.model = item;
        known.initialize();
      }
      const view = known ?? this.add(item.get('id'), new this.ItemView({ model: item }));
      view.render();
      return view;
    },

    sortAndPositionAllItems(this: ListView): void {
      const list = this.el.querySelector(this.listSelector)!;
      this.items.sort();
      this.items.each((item: any) => {
        this.get(item.get('id')) ?? this.createItemView(item);
        this.positionItem(item, list);
      });
    },

    /** Puts the element of an item where it belongs, those before it being there. */
    positionItem(this: ListView, item: any, list: Element): unknown {
      const view = this.get(item.get('id'));
      const place = list.children[this.items.indexOf(item)] ?? null;
      if (place !== view.el) {
        list.insertBefore(view.el, place);
      }
      return view;
    },
  });
}
