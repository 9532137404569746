/**
 * Stands in the bundle for `unzip-stream`, with which @actions/artifact unpacks what it downloads. This program only
 * uploads; and one of the packages below unzip-stream (`buffers`) has no licence, so it must not be bundled.
 */
function refuse(): never {
  throw new Error('artifacts are not downloaded by this program')
}

export default { Parse: refuse, Extract: refuse }
