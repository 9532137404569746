// src/exit-code.ts
/** The exit codes of the command line: a contract that pipelines are written against. */
const EXIT = {
	/** Every package is proven or excepted. */
	pass: 0,
	/** At least one package failed; `inspect` refused the file; a report or its evidence is not what it says. */
	fail: 1,
	/** The command, the policy, a key or a package list is wrong. */
	usage: 2,
	/** Nothing failed, but something could not be decided. */
	undecided: 3
};
function exitCodeOf(verdict) {
	return EXIT[verdict];
}
/** What the user can mend is 2; what an archive did to a command that needs it is "could not find out". */
function exitCodeOfError(code) {
	switch (code) {
		case "USAGE":
		case "POLICY":
		case "PACKAGE_LIST":
		case "KEY":
		case "OUTPUT": return EXIT.usage;
		case "EVIDENCE": return EXIT.fail;
		default: return EXIT.undecided;
	}
}
export { exitCodeOf as n, exitCodeOfError as r, EXIT as t };
