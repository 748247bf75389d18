/**
 * The same call again and again, unbroken by any other: with the same result, or with any.
 *
 * Rests: for declared waits and polls, which break it. A tool that asks after something running is given the longer count.
 */
import { callLine } from './call.ts';
import { isNear, none, type Detector, type Tally } from './detector.ts';
import type { Rule } from './event.ts';
import { isSameCall, isSameResult, resultLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

interface Chain {
  first: Step;
  last: Step;
  same: number;
  any: number;
  /** What the agent was told of already. */
  sameTold: number;
  anyTold: number;
}

export class SameCalls implements Detector {
  readonly #limits: Thresholds;
  #chain: Chain | null = null;

  constructor(limits: Thresholds) {
    this.#limits = limits;
  }

  see(step: Step): readonly Tally[] {
    const chain = this.#chain;
    if (step.kind === 'wait') {
      this.#chain = null;
      return none;
    }
    if (chain === null || !isSameCall(step, chain.last)) {
      this.#chain = { first: step, last: step, same: 1, any: 1, sameTold: 0, anyTold: 0 };
      return none;
    }
    chain.any += 1;
    if (isSameResult(step, chain.last)) chain.same += 1;
    else [chain.same, chain.sameTold] = [1, 0];
    chain.last = step;
    return this.#tallies(chain, step);
  }

  hinted(rule: Rule): void {
    const chain = this.#chain;
    if (chain === null) return;
    if (rule === 'same-result') chain.sameTold = this.#limits.sameResultHint;
    if (rule === 'same-call') chain.anyTold = this.#limits.sameCallHint;
    [chain.same, chain.any] = [0, 0];
  }

  rest(): void {
    const chain = this.#chain;
    if (chain === null || chain.sameTold + chain.anyTold === 0) this.#chain = null;
    else [chain.same, chain.any] = [0, 0];
  }

  clear(): void {
    this.#chain = null;
  }

  #tallies(chain: Chain, step: Step): readonly Tally[] {
    const { sameResultHint, sameResultAct, sameCallHint, sameCallAct } = this.#limits;
    const since = chain.first.startedAt;
    const found: Tally[] = [];
    const same = chain.same + chain.sameTold;
    const [hint, act] = step.isPoll ? [sameCallHint, sameCallAct] : [sameResultHint, sameResultAct];
    if (isNear({ count: same, hint })) {
      const what = `the same call with the same result ${same} times in a row`;
      const evidence = (): string[] => evidenceOf(chain, step, same);
      found.push({ rule: 'same-result', count: same, hint, act, isHinted: chain.sameTold > 0, what, since, evidence });
    }
    const any = chain.any + chain.anyTold;
    if (!step.isPoll && isNear({ count: any, hint: sameCallHint })) {
      const what = `the same call ${any} times in a row`;
      const evidence = (): string[] => evidenceOf(chain, step, any);
      const isHinted = chain.anyTold > 0;
      found.push({
        rule: 'same-call',
        count: any,
        hint: sameCallHint,
        act: sameCallAct,
        isHinted,
        what,
        since,
        evidence,
      });
    }
    return found;
  }
}

function evidenceOf({ first }: Chain, step: Step, count: number): string[] {
  return [
    `${count} times: ${callLine(step)}`,
    `last result: ${resultLine(step)}`,
    `first call ${first.ordinal}, last call ${step.ordinal}`,
  ];
}
