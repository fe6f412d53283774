/** Properties that are made when they are first read, and can be replaced like any other. */
export function lazily(object: object, makers: Readonly<Record<string, () => unknown>>): void {
  for (const [name, make] of Object.entries(makers)) {
    const keep = (value: unknown): unknown => {
      Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
      return value;
    };
    Object.defineProperty(object, name, { configurable: true, enumerable: true, get: () => keep(make()), set: keep });
  }
}
