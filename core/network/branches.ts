import { DomainError } from '../domain-error.ts';
import { fold } from '../fold.ts';
import { allBranches, type Branch, changeBranch, findBranch, insertBranches } from '../store/branches.ts';
import type { Db } from '../store/schema.ts';
import { atMost, tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';

export interface BranchView {
  /** At most 20 characters of [a-z0-9-]. */
  readonly id: string;
  readonly namePl: string;
  readonly nameEn: string;
  readonly archived: boolean;
}

/** The branches in the network's order; archived ones only when asked for. */
export async function listBranches(
  db: Db,
  { archived = false }: { archived?: boolean } = {},
): Promise<BranchView[]> {
  const branches = (await allBranches(db)).map(toBranchView);
  return archived ? branches : branches.filter((b) => !b.archived);
}

/** Adds a branch at the end, or renames one. Errors: people:errors.branchName, people:errors.branchTaken. */
export async function saveBranch(
  unit: Unit,
  input: { id?: string | undefined; namePl: string; nameEn: string },
): Promise<BranchView> {
  const name_pl = checkedName(input.namePl, 'namePl');
  const name_en = checkedName(input.nameEn, 'nameEn');
  const branches = await allBranches(unit.db);
  const others = branches.filter((b) => b.id !== input.id);
  if (others.some((b) => fold(b.name_pl) === fold(name_pl))) throw taken(name_pl, 'namePl');
  if (others.some((b) => fold(b.name_en) === fold(name_en))) throw taken(name_en, 'nameEn');
  const id = input.id ?? freeId(name_en, branches);
  if (input.id === undefined) {
    const position = Math.max(-1, ...branches.map((b) => b.position)) + 1;
    await insertBranches(unit.db, [{ id, name_pl, name_en, position, archived_at: null }]);
  } else {
    await existing(unit.db, id);
    await changeBranch(unit.db, id, { name_pl, name_en });
  }
  unit.ring({ kind: 'changed', topic: 'network' });
  return toBranchView(await existing(unit.db, id));
}

/** Takes a branch off the lists people choose from; companies keep it until they are moved. */
export async function archiveBranch(unit: Unit, id: string): Promise<void> {
  await setArchived(unit, id, unit.now);
}

export async function restoreBranch(unit: Unit, id: string): Promise<void> {
  await setArchived(unit, id, null);
}

/** Exchanges a branch with its neighbour; at the edge nothing happens. */
export async function moveBranch(unit: Unit, id: string, direction: 'up' | 'down'): Promise<void> {
  const branches = (await allBranches(unit.db)).filter((b) => b.archived_at === null);
  const from = branches.findIndex((b) => b.id === id);
  if (from < 0) throw new DomainError('common:errors.notFound');
  const neighbour = branches[direction === 'up' ? from - 1 : from + 1];
  const moved = branches[from];
  if (!neighbour || !moved) return;
  await changeBranch(unit.db, moved.id, { position: neighbour.position });
  await changeBranch(unit.db, neighbour.id, { position: moved.position });
  unit.ring({ kind: 'changed', topic: 'network' });
}

export function toBranchView(branch: Branch): BranchView {
  return {
    id: branch.id,
    namePl: branch.name_pl,
    nameEn: branch.name_en,
    archived: branch.archived_at !== null,
  };
}

async function setArchived(unit: Unit, id: string, archived_at: number | null): Promise<void> {
  await existing(unit.db, id);
  await changeBranch(unit.db, id, { archived_at });
  unit.ring({ kind: 'changed', topic: 'network' });
}

async function existing(db: Db, id: string): Promise<Branch> {
  const branch = await findBranch(db, id);
  if (!branch) throw new DomainError('common:errors.notFound');
  return branch;
}

function checkedName(text: string, field: string): string {
  const name = atMost(tidy(text), 80, field);
  if (name === '') throw new DomainError('people:errors.branchName', {}, field);
  return name;
}

const taken = (name: string, field: string) => new DomainError('people:errors.branchTaken', { name }, field);

/** A short name that can travel in buttons and files: the English one, numbered when it is in use. */
function freeId(nameEn: string, branches: readonly Branch[]): string {
  const used = new Set(branches.map((b) => b.id));
  const slug = fold(nameEn).replace(/[^a-z0-9]+/g, '-');
  const base = slug.slice(0, 16).replace(/^-+|-+$/g, '') || 'branch';
  let id = base;
  for (let n = 2; used.has(id); n++) id = `${base}-${n}`;
  return id;
}
