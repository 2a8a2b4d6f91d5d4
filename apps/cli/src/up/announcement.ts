import type { AuthState } from '@argus/contracts';

export interface AnnouncementFacts {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly wantedPort: number;
  readonly dataFolder: string;
  readonly auth: AuthState;
  readonly setUpToken: string;
  readonly demo: boolean;
}

/** What stands on the screen once everything runs. */
export function announcement(facts: AnnouncementFacts): string[] {
  const lines = ['', `  Argus is up:      ${facts.url}`];
  if (facts.port !== facts.wantedPort) lines.push(`                    (port ${facts.wantedPort} is taken by another program, so this is the next free one)`);
  if (facts.auth.needsSetUp) lines.push(`  First sign-in:    ${setUpLink(facts.url, facts.setUpToken)}`, '                    (works once: it makes the first administrator)');
  else lines.push('  Sign in:          with your account');
  lines.push(
    `  Data:             ${facts.dataFolder}`,
    `  API:              ${facts.url}/api/docs`,
    '',
    '  Add a camera:     in the dashboard under Cameras, or',
    '                    npx argus camera add "Front door" rtsp://user:password@192.168.1.20/stream',
    ...(facts.demo ? ['  Demo:             four cameras from one street clip; remove them under Cameras'] : []),
    '  Stop:             Ctrl+C',
    '',
  );
  if (!isLoopback(facts.host)) lines.splice(-1, 0, `  Note:             ${facts.host} can be reached from the network without encryption; put HTTPS in front (docs/guide/running.md)`);
  return lines;
}

export const setUpLink = (url: string, token: string): string => `${url}/set-up?token=${token}`;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
