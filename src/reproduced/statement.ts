import type { Evidence } from '../archive/evidence.ts'
import type { Architecture, PackageName, Sha256, Version } from '../archive/identity.ts'
import type { SourceName } from '../archive/source-name.ts'
import type { BuildRecord } from '../judge/builds.ts'

/** A binary package of whose rebuilds statements are sought. */
export interface RebuiltPackage {
  readonly name: PackageName
  /** With its epoch. */
  readonly version: Version
  readonly architecture: Architecture
  /** What the archive says it was built from: a way to find statements, never a reason to believe them. */
  readonly source: SourceName
  /** What a build calls the file: `name_version_architecture.deb`, the version without its epoch. */
  readonly fileName: string
}

/** A source file that a statement names, by file name: a `.dsc`, or a `.buildinfo` that was built by. */
export interface NamedSource {
  readonly fileName: string
  /** Undefined where the statement gives another kind of hash, or none: which file it was is not known then. */
  readonly sha256: Sha256 | undefined
  /**
   * `input`: it was built from this. `output`: it came out of the build, as a source package does that is made along
   * with the .debs; one that differs, by a signature say, speaks against nothing.
   */
  readonly role: 'input' | 'output'
}

/** What one statement says of one file. */
export interface Attestation {
  readonly fileName: string
  readonly sha256: Sha256
  /** The version of the build, with its epoch, where the format has it: file names have none. */
  readonly version?: Version
  readonly sources: readonly NamedSource[]
}

/** A statement of a rebuilder's, made only by verifying its signature against keys that the policy pins. */
export interface Statement {
  /** The document, and the signature where that is a file of its own. */
  readonly evidence: readonly Evidence[]
  /** What it says of files with the name that was asked for, and no others. */
  readonly attestations: readonly Attestation[]
  /** Of which build it is. */
  readonly record: BuildRecord
}

/** What one place of a party's was brought to say of one package. */
export interface ServiceAnswer {
  readonly statements: readonly Statement[]
  /** Documents that were found and do not count, each with the reason: `https://…: BAD signature …`. */
  readonly unusable: readonly string[]
  /** What could not be read, each with the reason. */
  readonly unreachable: readonly string[]
  /** What the service says and does not sign, for people: it counts neither way. */
  readonly notes?: readonly string[]
}

/** A place where a party publishes its statements, in one format. */
export interface StatementService {
  /** Never throws for what the service does. A 404 is an answer: it has no statement. */
  ask(rebuilt: RebuiltPackage): Promise<ServiceAnswer>
}
