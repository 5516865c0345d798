import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { createLogger } from '../../runtime/logger.ts';

function capture(level: Parameters<typeof createLogger>[0] = 'info') {
  const lines: string[] = [];
  const log = createLogger(level, ['the-installation-secret'], { write: (line) => lines.push(line) });
  return { log, lines, all: () => lines.join('') };
}

describe('The log', () => {
  it('withholds what may be a person’s words or a credential, wherever it stands', () => {
    const { log, all } = capture();
    const words = 'Spotkanie odwołane';
    log.info(
      { text: words, event: { text: words, displayName: words, delivery: { title: words } } },
      'an event',
    );
    log.info({ token: words, headers: { authorization: words, cookie: words } }, 'a request');
    expect(all()).not.toContain(words);
    expect(all()).toContain('an event');
  });

  it('tells an error’s kind, code and place, and nothing it quotes', () => {
    const { log, all } = capture();
    const error = Object.assign(new TypeError('cannot read "Anna Przykład" of `anna@example.org`'), {
      code: 'E_READ',
    });
    log.error({ err: error }, 'a fault');
    expect(all()).not.toMatch(/Anna|example\.org/);
    expect(JSON.parse(all()).err).toMatchObject({ type: 'TypeError', reason: 'E_READ' });
    expect(JSON.parse(all()).err.stack).toContain('logger.test.ts');
  });

  it('never tells a bot’s token, an address’s password or our own secret, also inside messages', () => {
    const { log, all } = capture();
    const cause = new Error(
      'POST https://api.telegram.org/bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/sendMessage failed for ' +
        'postgres://wici:hunter22@db.example/wici with the-installation-secret',
    );
    log.error({ err: cause }, 'a fault');
    expect(all()).not.toMatch(/AAEhBOweik6ad9r|hunter22|the-installation-secret/);
  });

  it('keeps what an operator needs of a messenger’s error', () => {
    const { log, all } = capture();
    log.warn({ channel: 'telegram', err: new ChannelError('Misconfigured', '401 Unauthorized') }, 'refused');
    expect(JSON.parse(all())).toMatchObject({
      channel: 'telegram',
      err: { type: 'ChannelError', reason: 'Misconfigured', message: '401 Unauthorized' },
    });
  });

  it('is as quiet as it is told', () => {
    const { log, lines } = capture('error');
    log.info({}, 'small talk');
    log.warn({}, 'a warning');
    expect(lines).toEqual([]);
  });
});
