/** Handles of what has been discovered. */
import { Collection } from './collection.ts';
import { core } from './core.ts';
import { handle } from './handles.ts';
import { Kind } from './kinds.ts';
import { Model } from './model.ts';

/** A server, a service, an account or a client, and what it says it is and can do. */
export class DiscoEntity extends Model {
  /** The features of which the event `featuresDiscovered` has told. */
  #told = '';

  get features(): Collection {
    return new Collection(Kind.Feature, this.id);
  }

  get identities(): Collection {
    return new Collection(Kind.Identity, this.id);
  }

  get fields(): Collection {
    return new Collection(Kind.Field, this.id);
  }

  get dataforms(): Collection {
    return new Collection(Kind.DataForm, this.id);
  }

  /** What belongs to it: entities too. */
  get items(): DiscoEntities {
    return new DiscoEntities(Kind.Disco, this.id);
  }

  /** Resolves with this entity when it is known what it can do, or will not be. */
  get waitUntilFeaturesDiscovered(): Promise<this> {
    return core().discover(this.id);
  }

  async getIdentity(category: string, type: string): Promise<Model | undefined> {
    await this.waitUntilFeaturesDiscovered;
    return this.identities.findWhere({ category, type });
  }

  /** Resolves with this entity if it has the feature. */
  async hasFeature(feature: string): Promise<this | undefined> {
    await this.waitUntilFeaturesDiscovered;
    return this.features.get(feature) ? this : undefined;
  }

  queryInfo(): Promise<this> {
    return core().discover(this.id);
  }

  fetchFeatures(): Promise<this> {
    return core().discover(this.id);
  }

  override refresh(): void {
    super.refresh();
    const features = core().ids(Kind.Feature, this.id).join(' ');
    if (features !== this.#told) {
      this.#told = features;
      this.trigger('featuresDiscovered');
    }
  }
}

/** Something that an entity can do: `var` names it, `from` is the entity's address. */
export class DiscoFeature extends Model {
  get entity(): DiscoEntity {
    return handle(Kind.Disco, '', this.place?.of ?? '') as DiscoEntity;
  }
}

/** Entities: all that are known, or those that belong to one. */
export class DiscoEntities extends Collection<DiscoEntity> {
  protected override model(id: string): DiscoEntity {
    // An item of an entity is an entity like any other, and the same object.
    const entity = handle(Kind.Disco, '', id) as DiscoEntity;
    entity.collection ??= this;
    return entity;
  }
}
