// Who may import whom (docs/architecture.md). The rooms: bots core jobs console runtime migrations.
const packages = (...names) => `node_modules/(${names.join('|')})(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-knows-nobody',
      comment: 'The core imports no sibling room.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(bots|jobs|console|runtime|migrations|tests|bench)/' },
    },
    {
      name: 'core-has-no-edges',
      comment: 'The core knows no messenger, no queue, no HTTP, no logger.',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        path: packages(
          'telegraf',
          '@slack',
          'discord.js',
          'bullmq',
          'ioredis',
          'pino',
          'hono',
          '@hono',
          'undici',
          'prom-client',
          '@resvg',
        ),
      },
    },
    {
      name: 'core-does-no-network',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(http|https|net|tls|dgram|child_process|fs|fs/promises)$',
      },
    },
    {
      name: 'kysely-stays-with-the-store',
      severity: 'error',
      from: { pathNot: '^(core/store|migrations|runtime|tests|bench)/' },
      to: { path: packages('kysely') },
    },
    {
      name: 'drivers-stay-in-the-runtime',
      severity: 'error',
      from: { pathNot: '^(runtime|tests|bench)/' },
      to: { path: packages('better-sqlite3', 'pg') },
    },
    {
      name: 'bullmq-stays-in-jobs',
      severity: 'error',
      from: { pathNot: '^(jobs|tests|bench)/' },
      to: { path: packages('bullmq') },
    },
    {
      name: 'sdk-stays-in-its-bot',
      severity: 'error',
      from: { pathNot: '^(bots|tests|bench)/' },
      to: { path: packages('telegraf', '@slack', 'discord.js', '@discordjs') },
    },
    {
      name: 'a-bot-holds-no-domain',
      comment:
        'A messenger knows the contract of channels, languages and texts; only the registry knows all messengers.',
      severity: 'error',
      from: { path: '^bots/([^/]+)/' },
      to: {
        path: '^(core|jobs|console|runtime|migrations)/',
        pathNot: '^core/(channels/|language\\.ts$|text\\.ts$)',
      },
    },
    {
      name: 'a-bot-knows-no-other',
      severity: 'error',
      from: { path: '^bots/([^/]+)/' },
      to: { path: '^bots/', pathNot: '^bots/($1/|split-text\\.ts$)' },
    },
    {
      name: 'jobs-call-the-core',
      severity: 'error',
      from: { path: '^jobs/' },
      to: { path: '^(bots|console|migrations|runtime)/' },
    },
    {
      name: 'console-calls-the-core',
      comment: 'Of the runtime the console may see types, and where the project lies.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^(bots|jobs|migrations|runtime)/',
        pathNot: '^runtime/paths\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^(bots|core|jobs|console|runtime)/' },
    },
    {
      name: 'only-the-entry-joins',
      comment: 'The rooms meet in compose.ts and the command line.',
      severity: 'error',
      from: {
        path: '^runtime/',
        pathNot: '^runtime/(compose|telegram-settings|webchat-.*|commands/.*)\\.ts$',
      },
      to: { path: '^(bots|console)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-shipped-needs-tests',
      severity: 'error',
      from: { path: '^(bots|core|jobs|console|runtime|migrations)/' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'no-dev-dependency-shipped',
      severity: 'error',
      from: { path: '^(bots|core|jobs|console|runtime|migrations)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
