import type { TextFiles } from '../connectors/text-files.ts'
import type { AuditReport } from '../domain/reports/audit-report.ts'
import { parsedJson } from '../json-value.ts'
import { parseAuditReport } from '../views/audit-json.ts'
import { readEmbeddedAudit } from '../views/embedded-audit.ts'
import { AppError } from './app-error.ts'

/** An audit written before, from its JSON or from the page that carries it. */
export async function reopenAudit(deps: { readonly files: TextFiles }, path: string): Promise<AuditReport> {
  const text = await deps.files.read(path)
  const value = text.trimStart().startsWith('<') ? readEmbeddedAudit(text) : parsedJson(text)
  const report = parseAuditReport(value)
  if ('problem' in report) {
    throw new AppError('unreadable', `${path} holds no audit of this program: ${report.problem}`)
  }
  return report
}
