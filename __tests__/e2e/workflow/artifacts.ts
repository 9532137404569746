import { mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ResultsService } from '../../making/results-service.ts'
import { succeed } from '../running.ts'

/** Unpacks an artifact as a person would who downloads it; returns the folder. */
export async function unpackArtifact(
  { artifacts }: Pick<ResultsService, 'artifacts'>,
  name: string,
  scratch: string,
): Promise<string> {
  const content = artifacts.get(name)?.content
  if (content === undefined) throw new Error(`there is no artifact ${name}: ${[...artifacts.keys()].join()}`)
  const folder = await mkdtemp(path.join(scratch, 'unpacked-'))
  await writeFile(`${folder}.zip`, content)
  await succeed('python3', ['-m', 'zipfile', '-e', `${folder}.zip`, folder])
  return folder
}
