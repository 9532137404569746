/**
 * What identifies a Debian package. Each is its own type, made only by its parser here, so that a hash, a
 * fingerprint and a version cannot be taken for one another or used unchecked.
 */

import { MAX_ARCHITECTURE, MAX_NAME } from '../limits.ts'

declare const kind: unique symbol
type Checked<Kind extends string> = string & { readonly [kind]: Kind }

/** 64 lower-case hex digits. */
export type Sha256 = Checked<'Sha256'>
/** 128 lower-case hex digits. */
export type Sha512 = Checked<'Sha512'>
/** The fingerprint of an OpenPGP v4 or v6 key: 40 or 64 upper-case hex digits. */
export type Fingerprint = Checked<'Fingerprint'>
/** A package name in lower case, as dpkg keeps it. */
export type PackageName = Checked<'PackageName'>
/** A Debian version, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12). */
export type Version = Checked<'Version'>
/** A Debian architecture name such as `amd64` or `all`. */
export type Architecture = Checked<'Architecture'>

export function parseSha256(text: string): Sha256 | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Sha256) : undefined
}

export function parseSha512(text: string): Sha512 | undefined {
  return /^[0-9a-f]{128}$/.test(text) ? (text as Sha512) : undefined
}

/** Accepts blanks and a leading `0x`, as gpg prints and people paste them. */
export function parseFingerprint(text: string): Fingerprint | undefined {
  const digits = text.replaceAll(/\s/g, '').replace(/^0x/i, '').toUpperCase()
  return /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits) ? (digits as Fingerprint) : undefined
}

/** Debian Policy 5.6.7; `_` and upper case as dpkg accepts them from others' packages, folded as dpkg folds. */
export function parsePackageName(text: string): PackageName | undefined {
  return text.length <= MAX_NAME && /^[a-z0-9][a-z0-9+._-]*$/i.test(text)
    ? (text.toLowerCase() as PackageName)
    : undefined
}

/**
 * Debian Policy 5.6.12: a colon after the epoch only where there is an epoch. An epoch of zero is left out, as dpkg
 * leaves it out: an index that says 0:1.0 and a list that says 1.0 mean one version.
 */
export function parseVersion(text: string): Version | undefined {
  // Before anything else: the expression goes through a long run of zeros again and again.
  if (text.length > MAX_NAME) return undefined
  const written = /^0*(\d+):([^:]+)$/.exec(text)
  if (written === null) return checkedVersion(text)
  const [, epoch = '', rest = ''] = written
  return checkedVersion(epoch === '0' ? rest : `${epoch}:${rest}`)
}

function checkedVersion(text: string): Version | undefined {
  return text.length <= MAX_NAME && /^(?:\d+:[A-Za-z0-9.+~:-]+|[A-Za-z0-9.+~-]+)$/.test(text)
    ? (text as Version)
    : undefined
}

export function parseArchitecture(text: string): Architecture | undefined {
  return text.length <= MAX_ARCHITECTURE && /^[a-z0-9][a-z0-9-]*$/.test(text) ? (text as Architecture) : undefined
}

/** The architecture of packages that run everywhere. */
export const ARCH_ALL = 'all' as Architecture
