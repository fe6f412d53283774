/** The sound of a message: two short notes of our own, or a file of the site's. */
import { setting } from './actions.ts';

/** The frequencies of the notes in hertz, how long each is in seconds, and how loud. */
const NOTES = [659.3, 880];
const LENGTH = 0.12;
const LOUDNESS = 0.15;
/** What the setting says if nobody has set it. */
const NO_FILES = 'sounds/';

let audio: AudioContext | undefined;

export function chime(): void {
  const path = String(setting('sounds_path') ?? NO_FILES);
  // Whether a page may be heard, the browser decides.
  void (path === NO_FILES ? playNotes() : new Audio(`${path}msg_received.mp3`).play()).catch(() => {});
}

async function playNotes(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
  const { currentTime, destination } = audio;
  NOTES.forEach((frequency, place) => {
    const [begin, end] = [currentTime + place * LENGTH, currentTime + (place + 2) * LENGTH];
    const [note, volume] = [audio!.createOscillator(), audio!.createGain()];
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(LOUDNESS, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, end);
    note.connect(volume).connect(destination);
    note.start(begin);
    note.stop(end);
  });
}
