// What others can do.
import type { Collection, Model } from './models.js';

/** The grouping `disco`: what this client says it can do, and what others can (XEP-0030). */
export interface Disco {
  readonly own: {
    readonly features: {
      /** Adds a feature. Others are told with a presence, once for all changes of a moment. False if it is there. */
      add(name: string): undefined | false;
      get(): string[];
      /** Takes all out. The next log-in brings back those of the library. */
      clear(): void;
    };
    readonly identities: {
      /**
       * Adds an identity of this client. False if it is there.
       *
       * @example
       * _converse.api.disco.own.identities.add('client', 'web', 'Converse');
       */
      add(category: string, type: string, name?: string, lang?: string): undefined | false;
      get(): OwnIdentity[];
      clear(): void;
    };
  };

  /**
   * The entity's identity with this category and type; undefined if it has none, or does not answer. Asked before the
   * log-in, this and the following wait for it.
   *
   * @example
   * const pep = await _converse.api.disco.getIdentity('pubsub', 'pep', _converse.bare_jid);
   */
  getIdentity(category: string, type: string, jid: string): Promise<Identity | undefined>;

  /**
   * Whether an entity, or something that belongs to it, has a feature.
   *
   * @example
   * const { supported } = await _converse.api.disco.supports(Strophe.NS.MAM, _converse.bare_jid);
   */
  supports(feature: string, jid: string): Promise<Support>;

  /** Asks an entity, or a node of it, what it can do, and resolves with the answer. A refusal rejects with its stanza. */
  info(jid: string, node?: string): Promise<Element>;
  /** Asks what belongs to an entity. */
  items(jid: string, node?: string): Promise<Element>;

  readonly entities: {
    /** All that are known. */
    get(): Promise<Collection<DiscoEntity>>;
    /** The entity with this address; with `create` it is begun to be known if it is not. */
    get(jid: string, create: true): Promise<DiscoEntity>;
    get(jid: string, create?: boolean): Promise<DiscoEntity | undefined>;
  };
  /** What an entity can do: a collection. */
  getFeatures(jid: string): Promise<Collection<Feature>>;
  /** What an entity says of itself in forms (XEP-0128): a collection of models with `var`, `value` and `from`. */
  getFields(jid: string): Promise<Collection>;
  /** Asks an entity again what it can do. */
  refreshFeatures(jid: string): Promise<DiscoEntity>;

  readonly stream: {
    /** What the server offered when the stream began; undefined if it did not. */
    getFeature(name: string, xmlns: string): Model<{ name: string; xmlns: string }> | undefined;
  };
}

export interface OwnIdentity {
  category: string;
  type: string;
  name: string | undefined;
  lang: string | undefined;
}

/** Those who have the feature, and whether there are any. */
export type Support = DiscoEntity[] & {
  readonly supported: boolean;
  /** The first one's feature. */
  readonly feature: Feature | undefined;
};

/** A server, a service, an account or a client. */
export interface DiscoEntity extends Model<{ jid: string; name: string | undefined }> {
  getIdentity(category: string, type: string): Promise<Identity | undefined>;
  /** Resolves with this entity if it has the feature. */
  hasFeature(feature: string): Promise<DiscoEntity | undefined>;
  /** Resolves when it is known what the entity can do, or will not be. */
  readonly waitUntilFeaturesDiscovered: Promise<DiscoEntity>;
  readonly features: Collection<Feature>;
  readonly identities: Collection<Identity>;
  /** What it says of itself in forms (XEP-0128): the fields of all, and the forms. */
  readonly fields: Collection;
  readonly dataforms: Collection;
  /** What belongs to it. */
  readonly items: Collection<DiscoEntity>;
}

/** Something that an entity can do. `from` is the entity's address. */
export interface Feature extends Model<{ var: string; from: string }> {
  readonly entity: DiscoEntity;
}

/** Something that an entity is. */
export type Identity = Model<{ category: string; type: string; name: string | undefined; lang: string | undefined }>;
