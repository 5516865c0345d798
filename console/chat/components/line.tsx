import type { Line, PersonLine, WiciLine } from '../../../runtime/webchat-hub.ts';
import { clockTime, dayKey, dayName } from '../times.ts';
import { type ChatView, inLanguageOf } from '../view.ts';
import { BlockView, Words } from './blocks.tsx';

/** One line of the conversation. The page and the live stream show it by the same markup. */
export const LineView = ({ view, line, first }: { view: ChatView; line: Line; first?: boolean }) => {
  const { timeZone } = view.network;
  const spoken = line.from === 'wici' ? inLanguageOf(view, line.message.language) : view;
  return (
    <li
      id={`m-${line.id}`}
      class={`line ${line.from}${first ? ' first-of-day' : ''}`}
      tabindex={-1}
      data-at={line.at}
      data-day={dayKey(line.at, timeZone)}
      data-position={line.position}
      data-post={line.from === 'person' ? line.post : undefined}
      data-language={line.from === 'wici' ? line.message.language : undefined}
      data-hint={line.from === 'wici' ? hintOf(line) : undefined}
    >
      <p class="day">
        <span>{dayName(line.at, spoken.language, timeZone)}</span>
      </p>
      <article class="bubble" lang={line.from === 'wici' ? line.message.language : undefined}>
        <p class="unseen">
          {spoken.t('chat.said', {
            who: line.from === 'wici' ? view.network.name : spoken.t('chat.you'),
            time: clockTime(line.at, spoken.language, timeZone),
          })}
        </p>
        {line.quote && <Quote view={spoken} quote={line.quote} />}
        {line.from === 'wici' ? <Said view={spoken} line={line} /> : <Wrote line={line} />}
        <Foot view={spoken} line={line} />
      </article>
    </li>
  );
};

const Said = ({ view, line }: { view: ChatView; line: WiciLine }) => (
  <>
    {shownBlocks(line).map((block) => (
      <BlockView view={view} token={line.message.token} block={block} />
    ))}
  </>
);

/** What the field below asks for stands in the field; in the bubble only where no other words ask for it. */
function shownBlocks({ message: { blocks } }: WiciLine) {
  const asked = blocks.some((block) => block.type === 'text');
  return asked ? blocks.filter((block) => block.type !== 'input') : blocks;
}

const Wrote = ({ line }: { line: PersonLine }) => (
  <p class="text" dir="auto">
    <Words text={line.text} />
  </p>
);

const Foot = ({ view, line }: { view: ChatView; line: Line }) => {
  const time = clockTime(line.at, view.language, view.network.timeZone);
  return (
    <footer class="foot">
      <time datetime={new Date(line.at).toISOString()}>{time}</time>
      {line.from === 'wici' && !asksForWords(line) && (
        <a
          class="reply"
          href={`/chat?reply=${encodeURIComponent(line.id)}#composer`}
          data-reply={line.id}
          data-excerpt={excerpt(line)}
          aria-label={view.t('chat.replyTo', { time })}
        >
          {view.t('chat.reply')}
        </a>
      )}
    </footer>
  );
};

/** A button of its own takes the answer: a second way to it beside would only ask which one counts. */
function asksForWords({ message }: WiciLine): boolean {
  return message.blocks.some(
    (block) => block.type === 'actions' && block.actions.some((a) => a.kind === 'press' && a.field),
  );
}

const Quote = ({ view, quote }: { view: ChatView; quote: Line }) => (
  <p class="quoted" dir="auto">
    <span class="unseen">{view.t('chat.inReplyTo')} </span>
    {excerpt(quote)}
  </p>
);

/** The first words of a line, to tell which one is meant. */
export function excerpt(line: Line): string {
  const text = line.from === 'person' ? line.text : firstText(line);
  const short = [...text.replace(/\s+/gu, ' ').trim()];
  return short.length > 90 ? `${short.slice(0, 88).join('')}…` : short.join('');
}

function firstText({ message }: WiciLine): string {
  for (const block of message.blocks) {
    if (block.type === 'text' && block.text.trim() !== '') return block.text;
    if (block.type === 'image') return block.alt;
    if (block.type === 'file') return block.label;
  }
  return '…';
}

function hintOf({ message }: WiciLine): string | undefined {
  const input = message.blocks.find((b) => b.type === 'input');
  return input?.type === 'input' ? input.label : undefined;
}
