// Runs in a process of its own, in the environment of an action: the unmodified client of @actions/artifact.
import path from 'node:path'
import { DefaultArtifactClient } from '@actions/artifact'

const client = new DefaultArtifactClient()
const [order, ...words] = process.argv.slice(2)

if (order === 'upload') {
  const [name = '', root = '', ...files] = words
  await client.uploadArtifact(name, files, root)
} else {
  const [pattern = '', folder = '', how] = words
  const { artifacts } = await client.listArtifacts({ latest: true })
  const wanted = artifacts.filter(({ name }) => path.matchesGlob(name, pattern))
  if (how === 'named' && wanted.length !== 1) throw new Error(`Artifact not found for name: ${pattern}`)
  for (const { id, name, digest } of wanted) {
    const target = how === 'each' ? path.join(folder, name) : folder
    const { digestMismatch } = await client.downloadArtifact(id, {
      path: target,
      ...(digest === undefined ? {} : { expectedHash: digest }),
    })
    if (digestMismatch === true) throw new Error(`The artifact ${name} has another digest.`)
  }
}
