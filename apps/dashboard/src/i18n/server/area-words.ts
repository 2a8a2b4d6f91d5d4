/**
 * What a part of the server says in English, and the same in Chinese. `{name}` stands for what differs, `{~name}` for words that are looked up in their turn
 * (a reason, a state), `{!name}` for such that must be known here. What names a file or a field before it, as in "images.json: line 3: expected …", needs no words of its own.
 */
export type AreaWords = Readonly<Record<string, string>>;
