import type { RoomOptions } from '../../../www/types/index.d.ts';
import type { Chat } from './chat.ts';

/** Rooms of this test alone: the server keeps those of others. */
let count = 0;
export const newRoom = (): string => `room-${process.pid}-${(count += 1)}@rooms.capulet.lit`;

/** Waits until the user is in the room, or `status` says how far instead. */
export function entered(chat: Chat, room: string, status = 5): Promise<void> {
  return chat.page.evaluate(
    ([room, status]) =>
      new Promise<void>((done) => {
        const model = _converse.api.rooms.get(room)!;
        const look = (): void => {
          if (model.get('connection_status') === status) {
            model.off('change:connection_status', look);
            done();
          }
        };
        model.on('change:connection_status', look);
        look();
      }),
    [room, status] as const,
  );
}

/** Waits until `test` of the room, an expression, is true. */
export function when(chat: Chat, room: string, test: string): Promise<void> {
  return chat.page.evaluate(`new Promise((done) => {
    const room = _converse.api.rooms.get(${JSON.stringify(room)});
    const look = () => {
      if (${test}) {
        [room, room.occupants, room.messages, room.features].forEach((watched) => watched.off('all', look));
        done();
      }
    };
    [room, room.occupants, room.messages, room.features].forEach((watched) => watched.on('all', look));
    look();
  })`);
}

export async function join(chat: Chat, room: string, attributes: RoomOptions = {}): Promise<void> {
  await chat.page.evaluate(async ([room, attributes]) => void (await _converse.api.rooms.open(room, attributes)), [room, attributes] as const);
  await entered(chat, room);
}

export const read = <T>(chat: Chat, expression: string): Promise<T> => chat.page.evaluate(expression) as Promise<T>;
export const get = <T>(chat: Chat, room: string, rest: string): Promise<T> => read(chat, `_converse.api.rooms.get('${room}')${rest}`);
