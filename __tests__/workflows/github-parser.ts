import { registerHooks } from 'node:module'

// The parser imports its schema as JSON without saying so, which Node refuses.
registerHooks({
  load: (url, context, nextLoad) =>
    nextLoad(
      url,
      /\/workflow-parser\/dist\/.*\.json$/.test(url) ? { ...context, importAttributes: { type: 'json' } } : context,
    ),
})

const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import('@actions/workflow-parser')

/** What GitHub's own parser finds wrong in a workflow: its form, its expressions, and how its jobs need each other. */
export async function errorsOfWorkflow(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value !== undefined && context.errors.count === 0) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}
