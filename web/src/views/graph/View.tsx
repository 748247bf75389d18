/** The graph of tasks: what waits for what, live. */
import type { ReactElement } from 'react';
import { useTasks } from '../../data/queries.ts';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { Board } from './Board.tsx';
import { BoardTools } from './BoardTools.tsx';

export default function GraphView(): ReactElement {
  const plan = usePlanChoice({ all: true });
  const tasks = useTasks(plan);
  const items = tasks.data?.items;
  return (
    <Page title="Graph" aside={<PlanChoice plan={plan} all />}>
      <Answered query={tasks}>
        {() =>
          items === undefined || items.length === 0 ? (
            <Nothing title="No tasks yet">
              Import a plan with `orbit import`, or make a task with `orbit create`.
            </Nothing>
          ) : (
            <>
              <BoardTools tasks={items} />
              <Board tasks={items} live />
            </>
          )
        }
      </Answered>
    </Page>
  );
}
