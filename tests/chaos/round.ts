import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, groups } from './faults.ts';
import { Ledger } from './ledger.ts';
import { check } from './model.ts';
import type { Random } from './random.ts';
import { comeToRest, heldByTheClock } from './rest.ts';
import { Behaviour, comeBack, compose } from './traffic.ts';
import type { World } from './world.ts';

export interface RoundResult {
  readonly faults: readonly string[];
  readonly violations: readonly string[];
}

/** How long faults strike, and how long people then have for what they had begun; real. */
const stormMs = 2200;
const graceMs = 2000;

/** One round in a world: people and staff at work, faults meanwhile, then quiet, then what must be true. */
async function playRound(
  world: World,
  ledger: Ledger,
  random: Random,
  name: string,
  faults: readonly Planned[],
): Promise<string[]> {
  let over = false;
  const composing = compose(world, ledger, random.fork(), name);
  // Heard when it is waited for.
  composing.catch(() => undefined);
  const members = world.people.filter((person) => person.hand);
  const people = Promise.all(
    members.map((person) => new Behaviour(ledger, person, random.fork(), name, () => over).run()),
  );
  await Promise.all(
    faults.map(({ fault, at, random: own }) => wait(at).then(() => fault.strike(world, own))),
  );
  await calm(world);
  await composing;
  await Promise.race([people, wait(graceMs)]);
  over = true;
  await people;
  const stuck = [...(await heldByTheClock(world)), ...(await comeToRest(world))];
  const violations = [...stuck, ...(await check(world, ledger))];
  comeBack(ledger);
  return violations;
}

interface Planned {
  readonly fault: Fault;
  /** Real milliseconds into the round. */
  readonly at: number;
  readonly random: Random;
}

/** A database may be harmed in one way at a time, and so may the clock and the files: their cures would cross. */
function planFaults(world: World, random: Random): Planned[] {
  const chosen = new Set<readonly Fault[]>();
  const many = random.between(2, 5);
  for (let n = 0; n < many; n++) chosen.add(random.pick(groups));
  return [...chosen].map((group) => ({
    fault: random.pick(group.filter((fault) => fault.fits(world))),
    at: random.below(stormMs),
    random: random.fork(),
  }));
}

/** Everything works again, and the program runs. */
async function calm(world: World): Promise<void> {
  world.clock.setWrong(0);
  for (let tries = 0; tries < 5; tries++) {
    await world.program.settled();
    if (!world.program.ended) return;
    // It may have met a fault at its start: then it says so in words and can be started again.
    world.checkRefusal(world.program);
    world.start();
  }
}

/** The program gave no answer in all the time there was. */
function failed(error: unknown): string[] {
  return [error instanceof Error ? error.message : 'a fault of the test itself'];
}

/** Rounds in one world, one after another; `report` hears each. */
export async function playWorld(
  world: World,
  random: Random,
  rounds: number,
  report: (round: number, result: RoundResult) => void,
): Promise<void> {
  const ledger = new Ledger(world);
  try {
    for (let round = 1; round <= rounds; round++) {
      const faults = planFaults(world, random.fork());
      const violations = await playRound(world, ledger, random.fork(), `${round}`, faults).catch(failed);
      report(round, { faults: faults.map(({ fault }) => fault.name), violations });
      if (violations.length > 0) return;
    }
  } finally {
    ledger.close();
  }
}
