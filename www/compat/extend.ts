/** `extend`, as classes of Backbone have it. */

type Class = abstract new (...args: any[]) => object;

/**
 * `Parent.extend({ … }, { … })`, as Backbone has it: a class with these methods and attributes, and static ones. A class of
 * this library cannot be called without `new`: a `constructor` among them has to do without its parent's.
 */
export function extend(this: Class, members: Record<string, any> = {}, statics: object = {}): Class {
  const Parent = this as new (...args: any[]) => object;
  const Child = Object.hasOwn(members, 'constructor') ? members['constructor'] : class extends Parent {};
  if (Object.getPrototypeOf(Child) !== Parent) {
    Object.setPrototypeOf(Child, Parent);
    Child.prototype = Object.create(Parent.prototype);
  }
  for (const name of Object.keys(members)) {
    // Not assigned: the parent may have a getter there.
    Object.defineProperty(Child.prototype, name, { value: members[name], configurable: true, enumerable: true, writable: true });
  }
  Object.defineProperty(Child.prototype, 'constructor', { value: Child, configurable: true, writable: true });
  return Object.assign(Child, statics, { __super__: Parent.prototype });
}
