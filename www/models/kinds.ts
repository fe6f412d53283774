/** What an entity is. The numbers are those of `src/store/key.rs`. */
export const Kind = {
  Contact: 0,
  Presence: 1,
  Resource: 2,
  Chat: 3,
  Message: 4,
  Room: 5,
  Occupant: 6,
  RoomFeatures: 7,
  VCard: 8,
  Status: 9,
  Disco: 10,
  Bookmark: 11,
  Group: 12,
  Feature: 13,
  Identity: 14,
  Field: 15,
  DataForm: 16,
  StreamFeature: 17,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What became of an entity, with the numbers of `src/store/key.rs`. */
export const What = { Added: 0, Changed: 1, Removed: 2, Shown: 3 } as const;
