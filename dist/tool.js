// src/tool.ts
/** The tool's own name and version, for reports, servers and `--version`. */
const TOOL = {
	name: "debproof",
	version: "0.1.0"
};
const USER_AGENT = `${TOOL.name}/${TOOL.version}`;
export { USER_AGENT as n, TOOL as t };
