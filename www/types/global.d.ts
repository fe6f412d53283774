/** The types of a file that is included for what it does: a script that makes `window.converse`, or the style sheet. */
import './index.js';

export {};
