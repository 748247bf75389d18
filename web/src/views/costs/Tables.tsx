/** Sums by agent, by model, by task; and how attempts went by model and rung. */
import type { ReactElement } from 'react';
import type { Outcomes } from '../../data/queries.ts';
import { plain } from '../../parts/plain.ts';
import { money, short } from '../../parts/time.ts';
import type { Cost } from './costs.ts';
import classes from './costs.module.css';

interface SumsProps {
  readonly of: string;
  readonly rows: readonly { readonly name: string; readonly cost: Cost }[];
}

export function Sums({ of, rows }: SumsProps): ReactElement {
  return (
    <table className={classes['table']} aria-label={`Costs by ${of}`}>
      <thead>
        <tr>
          {[of, 'Reported', 'Estimated', 'Not known', 'Attempts', 'Tokens'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, cost: { reported, estimated, unknown, attempts, tokens } }) => (
          <tr key={name}>
            <td>{plain(name)}</td>
            <td>{reported === 0 ? '–' : money(reported)}</td>
            <td>{estimated === 0 ? '–' : `≈ ${money(estimated)}`}</td>
            <td>{unknown === 0 ? '–' : unknown}</td>
            <td>{attempts}</td>
            <td>{short(tokens)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The scoreboard: what came of attempts, by adapter, model and rung. */
export function Scores({ outcomes }: { outcomes: Outcomes['outcomes'] }): ReactElement {
  return (
    <table className={classes['table']} aria-label="How attempts went by model and rung">
      <thead>
        <tr>
          {['Model', 'Rung', 'Done', 'Failed', 'Handed over', 'Other', 'Running', 'Success', 'Minutes each'].map(
            (name) => (
              <th key={name} scope="col" data-text={name === 'Rung'}>
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {outcomes.map(({ adapter, model, rung, attempts, done, failed, handedOver, other, running, minutes }) => (
          <tr key={`${adapter} ${model} ${rung}`}>
            <td>{adapter === null ? 'by hand' : `${adapter} ${model ?? ''}`}</td>
            <td data-text="true">{rung}</td>
            <td>{done}</td>
            <td>{failed}</td>
            <td>{handedOver}</td>
            <td>{other}</td>
            <td>{running}</td>
            <td>{done + failed === 0 ? '–' : `${Math.round((100 * done) / (done + failed))} % of ${done + failed}`}</td>
            <td>{(minutes / Math.max(1, attempts)).toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Hints({ hints }: { hints: Outcomes['hints'] }): ReactElement {
  return (
    <table className={classes['table']} aria-label="What hints did">
      <thead>
        <tr>
          {['Rule', 'Hints', 'Did not reach', 'Went on', 'Proven in the end'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hints.map(({ rule, hints: count, unsupported, progress, success }) => (
          <tr key={rule}>
            <td>{rule}</td>
            <td>{count}</td>
            <td>{unsupported}</td>
            <td>{progress}</td>
            <td>{success}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
