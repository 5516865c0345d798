import type { ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import type { View } from '../context.ts';

/** Why a messenger waits for somebody, where that is known, and the way to its guide. */
export const Cause = ({ view, adapter }: { view: View; adapter: ChannelAdapter }) => {
  const { cause } = adapter.health();
  if (!cause) return null;
  return (
    <>
      {' '}
      {view.t(`messengers:cause.${cause}`)}{' '}
      <a href={`/messengers/${adapter.name}#guide`}>{view.t('messengers:cause.where')}</a>
    </>
  );
};
