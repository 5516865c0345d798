import type { PollGroup } from '../../../core/polls/groups.ts';
import type { PollView } from '../../../core/polls/list.ts';
import { inLanguage } from '../../../core/text.ts';
import { Card, TableBox } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

/** A named poll's answers by branch; groups too small to show only say how many voted. */
export const PollGroups = ({
  view,
  poll,
  groups,
}: {
  view: View;
  poll: PollView;
  groups: readonly PollGroup[];
}) => {
  const { t, formats } = view;
  if (groups.length === 0) return null;
  const title = t('announcements:report.branch');
  return (
    <Card class="flush" title={t('console:polls.byBranch')}>
      <TableBox label={t('console:polls.byBranch')}>
        <table class="ds-table">
          <thead>
            <tr>
              <th scope="col">{title}</th>
              <th scope="col" class="num">
                {t('console:polls.voted')}
              </th>
              {poll.options.map((option) => (
                <th scope="col" class="num option-head">
                  {inLanguage(option, view.language)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr>
                <th scope="row">{view.words(group.label)}</th>
                <td class="num">
                  {t('console:polls.partOf', {
                    part: formats.number(group.voted),
                    whole: formats.number(group.asked),
                  })}
                </td>
                {group.votes === null ? (
                  <td class="num muted" colspan={poll.options.length}>
                    {t('console:polls.groupHidden')}
                  </td>
                ) : (
                  group.votes.map((votes) => <td class="num">{formats.number(votes)}</td>)
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </Card>
  );
};
