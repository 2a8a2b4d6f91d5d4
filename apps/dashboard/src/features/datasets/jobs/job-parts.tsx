import type { DatasetJob } from '@argus/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { client } from '../../../app/client.js';

/** Where what came out is to be seen. */
export function ResultLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="self-start py-1 text-s font-medium text-accent">
      {children}
    </Link>
  );
}

/** Figures of what came out of a job. */
export function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-s">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="figures m-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const MOST_SHOWN = 40;

/** Some pictures in a row; one that is gone, or not for the account, leaves no place. */
export function Strip({ setId, sha256s }: { setId: DatasetJob['datasetId']; sha256s: readonly string[] }) {
  return (
    <ul className="m-0 flex list-none flex-wrap gap-1 p-0">
      {sha256s.slice(0, MOST_SHOWN).map((sha256) => (
        <li key={sha256}>
          <img src={client.url('getSamplePicture', { params: { id: setId, sha256 }, query: { size: 'thumbnail' } })} alt="" loading="lazy" onError={({ currentTarget }) => currentTarget.parentElement?.setAttribute('hidden', '')} className="h-16 rounded-s bg-video object-contain" />
        </li>
      ))}
    </ul>
  );
}
