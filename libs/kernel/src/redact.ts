const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)([^\s/@:]*)(?::([^\s/]*))?@/gi;
const SECRET_PARAMETERS = /([?&](?:password|passwd|pwd|pass|token|key|secret|auth|access_token)=)[^&\s#]*/gi;

/** Removes user names, passwords and secret query parameters of every URL in a text. Everything logged or shown passes here. */
export function redactCredentials(text: string): string {
  return text.replace(URL_CREDENTIALS, '$1***@').replace(SECRET_PARAMETERS, '$1***');
}
