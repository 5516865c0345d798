import {
  archiveBranch,
  type BranchView,
  moveBranch,
  restoreBranch,
  saveBranch,
} from '../../../core/network/branches.ts';
import type { Unit } from '../../../core/unit.ts';
import { administratorView } from '../../access.ts';
import { Card, Tag } from '../../components/ui.tsx';
import type { App, View } from '../../context.ts';
import { act, readForm } from '../../forms.ts';

const steps: Readonly<Record<string, (unit: Unit, id: string) => Promise<void>>> = {
  archive: archiveBranch,
  restore: restoreBranch,
  up: (unit, id) => moveBranch(unit, id, 'up'),
  down: (unit, id) => moveBranch(unit, id, 'down'),
};

export function branchActions(app: App): void {
  app.post('/settings/branches', async (c) => {
    const { core } = administratorView(c).deps;
    const fields = await readForm(c);
    const id = fields.optional('id') ?? undefined;
    const names = { namePl: fields.text('namePl'), nameEn: fields.text('nameEn') };
    return act(c, '/settings#branches', { key: 'console:people.saved' }, () =>
      core.transaction((unit) => saveBranch(unit, { id, ...names })),
    );
  });
  for (const [step, change] of Object.entries(steps)) {
    app.post(`/settings/branches/:id/${step}`, (c) => {
      const { core } = administratorView(c).deps;
      return act(c, '/settings#branches', { key: 'console:people.saved' }, () =>
        core.transaction((unit) => change(unit, c.req.param('id'))),
      );
    });
  }
}

export const Branches = ({ view, branches }: { view: View; branches: readonly BranchView[] }) => {
  const { t } = view;
  return (
    <Card title={t('console:settings.branches')} id="branches">
      <ul class="branch-list">
        {branches.map((branch) => (
          <li>
            <BranchLine view={view} branch={branch} />
          </li>
        ))}
        <li>
          <BranchNames view={view} />
        </li>
      </ul>
    </Card>
  );
};

const BranchLine = ({ view, branch }: { view: View; branch: BranchView }) => {
  const { t } = view;
  const button = (step: string, sign: string, key: string) => (
    <button
      type="submit"
      class="ds-button"
      data-variant="tertiary"
      formaction={`/settings/branches/${branch.id}/${step}`}
      aria-label={t(`console:settings.branch.${key}`, { name: branch.namePl })}
    >
      {sign}
    </button>
  );
  return (
    <>
      <BranchNames view={view} branch={branch} />
      <form method="post" class="actions">
        {branch.archived ? (
          <>
            <Tag>{t('console:settings.branch.archived')}</Tag>
            {button('restore', t('console:settings.branch.restoreShort'), 'restore')}
          </>
        ) : (
          <>
            {button('up', '↑', 'up')}
            {button('down', '↓', 'down')}
            {button('archive', '×', 'archive')}
          </>
        )}
      </form>
    </>
  );
};

const BranchNames = ({ view, branch }: { view: View; branch?: BranchView }) => {
  const { t } = view;
  const name = branch?.namePl ?? t('console:settings.branch.new');
  return (
    <form method="post" action="/settings/branches" class="branch-names">
      {branch && <input type="hidden" name="id" value={branch.id} />}
      <input
        class="ds-input"
        name="namePl"
        value={branch?.namePl ?? ''}
        lang="pl"
        required
        placeholder={t('console:compose.in.pl')}
        aria-label={`${name}: ${t('console:compose.in.pl')}`}
      />
      <input
        class="ds-input"
        name="nameEn"
        value={branch?.nameEn ?? ''}
        lang="en"
        required
        placeholder={t('console:compose.in.en')}
        aria-label={`${name}: ${t('console:compose.in.en')}`}
      />
      <button type="submit" class="ds-button" data-variant="secondary">
        {t(branch ? 'console:people.save' : 'console:settings.branch.add')}
      </button>
    </form>
  );
};
