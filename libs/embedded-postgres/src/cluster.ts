import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@argus/kernel';
import { PostgresStartError } from './errors.js';
import { isReachableByEverybody, serverUser, type ServerUser } from './server-user.js';

const MAJOR = '18';
export const SUPERUSER = 'argus';

/**
 * The folder of one server: `cluster/` (PGDATA), `password` (0600), `server.log`.
 *
 * Root runs the server under another uid, which may not be able to walk down to the folder (a checkout below /root). The child
 * gets the folder as open file descriptor 3 and names its files below /proc/self/fd/3: the state stays in the data directory and no
 * parent's permissions are loosened.
 */
export class ServerFolder {
  readonly user: ServerUser | null = serverUser();
  readonly cluster: string;
  readonly logFile: string;
  readonly #throughDescriptor: boolean;

  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.cluster = join(path, 'cluster');
    this.logFile = join(path, 'server.log');
    // The server's user only has to pass through; what lies here is protected file by file.
    if (this.user) chmodSync(path, 0o711);
    this.#throughDescriptor = this.user !== null && process.platform === 'linux' && !isReachableByEverybody(path);
  }

  /** The path of a file here as the server must name it. */
  asServerSees(name: string): string {
    return join(this.#throughDescriptor ? '/proc/self/fd/3' : this.path, name);
  }

  /** Starts a program of the server's under the server's user; stdout and stderr go to `output`. */
  spawn(program: string, args: readonly string[], output: number): ChildProcess {
    const folder = openSync(this.path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      // A process group of its own: Ctrl+C in a terminal reaches the launcher, which stops the server last.
      return spawn(program, [...args], { ...this.user, cwd: '/', detached: true, stdio: ['ignore', output, output, folder], env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' } });
    } finally {
      closeSync(folder);
    }
  }

  /** The superuser's password: random, made once, readable by the launcher's user only. */
  password(): string {
    const path = join(this.path, 'password');
    if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('hex'), { mode: 0o600 });
    return readFileSync(path, 'utf8').trim();
  }

  logTail(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : '';
  }

  /** Makes the cluster on first use. An initdb that was killed half-way leaves only `cluster.new`, which is thrown away. */
  async ensureCluster(native: string): Promise<void> {
    if (existsSync(join(this.cluster, 'PG_VERSION'))) return this.#requireUsable();
    const fresh = join(this.path, 'cluster.new');
    const secret = join(this.path, 'initdb-password');
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    writeFileSync(secret, this.password(), { mode: 0o600 });
    this.#giveToServer(fresh);
    this.#giveToServer(secret);
    const output = openSync(this.logFile, 'a', 0o600);
    try {
      const args = ['-D', this.asServerSees('cluster.new'), '-U', SUPERUSER, `--pwfile=${this.asServerSees('initdb-password')}`, '--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-instructions'];
      const code = await exitOf(this.spawn(join(native, 'bin/initdb'), args, output));
      if (code !== 0) throw new PostgresStartError(`initdb in ${this.path}: expected exit 0, got ${code}. End of its output:\n${this.logTail()}`, { folder: this.path });
    } finally {
      closeSync(output);
      rmSync(secret, { force: true });
    }
    renameSync(fresh, this.cluster);
  }

  #requireUsable(): void {
    const version = readFileSync(join(this.cluster, 'PG_VERSION'), 'utf8').trim();
    if (version !== MAJOR) throw new PostgresStartError(`${this.cluster}: expected a cluster of PostgreSQL ${MAJOR}, found ${version}. Dump it with its own version and restore, or choose another data directory.`, { version });
    const owner = statSync(this.cluster).uid;
    const wanted = this.user?.uid ?? process.getuid?.();
    if (wanted !== undefined && owner !== wanted) throw new PostgresStartError(`${this.cluster}: expected to belong to uid ${wanted}, belongs to ${owner}. Start Argus as the user who started it first, or chown the folder.`, { owner, wanted });
  }

  #giveToServer(path: string): void {
    if (this.user) chownSync(path, this.user.uid, this.user.gid);
  }
}

function exitOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new PostgresStartError(`cannot run initdb: ${messageOf(error)}`, {}, { cause: error })));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}
