// Loaded before the program under test: its time runs CHAOS_SPEED times as fast, from where the file CHAOS_CLOCK says.
// Timers and the wall clock alike, so that an hour's wait is one of minutes; the wall clock alone can be set back and forth.
import { openSync, readSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const timers = require('node:timers');
const promises = require('node:timers/promises');
const speed = Number(process.env.CHAOS_SPEED);
const file = openSync(process.env.CHAOS_CLOCK, 'r');
const origin = new Float64Array(1);
const bytes = new Uint8Array(origin.buffer);

const realNow = Date.now;
const realPerformance = performance.now.bind(performance);
Date.now = () => {
  readSync(file, bytes, 0, 8, 0);
  return Math.round(origin[0] + speed * realNow());
};
performance.now = () => speed * realPerformance();
globalThis.Date = new Proxy(Date, {
  construct: (real, given, target) =>
    Reflect.construct(real, given.length > 0 ? given : [real.now()], target),
  apply: (real) => new real(real.now()).toString(),
});

for (const name of ['setTimeout', 'setInterval']) {
  const real = globalThis[name];
  const fast = (work, ms, ...rest) => real(work, ms / speed, ...rest);
  globalThis[name] = timers[name] = fast;
}
const wait = promises.setTimeout;
promises.setTimeout = (ms, ...rest) => wait(ms / speed, ...rest);
Object.defineProperty(globalThis.setTimeout, promisify.custom, { value: promises.setTimeout });
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / speed));
syncBuiltinESMExports();
