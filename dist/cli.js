#!/usr/bin/env node
import { d as removeEarlierReport, i as onSignals, r as whereNobodyWrites } from "./output-lock.js";
import { t as TOOL } from "./tool.js";
import { a as systemErrorCode, i as isDebproofError, r as describeError, t as DebproofError } from "./errors.js";
import { t as closest } from "./spelling.js";
import { r as exitCodeOfError, t as EXIT } from "./exit-code.js";
import { t as terminalOf } from "./terminal.js";
import { realpathSync } from "node:fs";
import { parseArgs } from "node:util";
// src/commands/commands.ts
/** The commands, in the order of the help. Each is loaded when it is called. */
const COMMANDS = {
	verify: async () => (await import("./verify.js")).verifyCommand,
	compare: async () => (await import("./compare.js")).compareCommand,
	recheck: async () => (await import("./recheck2.js")).recheckCommand,
	inspect: async () => (await import("./inspect.js")).inspectCommand,
	packages: async () => (await import("./packages.js")).packagesCommand,
	record: async () => (await import("./record.js")).recordCommand,
	rebuild: async () => (await import("./rebuild.js")).rebuildCommand,
	plan: async () => (await import("./plan.js")).planCommand,
	merge: async () => (await import("./merge2.js")).mergeCommand,
	init: async () => (await import("./init.js")).initCommand
};
// src/commands/earlier-output.ts
/** The commands that write a report, and where unless somebody says otherwise. */
const DEFAULT_OUTPUT = {
	verify: "debproof-report",
	merge: "debproof-report"
};
/**
* Removes the report of an earlier run from the folder that a command is about to write to, before that command is
* even loaded: however it ends, by a mistake in its options or by a signal, no verdict is there that is not its own,
* unless another run is writing one.
* What is wrong with the folder is told by the command.
*/
function removeEarlierOutput(name, words) {
	const usual = Object.hasOwn(DEFAULT_OUTPUT, name) ? DEFAULT_OUTPUT[name] : void 0;
	if (usual === void 0) return;
	try {
		const { values, positionals } = parseArgs({
			args: [...words],
			options: {
				output: {
					type: "string",
					multiple: true
				},
				help: {
					type: "boolean",
					short: "h"
				}
			},
			strict: false,
			allowPositionals: true
		});
		if (values.help !== void 0) return;
		for (const folder of values.output ?? [usual]) {
			if (typeof folder !== "string" || folder === "" || positionals.some((other) => isSame(other, folder))) continue;
			whereNobodyWrites(folder, () => removeEarlierReport(folder));
		}
	} catch {}
}
function isSame(one, other) {
	try {
		return realpathSync(one) === realpathSync(other);
	} catch {
		return false;
	}
}
// src/commands/help.ts
/** `debproof --help`. */
function overview(commands) {
	const width = Math.max(...commands.map(({ name }) => name.length));
	return [
		`debproof ${TOOL.version}: proves every Debian package of a build identical to its upstream, or reproduced.`,
		"",
		"Usage: debproof COMMAND [OPTIONS]",
		"",
		...commands.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`),
		"",
		"  debproof COMMAND --help   the options of a command",
		"  debproof --version        the version",
		""
	].join("\n");
}
/** `debproof COMMAND --help`. */
function commandHelp({ name, usage, description, options }) {
	return [
		`Usage: debproof ${name} ${usage} [OPTIONS]`,
		"",
		description,
		"",
		"Options:",
		...options.flatMap(optionHelp),
		""
	].join("\n");
}
function optionHelp({ name, value, multiple, default: preset, description }) {
	return [`  --${name}${value === void 0 ? "" : ` ${value}`}${multiple === true ? " (repeatable)" : ""}`, ...wrap(preset === void 0 ? description : `${description} Default: ${preset}.`, 94).map((line) => `      ${line}`)];
}
function wrap(text, width) {
	const lines = [];
	let line = "";
	for (const word of text.split(" ")) if (line !== "" && line.length + 1 + word.length > width) {
		lines.push(line);
		line = word;
	} else line = line === "" ? word : `${line} ${word}`;
	return [...lines, line];
}
// src/commands/parse-arguments.ts
/** Holds the words after a command's name against its table of options. Throws a DebproofError USAGE. */
function parseArguments(command, words) {
	const { values, positionals } = parse(command, words, Object.fromEntries(command.options.map(({ name, value }) => [name, {
		type: value === void 0 ? "boolean" : "string",
		multiple: value !== void 0
	}])));
	const given = (name) => {
		const value = values[name];
		return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
	};
	for (const { name, multiple } of command.options) if (multiple !== true && given(name).length > 1) throw usage(command, `--${name} is given twice`);
	const isHelp = values["help"] === true;
	const { min, max } = command.positionals;
	if (!isHelp && positionals.length < min) throw usage(command, `${command.usage} is missing`);
	if (positionals.length > max) throw usage(command, `${JSON.stringify(positionals[max])} is too much`);
	return {
		positionals,
		text: (name) => given(name)[0] ?? command.options.find((option) => option.name === name)?.default,
		texts: given,
		flag: (name) => values[name] === true
	};
}
function parse(command, words, options) {
	try {
		return parseArgs({
			args: [...words],
			options,
			allowPositionals: true,
			strict: true
		});
	} catch (error) {
		const unknown = /^Unknown option '-{1,2}([^']*)'/.exec(describeError(error))?.[1];
		if (unknown === void 0) throw usage(command, describeError(error).split(". ")[0] ?? "");
		const suggestion = closest(unknown, Object.keys(options));
		throw usage(command, `there is no option --${unknown}${suggestion === void 0 ? "" : `; did you mean --${suggestion}?`}`);
	}
}
function usage({ name }, problem) {
	return new DebproofError("USAGE", `${name}: ${problem.replace(/(?<!\.)\.+$/, "")} — see \`debproof ${name} --help\`.`);
}
// src/cli.ts
async function main(words, terminal) {
	const [name, ...rest] = words;
	if (name === void 0 || name === "--help" || name === "-h" || name === "help") {
		const text = overview(await Promise.all(Object.values(COMMANDS).map((load) => load())));
		if (name === void 0) throw new DebproofError("USAGE", `No command was given.\n\n${text}`);
		terminal.out(text);
		return 0;
	}
	if (name === "--version") {
		terminal.out(`${TOOL.version}\n`);
		return 0;
	}
	const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : void 0;
	if (load === void 0) {
		const suggestion = closest(name, Object.keys(COMMANDS));
		const advice = suggestion === void 0 ? "See `debproof --help`." : `Did you mean ${suggestion}?`;
		throw new DebproofError("USAGE", `There is no command ${JSON.stringify(name)}. ${advice}`);
	}
	if (name !== "rebuild") onSignals(terminal.err);
	removeEarlierOutput(name, rest);
	requireWorkingFolder();
	const command = await load();
	const given = parseArguments(command, rest);
	if (given.flag("help")) {
		terminal.out(commandHelp(command));
		return 0;
	}
	return await command.run(given, terminal);
}
/** @throws DebproofError USAGE */
function requireWorkingFolder() {
	try {
		process.cwd();
	} catch (error) {
		throw new DebproofError("USAGE", "The working folder is no longer there; change to another", { cause: error });
	}
}
const terminal = terminalOf(process);
/** What a machine runs out of (errno(3)): no mistake of the program's, wherever it shows. */
const SHORTAGES = [
	"EMFILE",
	"ENFILE",
	"ENOMEM",
	"ENOSPC",
	"EDQUOT",
	"EIO",
	"EROFS"
];
/** A foreseen failure is told in words; a bug in words too, and with its trace where that was asked for. */
function explain(error) {
	if (isDebproofError(error)) {
		terminal.err(`debproof: ${describeError(error)}\n`);
		return exitCodeOfError(error.code);
	}
	const code = systemErrorCode(error);
	if (code !== void 0 && SHORTAGES.includes(code)) {
		terminal.err(`debproof: this machine has not what it takes: ${describeError(error)}.\n`);
		return EXIT.usage;
	}
	const trace = process.argv.includes("--verbose") && error instanceof Error ? `\n${error.stack ?? ""}` : "";
	const advice = trace === "" ? " Run again with --verbose to see where." : "";
	terminal.err(`debproof: this is a bug in debproof: ${describeError(error)}.${advice}${trace}\n`);
	return 70;
}
process.stdout.on("error", (error) => {
	if (error.code === "EPIPE") return;
	process.exitCode = EXIT.usage;
	terminal.err(`debproof: the result cannot be written to standard output: ${error.message}.\n`);
});
process.stderr.on("error", () => {});
process.on("uncaughtException", (error) => process.exit(explain(error)));
const code = await main(process.argv.slice(2), terminal).catch(explain);
process.exitCode ??= code;
export {};
