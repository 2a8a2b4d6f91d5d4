/** Where to go after sign-in: a path of this site only, so that a link cannot lead a signed-in person elsewhere. */
export function safeNext(next: string | null): string {
  if (!next || !/^\/(?![/\\])/.test(next)) return '/live';
  return /^\/(sign-in|set-up)\b/.test(next) ? '/live' : next;
}
