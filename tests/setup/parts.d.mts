export interface Part {
  readonly name: string;
  readonly packages: readonly string[];
  readonly brew: string;
  there(): boolean;
}
export const parts: readonly Part[];
export function postgresFolder(): string | null;
export function onPath(...names: string[]): boolean;
