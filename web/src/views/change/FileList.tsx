/** The changed files at a glance, with what is risky or out of scope. */
import type { ReactElement } from 'react';
import type { Change } from '../../data/queries.ts';
import { plain } from '../../parts/plain.ts';
import classes from './change.module.css';

export const anchorOf = (path: string): string => `file-${encodeURIComponent(path)}`;

export function FileList({ files, viewed }: { files: Change['files']; viewed: readonly string[] }): ReactElement {
  return (
    <nav aria-label="Changed files" className={classes['files']}>
      <ul>
        {files.map(({ path, kind, inScope, risks }) => (
          <li key={path} data-viewed={viewed.includes(path)}>
            <a
              href={`#${anchorOf(path)}`}
              title={plain(path)}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(anchorOf(path))?.scrollIntoView({ block: 'start' });
              }}
            >
              <span className={classes['kind']} title={kind} aria-label={kind}>
                {kind.slice(0, 1).toUpperCase()}
              </span>
              <bdi>{plain(path)}</bdi>
            </a>
            {risks.length > 0 && <b title={risks.join('; ')}>▲ risk</b>}
            {!inScope && <b>⤢ out of scope</b>}
          </li>
        ))}
      </ul>
    </nav>
  );
}
