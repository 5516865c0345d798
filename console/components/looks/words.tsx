import type { Shown } from './look.ts';

type Words = Exclude<Shown, { type: 'actions' | 'choice' | 'input' }>;

export const isWords = (block: Shown): block is Words =>
  block.type !== 'actions' && block.type !== 'choice' && block.type !== 'input';

/** What is read in a bubble. */
export const Words = ({ block }: { block: Words }) => {
  switch (block.type) {
    case 'text':
      return <p class={`prose bubble-${block.style ?? 'body'}`}>{block.text}</p>;
    case 'fields':
      return (
        <dl class="pairs">
          {block.items.map(({ label, value }) => (
            <>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      );
    case 'image':
      return <img src={`/attachments/${block.media.id}`} alt={block.alt} />;
    case 'file':
      return <p>📎 {block.label}</p>;
    case 'divider':
      return <hr />;
  }
};

/** A label and its value on a line, as messengers that know no tables write them. */
export const FieldLines = ({ items }: { items: Extract<Shown, { type: 'fields' }>['items'] }) => (
  <p class="prose">
    {items.map(({ label, value }, index) => (
      <>
        {index > 0 && <br />}
        <strong>{label}:</strong> {value}
      </>
    ))}
  </p>
);
