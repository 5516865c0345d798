import type { ChannelName } from '../core/channels/channel-name.ts';
import type { Texts } from '../core/text.ts';
import type { Clock, Core, Ids, Pictures, Signal, Unit } from '../core/unit.ts';
import type { Database } from './database.ts';
import { renderPng } from './picture.ts';

export interface CoreParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly texts: Texts;
  /** Asked at each unit of work: messengers may be switched while running. */
  readonly channels: () => readonly ChannelName[];
  /** Where a code leads on a messenger; asked at each unit of work too. */
  readonly wayIn: Unit['wayIn'];
  /** Hears what a committed unit rang. Must not throw. */
  readonly hear: (signals: readonly Signal[]) => void;
  /** Where people reach Wici, without a trailing slash. */
  readonly url: string;
  /** How pictures are drawn; the real thing when absent. */
  readonly pictures?: Pictures;
}

/** Opens the core over a database: every edge enters through what this returns. */
export function createCore(parts: CoreParts): Core {
  const { database, clock, ids, texts, channels, wayIn, hear, url, pictures } = parts;
  return {
    db: database.db,
    clock,
    ids,
    texts,
    pictures: pictures ?? { png: renderPng },
    url,
    async transaction(work, lane) {
      const signals: Signal[] = [];
      const result = await database.transaction((db) => {
        signals.length = 0;
        return work({
          db,
          now: clock.now(),
          ids,
          texts,
          channels: channels(),
          wayIn,
          ring: (signal) => signals.push(signal),
        });
      }, lane);
      if (signals.length > 0) hear(signals);
      return result;
    },
  };
}
