/**
 * Control characters, half surrogate pairs, separators of lines, and what turns the direction of writing or takes no room: with them a name looks like another one, or gives orders to a terminal. Not the joiners:
 * some languages and emoji cannot be written without.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of somebody else, such as the name of a file, in one line and with everything that would not be seen written out as `\u{202e}`. */
export const legible = (text: string): string => text.replace(HIDDEN, (sign) => `\\u{${(sign.codePointAt(0) as number).toString(16)}}`);
