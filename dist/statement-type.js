// src/report/statement-type.ts
/** By this a file is known as an in-toto Statement (in-toto attestation framework, spec/v1/statement.md). */
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export { STATEMENT_TYPE as t };
