import type { Fault } from './fault.ts';
import { Ledger } from './ledger.ts';
import { check } from './model.ts';
import type { Random } from './random.ts';
import { comeToRest, heldByTheClock } from './rest.ts';
import type { Stage } from './stage.ts';
import { Behaviour, comeBack, compose } from './traffic.ts';

export interface RoundResult {
  readonly faults: readonly string[];
  readonly violations: readonly string[];
}

/** How long faults strike, and how long people then have for what they had begun; real. */
const stormMs = 2200;
const graceMs = 2000;

/** One round in a world: people and staff at work, faults meanwhile, then quiet, then what must be true. */
async function playRound(
  stage: Stage,
  ledger: Ledger,
  random: Random,
  name: string,
  faults: readonly Planned[],
): Promise<string[]> {
  let over = false;
  const composing = compose(stage, ledger, random.fork(), name);
  // Heard when it is waited for.
  composing.catch(() => undefined);
  const members = stage.people.filter((person) => person.hand);
  const people = Promise.all(
    members.map((person) => new Behaviour(stage, ledger, person, random.fork(), name, () => over).run()),
  );
  await Promise.all(
    faults.map(({ fault, at, random: own }) => stage.time.wait(at).then(() => fault.strike(own, stage.time))),
  );
  await stage.calm();
  await composing;
  await Promise.race([people, stage.time.wait(graceMs)]);
  over = true;
  await people;
  const stuck = [...(await heldByTheClock(stage)), ...(await comeToRest(stage))];
  const violations = [...stuck, ...(await check(stage, ledger))];
  comeBack(stage, ledger);
  return violations;
}

interface Planned {
  readonly fault: Fault;
  /** Real milliseconds into the round. */
  readonly at: number;
  readonly random: Random;
}

function planFaults(stage: Stage, random: Random): Planned[] {
  const chosen = new Set<readonly Fault[]>();
  const many = random.between(2, 5);
  for (let n = 0; n < many; n++) chosen.add(random.pick(stage.faults));
  return [...chosen].map((group) => ({
    fault: random.pick(group),
    at: random.below(stormMs),
    random: random.fork(),
  }));
}

/** The program gave no answer in all the time there was. */
function failed(error: unknown): string[] {
  return [error instanceof Error ? error.message : 'a fault of the test itself'];
}

/** Rounds on one stage, one after another; `report` hears each. */
export async function playRounds(
  stage: Stage,
  random: Random,
  rounds: number,
  report: (round: number, result: RoundResult) => void,
): Promise<void> {
  const ledger = new Ledger(stage);
  try {
    for (let round = 1; round <= rounds; round++) {
      const faults = planFaults(stage, random.fork());
      const violations = await playRound(stage, ledger, random.fork(), `${round}`, faults).catch(failed);
      report(round, { faults: faults.map(({ fault }) => fault.name), violations });
      if (violations.length > 0) return;
    }
  } finally {
    ledger.close();
  }
}
