import type { Dispatcher } from '../core/deliveries/dispatcher.ts';
import type { Core } from '../core/unit.ts';

/** What a job's handler may use. */
export interface JobDeps {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
}
