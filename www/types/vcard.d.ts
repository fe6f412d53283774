/** The grouping `vcard`: what people say about themselves (XEP-0054). */
export interface VCardApi {
  /**
   * The vCard of an address, which is always asked for.
   *
   * @example
   * const { fullname } = await _converse.api.vcard.get('someone@example.org');
   */
  get(jid: string): Promise<VCardData>;
  /**
   * The vCard of a model with `jid` or `muc_jid`. If it is known, or could not be had today, the result is an empty
   * object, unless `force` is true.
   */
  get(model: VCardOwner, force?: boolean): Promise<VCardData>;

  /**
   * Changes a vCard. What is not named stays as the server has it. Resolves with the server's answer; a refusal rejects
   * with its stanza.
   *
   * @example
   * await _converse.api.vcard.set({ jid: 'someone@example.org', fn: 'Someone Somewhere', nickname: 'someone' });
   */
  set(data: VCardChanges & { jid: string }): Promise<Element>;
  set(jid: string, data: VCardChanges): Promise<Element>;

  /** Gets a model's vCard and saves it as attributes of the model. */
  update(model: VCardOwner & { save(attributes: object): unknown }, force?: boolean): Promise<undefined>;
}

/** Anything with the attribute `jid` or `muc_jid`. */
export interface VCardOwner {
  get(name: string): any;
}

export interface VCardData {
  fullname?: string;
  nickname?: string;
  /** The photo in base64: a PNG, JPEG, GIF or WebP of at most a million characters, whatever it was said to be. */
  image?: string;
  image_type?: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** The SHA-1 of its bytes, in hexadecimal. */
  image_hash?: string;
  url?: string;
  role?: string;
  email?: string;
  /** When it was fetched, as ISO 8601. */
  vcard_updated?: string;
  /** When it could not be. */
  vcard_error?: string;
  /** Whose it is, if it could not be fetched. */
  jid?: string;
  /** The whole answer. */
  stanza?: Element;
}

export interface VCardChanges {
  fn?: string;
  nickname?: string;
  url?: string;
  role?: string;
  email?: string;
  /** The photo in base64; an empty text takes it out. */
  image?: string;
  image_type?: string;
}
