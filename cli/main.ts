#!/usr/bin/env node
/** The `holdfast` command. Says so plainly where Node is too old for the rest, before it loads the rest. */
const NEEDED = 24
const major = Number(process.versions.node.split('.')[0])
if (major < NEEDED) {
  process.stderr.write(`holdfast: Node ${NEEDED} or newer is needed, this is ${process.version}. In a clone, \`npm ci\` brings one: use \`npm run holdfast -- …\`.\n`)
  process.exitCode = 2
} else {
  const { run } = await import('./program.ts')
  const { processTerminal } = await import('./terminal.ts')
  process.exitCode = await run(process.argv.slice(2), { terminal: processTerminal() })
}
