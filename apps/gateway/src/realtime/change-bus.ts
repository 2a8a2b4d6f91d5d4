import type { ServerToClientMessages } from '@argus/contracts';
import { Subject } from 'rxjs';

export type ChangedNoun = Parameters<ServerToClientMessages['changed']>[0];

/** What decides who may see what: open sockets are looked at again after such a change. */
export const RIGHTS_NOUNS: readonly ChangedNoun[] = ['user', 'api-key', 'camera'];

/**
 * Whoever changed configuration says so here, after the commit: the engine gets its new configuration, browsers ask for their
 * lists again. `announce('camera')`
 */
export class ChangeBus {
  readonly #changes = new Subject<ChangedNoun>();
  readonly changes = this.#changes.asObservable();

  announce(noun: ChangedNoun): void {
    this.#changes.next(noun);
  }
}
