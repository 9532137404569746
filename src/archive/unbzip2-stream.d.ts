/** The package ships no types. It decodes synchronously inside write() and end(). */
declare module 'unbzip2-stream' {
  export default function unbzip2Stream(): NodeJS.ReadWriteStream
}
