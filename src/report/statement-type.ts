/** By this a file is known as an in-toto Statement (in-toto attestation framework, spec/v1/statement.md). */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
