import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** A page on which a developer tries queries. All of it is here: nothing is loaded from elsewhere, and nothing is stored. */
export function sendQueryPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64')
  response.setHeader('Content-Security-Policy', `default-src 'none'; connect-src 'self'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`)
  const page = pageWith(nonce)
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(page) })
  response.end(page)
}

const FIRST_QUERY = `query {
  viewer { label role permissions }
  recordings(first: 10) {
    nodes { id state startedAt caller { number } callee { number } agent media { durationMs } }
    pageInfo { hasNextPage endCursor }
  }
}`

const STYLE = `
  body { margin: 0; display: grid; grid-template: auto 1fr / 1fr 1fr; height: 100vh; font: 14px system-ui, sans-serif }
  header { grid-column: 1 / 3; display: flex; gap: 8px; padding: 8px; border-bottom: 1px solid #bbb }
  header input { flex: 1; font: inherit } section { display: grid; grid-template-rows: 3fr auto 1fr }
  textarea, pre { margin: 0; padding: 8px; border: 0; font: 13px ui-monospace, monospace; resize: none; overflow: auto }
  label { padding: 4px 8px; background: #eee } pre { border-left: 1px solid #bbb; white-space: pre-wrap }`

const SCRIPT = `
  const of = (id) => document.getElementById(id)
  const run = async () => {
    of('answer').textContent = '…'
    try {
      const variables = of('variables').value.trim() === '' ? {} : JSON.parse(of('variables').value)
      const reply = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer ' + of('token').value.trim() },
        body: JSON.stringify({ query: of('query').value, variables }),
      })
      of('answer').textContent = JSON.stringify(await reply.json(), null, 2)
    } catch (error) {
      of('answer').textContent = String(error)
    }
  }
  of('run').addEventListener('click', run)
  addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run() })`

function pageWith(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Holdfast queries</title>
<style nonce="${nonce}">${STYLE}</style>
<header>
  <input id="token" type="password" autocomplete="off" placeholder="hf_… (a token; stays in this page)">
  <button id="run">Run (Ctrl-Enter)</button>
</header>
<section>
  <textarea id="query" spellcheck="false">${FIRST_QUERY}</textarea>
  <label for="variables">Variables (JSON)</label>
  <textarea id="variables" spellcheck="false"></textarea>
</section>
<pre id="answer"></pre>
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`
}
