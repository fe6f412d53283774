/** `_converse.connfeedback`: how the connection is, for plugins that show it. */
import { connection } from '../connection.ts';
import { Model } from './model.ts';

/** How the connection is: `connection_status` is one of `Strophe.Status`, `message` says it in words. */
export class ConnectionFeedback extends Model {
  /** Takes in what the connection has come to. */
  tell(connection_status: number): void {
    connection.tell(connection_status);
    this.set({ connection_status, message: WORDS[connection_status] });
  }
}

const WORDS: Record<number, string> = {
  1: 'Connecting',
  2: 'The server cannot be reached',
  3: 'Logging in',
  4: 'The address or the password is not right',
  5: 'Connected',
  6: 'Disconnected',
  7: 'Disconnecting',
  8: 'Connected',
  10: 'The connection is lost, and will be made again',
};
