import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** The machine in words; nothing that names it. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const load = loadavg()[0]?.toFixed(1);
  return [
    `${first?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GB memory`,
    `Node ${process.versions.node}, ${system()}, ${arch()}`,
    `load before the first measurement: ${load}`,
  ].join('; ');
}

function system(): string {
  try {
    const name = /^PRETTY_NAME="(.+)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return `${name ?? platform()}, kernel ${release().split('-')[0]}`;
  } catch {
    return `${platform()} ${release()}`;
  }
}
