import { c as Digester, l as sha256Of, r as loadOpenPGP } from "./keyring.js";
import { i as systemErrorCode, n as describeError, r as isDebproofError, t as DebproofError } from "./errors.js";
import { c as decompress, i as findFiles, l as require_dist, n as readPackageLists, r as Downloads, t as mergePackageUses } from "./merge.js";
import { E as parseArchitecture, O as parsePackageName, b as MAX_RELEASE_FILE, g as MAX_PACKAGE_FILE, h as MAX_PACKAGE_EXCESS, j as parseVersion, k as parseSha256, u as MAX_INDEX, v as MAX_POLICY, w as MAX_STANZA } from "./limits.js";
import { t as closest } from "./spelling.js";
import { a as urlBelow, i as isPathBelow, n as splitInRelease, o as TrustAnchors, r as verifyRelease, t as pairRelease } from "./signed-text.js";
import { a as systemPolicy, d as suiteDirectory, i as statusFile, t as makeFolder, u as indexPaths } from "./make-folder.js";
import { n as USER_AGENT, t as TOOL } from "./tool.js";
import { t as visible } from "./visible.js";
import { t as parseStanza } from "./deb822.js";
import zlib from "node:zlib";
import { pathToFileURL } from "node:url";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createReadStream } from "node:fs";
// src/report/headline.ts
/** Verdicts that need attention, the gravest first. */
const ATTENTION = [
	"mismatch",
	"forbidden",
	"unlisted",
	"unproven",
	"undecided"
];
/** What a release manager does next, for each verdict that needs attention. */
const ADVICE = {
	mismatch: "Do not release. Somebody changed this file after its upstream signed it, or built it again under the same version: get both files, compare them (diffoscope), and find out who wrote the one that was served.",
	forbidden: "Find out how a package of this archive came into the build; a release must contain nothing from it.",
	unlisted: "Name the archive that it came from in the policy. A version that was superseded since needs an archive, or apt lists, that still have it; a package that is made during the build needs an exception with `archive: none`.",
	unproven: "Name the upstream that first distributed this version; a version that its live archive has dropped needs an archive that still has it. A package of your own needs rebuilders.",
	undecided: "Read the reasons. What was refused (a signature, a hash, a date) may have been tampered with: find out who wrote it. What could not be reached: run again when it can be."
};
/** The verdict in one line: what a person reads first. */
function headline({ predicate }) {
	const { verdict, counts, archives } = predicate;
	const of = `${counts.total} package${counts.total === 1 ? "" : "s"}`;
	switch (verdict) {
		case "pass": return `PASS: ${of} proven (${listCounts(counts, [
			"identical",
			"reproduced",
			"excepted"
		])}).`;
		case "fail": return `FAIL: of ${of}, ${listCounts(counts, ATTENTION)}.`;
		case "undecided": {
			if (counts.undecided > 0) return `UNDECIDED: of ${of}, ${listCounts(counts, ATTENTION)}; none failed.`;
			const unread = archives.filter((archive) => archive.unread.length > 0).map(({ name }) => name);
			return unread.length > 0 ? `UNDECIDED: ${of} proven, but ${unread.join(", ")} could not be read and may have served other bytes.` : "UNDECIDED: there was no package to judge.";
		}
	}
}
/** The packages that need attention, the gravest first, else in the report's order. */
function packagesToLookAt({ predicate }) {
	return ATTENTION.flatMap((verdict) => predicate.packages.filter((item) => item.verdict === verdict));
}
/** `name version architecture`, as people write it. */
function nameOf({ name, version, architecture }) {
	return [
		name,
		version,
		architecture
	].filter((part) => part !== null).join(" ");
}
/** What could not be read, as `archive: what (reason)`. */
function unreadParts({ predicate }) {
	return predicate.archives.flatMap(({ name, unread }) => unread.map(({ what, reason }) => `${name} ${what}: ${reason}`));
}
/** What an archive does not have of what the policy names. */
function archiveNotes({ predicate }) {
	return predicate.archives.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
}
/** Exceptions that somebody should look after. */
function staleExceptions({ predicate }) {
	return predicate.exceptions.filter(({ status }) => status !== "used").map(({ package: name, until, status }) => status === "expired" ? `The exception for ${name} ended with ${until ?? ""} and excuses nothing.` : `The exception for ${name} matches no package that needs one: remove it.`);
}
function listCounts(counts, verdicts) {
	return verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`).join(", ");
}
const DEFAULT_CONFIG = {
	lang: void 0,
	message: void 0,
	abortEarly: void 0,
	abortPipeEarly: void 0
};
/**
* Returns the global configuration.
*
* @param config The config to merge.
*
* @returns The configuration.
*/
/* @__NO_SIDE_EFFECTS__ */
function getGlobalConfig(config$1) {
	if (!config$1 && true) return DEFAULT_CONFIG;
	return {
		lang: config$1?.lang ?? void 0,
		message: config$1?.message,
		abortEarly: config$1?.abortEarly ?? void 0,
		abortPipeEarly: config$1?.abortPipeEarly ?? void 0
	};
}
/**
* Stringifies an unknown input to a literal or type string.
*
* @param input The unknown input.
*
* @returns A literal or type string.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _stringify(input) {
	const type = typeof input;
	if (type === "string") return `"${input}"`;
	if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
	if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
	return type;
}
/**
* Adds an issue to the dataset.
*
* @param context The issue context.
* @param label The issue label.
* @param dataset The input dataset.
* @param config The configuration.
* @param other The optional props.
*
* @internal
*/
function _addIssue(context, label, dataset, config$1, other) {
	const input = other && "input" in other ? other.input : dataset.value;
	const expected = other?.expected ?? context.expects ?? null;
	const received = other?.received ?? /* @__PURE__ */ _stringify(input);
	const issue = {
		kind: context.kind,
		type: context.type,
		input,
		expected,
		received,
		message: `Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
		requirement: context.requirement,
		path: other?.path,
		issues: other?.issues,
		lang: config$1.lang,
		abortEarly: config$1.abortEarly,
		abortPipeEarly: config$1.abortPipeEarly
	};
	const isSchema = context.kind === "schema";
	const message$1 = other?.message ?? context.message ?? (context.reference, issue.lang, void 0) ?? (isSchema ? (issue.lang, void 0) : null) ?? config$1.message ?? (issue.lang, void 0);
	if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
	if (isSchema) dataset.typed = false;
	if (dataset.issues) dataset.issues.push(issue);
	else dataset.issues = [issue];
}
/**
* Compares two values using the SameValueZero algorithm, which treats `NaN`
* as equal to itself unlike `===`.
*
* @param value1 The first value.
* @param value2 The second value.
*
* @returns Whether the values are equal.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isSameValueZero(value1, value2) {
	return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
/**
* Disallows inherited object properties and prevents object prototype
* pollution by disallowing certain keys.
*
* @param object The object to check.
* @param key The key to check.
*
* @returns Whether the key is allowed.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isValidObjectKey(object$1, key) {
	return Object.prototype.hasOwnProperty.call(object$1, key) && key !== "__proto__" && key !== "prototype" && key !== "constructor";
}
/**
* Joins multiple `expects` values with the given separator.
*
* @param values The `expects` values.
* @param separator The separator.
*
* @returns The joined `expects` property.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _joinExpects(values$1, separator) {
	const list = [...new Set(values$1)];
	if (list.length > 1) return `(${list.join(` ${separator} `)})`;
	return list[0] ?? "never";
}
/**
* Eagerly creates and attaches the Standard Schema properties of a schema.
*
* Hint: The contextual `this` type includes the standard properties that are
* attached before the schema is returned.
*
* @param schema The schema to attach standard properties to.
*
* @returns The schema with standard properties attached.
*
* @internal
*/
function _standardSchema(schema) {
	schema["~standard"] = {
		version: 1,
		vendor: "valibot",
		validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
	};
	return schema;
}
/**
* [ISO 8601](https://en.wikipedia.org/wiki/ISO_8601) date regex.
*/
const ISO_DATE_REGEX = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[12]\d|0[1-9]|3[01])$/u;
/* @__NO_SIDE_EFFECTS__ */
function check(requirement, message$1) {
	return {
		kind: "validation",
		type: "check",
		reference: check,
		async: false,
		expects: null,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "input", dataset, config$1);
			return dataset;
		}
	};
}
/**
* Creates a description metadata action.
*
* @param description_ The description text.
*
* @returns A description action.
*/
/* @__NO_SIDE_EFFECTS__ */
function description(description_) {
	return {
		kind: "metadata",
		type: "description",
		reference: description,
		description: description_
	};
}
/* @__NO_SIDE_EFFECTS__ */
function isoDate(message$1) {
	return {
		kind: "validation",
		type: "iso_date",
		reference: isoDate,
		async: false,
		expects: null,
		requirement: ISO_DATE_REGEX,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "date", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function maxLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_length",
		reference: maxLength,
		async: false,
		expects: `<=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length > this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function minLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_length",
		reference: minLength,
		async: false,
		expects: `>=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function regex(requirement, message$1) {
	return {
		kind: "validation",
		type: "regex",
		reference: regex,
		async: false,
		expects: `${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
			return dataset;
		}
	};
}
/**
* Returns the fallback value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The output dataset if available.
* @param config The config if available.
*
* @returns The fallback value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getFallback(schema, dataset, config$1) {
	return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
/**
* Returns the default value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The input dataset if available.
* @param config The config if available.
*
* @returns The default value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getDefault(schema, dataset, config$1) {
	return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
/* @__NO_SIDE_EFFECTS__ */
function array(item, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "array",
		reference: array,
		expects: "Array",
		async: false,
		item,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (Array.isArray(input)) {
				dataset.typed = true;
				dataset.value = [];
				for (let key = 0; key < input.length; key++) {
					const value$1 = input[key];
					const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
					if (itemDataset.issues) {
						const pathItem = {
							type: "array",
							origin: "value",
							input,
							key,
							value: value$1
						};
						for (const issue of itemDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = itemDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!itemDataset.typed) dataset.typed = false;
					dataset.value.push(itemDataset.value);
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function literal(literal_, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "literal",
		reference: literal,
		expects: /* @__PURE__ */ _stringify(literal_),
		async: false,
		literal: literal_,
		message: message$1,
		"~run"(dataset, config$1) {
			if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function optional(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "optional",
		reference: optional,
		expects: `(${wrapped.expects} | undefined)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === void 0) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === void 0) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function picklist(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "picklist",
		reference: picklist,
		expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			if (this.options.includes(dataset.value)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function record(key, value$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "record",
		reference: record,
		expects: "Object",
		async: false,
		key,
		value: value$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
					const entryValue = input[entryKey];
					const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
					if (keyDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "key",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of keyDataset.issues) {
							issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = keyDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
					if (valueDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "value",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of valueDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = valueDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
					if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function strictObject(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "strict_object",
		reference: strictObject,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
				if (!dataset.issues || !config$1.abortEarly) {
					for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
						_addIssue(this, "key", dataset, config$1, {
							input: key,
							expected: "never",
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						break;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function string(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "string",
		reference: string,
		expects: "string",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "string") dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/**
* Returns the sub issues of the provided datasets for the union issue.
*
* @param datasets The datasets.
*
* @returns The sub issues.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _subIssues(datasets) {
	let issues;
	if (datasets) for (const dataset of datasets) if (issues) for (const issue of dataset.issues) issues.push(issue);
	else issues = dataset.issues;
	return issues;
}
/* @__NO_SIDE_EFFECTS__ */
function union(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "union",
		reference: union,
		expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			let validDataset;
			let typedDatasets;
			let untypedDatasets;
			for (const schema of this.options) {
				const optionDataset = schema["~run"]({ value: dataset.value }, config$1);
				if (optionDataset.typed) if (optionDataset.issues) if (typedDatasets) typedDatasets.push(optionDataset);
				else typedDatasets = [optionDataset];
				else {
					validDataset = optionDataset;
					break;
				}
				else if (untypedDatasets) untypedDatasets.push(optionDataset);
				else untypedDatasets = [optionDataset];
			}
			if (validDataset) return validDataset;
			if (typedDatasets) {
				if (typedDatasets.length === 1) return typedDatasets[0];
				_addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(typedDatasets) });
				dataset.typed = true;
			} else if (untypedDatasets?.length === 1) return untypedDatasets[0];
			else _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(untypedDatasets) });
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function pipe(...pipe$1) {
	return _standardSchema({
		...pipe$1[0],
		pipe: pipe$1,
		"~run"(dataset, config$1) {
			for (const item of pipe$1) if (item.kind !== "metadata") {
				if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
					dataset.typed = false;
					break;
				}
				if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
			}
			return dataset;
		}
	});
}
/**
* Parses an unknown input based on a schema.
*
* @param schema The schema to be used.
* @param input The input to be parsed.
* @param config The parse configuration.
*
* @returns The parse result.
*/
/* @__NO_SIDE_EFFECTS__ */
function safeParse(schema, input, config$1) {
	const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
	return {
		typed: dataset.typed,
		success: !dataset.issues,
		output: dataset.value,
		issues: dataset.issues
	};
}
// src/policy/policy-schema.ts
var import_dist = require_dist();
/**
* The shape of `debproof.yml`. The types of the raw policy and the JSON Schema in schemas/ are made from it.
*/
const text = /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(4096));
const texts = /* @__PURE__ */ pipe(/* @__PURE__ */ array(text), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(1e3));
const signedBy = /* @__PURE__ */ pipe(/* @__PURE__ */ union([text, texts], "must be a keyring or a list of keyrings and fingerprints"), /* @__PURE__ */ description("A keyring file, or `debian` for the shipped one. In a list, or separated by blanks or commas, fingerprints restrict it to these keys; with a `!` at the end to this very key and none of its siblings."));
const suites = /* @__PURE__ */ pipe(texts, /* @__PURE__ */ description("Codenames below dists/, or paths that end in `/` (`./` for a flat archive)."));
const components = /* @__PURE__ */ pipe(texts, /* @__PURE__ */ description("Such as main and contrib; main where none is named. Not used by suites that are paths."));
const architectures = /* @__PURE__ */ pipe(texts, /* @__PURE__ */ description("Such as amd64. The first is the build's own; `all` is implied. Else those of the first archive that names any."));
const url = /* @__PURE__ */ pipe(text, /* @__PURE__ */ regex(/^(?:https?:\/\/|file:)/, "must begin with http://, https:// or file:"));
const upstreamSchema = /* @__PURE__ */ strictObject({
	url: /* @__PURE__ */ pipe(url, /* @__PURE__ */ description("The archive that first distributed the packages: any mirror of it will do.")),
	"signed-by": signedBy,
	suites: /* @__PURE__ */ optional(suites),
	components: /* @__PURE__ */ optional(components),
	architectures: /* @__PURE__ */ optional(architectures)
});
const archiveSchema = /* @__PURE__ */ strictObject({
	require: /* @__PURE__ */ pipe(/* @__PURE__ */ picklist([
		"identical",
		"reproduced",
		"absent"
	], "must be identical, reproduced or absent"), /* @__PURE__ */ description("identical: every package is byte for byte what an upstream signed. reproduced: built by the project; also satisfied by a package that is identical to what an upstream signed. absent: no package may come from here.")),
	url: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(url, /* @__PURE__ */ description("What the build was served from. Leave out where that is the upstream."))),
	suites,
	components: /* @__PURE__ */ optional(components),
	architectures: /* @__PURE__ */ optional(architectures),
	"apt-lists": /* @__PURE__ */ optional(/* @__PURE__ */ pipe(text, /* @__PURE__ */ description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now."))),
	"signed-by": /* @__PURE__ */ optional(signedBy),
	upstream: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(upstreamSchema), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(100)))
});
const exceptionSchema = /* @__PURE__ */ strictObject({
	package: text,
	version: /* @__PURE__ */ optional(text),
	architecture: /* @__PURE__ */ optional(text),
	archive: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(text, /* @__PURE__ */ description("The name of an archive above, or none."))),
	reason: /* @__PURE__ */ pipe(text, /* @__PURE__ */ description("Why this is accepted. It is part of the report.")),
	until: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ isoDate("must be a date such as 2027-03-01"), /* @__PURE__ */ description("The last day it excuses, UTC.")))
});
const packageListSchema = /* @__PURE__ */ strictObject({
	path: /* @__PURE__ */ pipe(text, /* @__PURE__ */ description("A file, a folder of .debs, or a glob, relative to the policy, or an http(s) URL.")),
	format: /* @__PURE__ */ optional(text, "auto")
});
const policySchema = /* @__PURE__ */ strictObject({
	version: /* @__PURE__ */ literal(1, "must be 1"),
	env: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"))), /* @__PURE__ */ description("Environment variables that may be written as variables in this policy."))),
	packages: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(packageListSchema), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(1e3))),
	archives: /* @__PURE__ */ pipe(/* @__PURE__ */ record(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is no name for an archive")), archiveSchema), /* @__PURE__ */ check((archives) => Object.keys(archives).length > 0, "must name at least one archive")),
	exceptions: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(exceptionSchema), /* @__PURE__ */ maxLength(1e4)))
});
// src/policy/parse-policy.ts
/**
* Parses a policy: YAML 1.2, every key known, every value of its type.
*
* @param file its name, for errors
* @throws DebproofError POLICY that names each mistake with its line
*/
function parsePolicy(text, file) {
	if (text.length > 1048576) throw new DebproofError("POLICY", `${file} is larger than ${MAX_POLICY} bytes.`);
	const lineCounter = new import_dist.LineCounter();
	const document = (0, import_dist.parseDocument)(text, {
		version: "1.2",
		schema: "core",
		uniqueKeys: true,
		lineCounter
	});
	const [yamlError] = document.errors;
	if (yamlError !== void 0) {
		const line = yamlError.linePos?.[0].line ?? 1;
		throw new DebproofError("POLICY", `${file}:${line}: this is not valid YAML: ${firstLine(yamlError.message)}`);
	}
	const content = toPlain(() => document.toJS({ maxAliasCount: 100 }), file);
	if (content === null || content === void 0) throw new DebproofError("POLICY", `${file} is empty.`);
	const result = /* @__PURE__ */ safeParse(policySchema, content);
	if (result.success) {
		refuseLostArchives(content, result.output, file);
		return result.output;
	}
	const mistakes = result.issues.slice(0, 10).map((issue) => {
		const path = (issue.path ?? []).map((item) => typeof item.key === "number" ? item.key : String(item.key));
		return `${file}:${lineOf(path)}: ${path.join(".") || "the policy"} ${explain(issue)}`;
	});
	throw new DebproofError("POLICY", mistakes.join("\n"));
	function lineOf(path) {
		for (let depth = path.length; depth >= 0; depth--) {
			const node = document.getIn(path.slice(0, depth), true);
			if ((0, import_dist.isNode)(node) && node.range) return lineCounter.linePos(node.range[0]).line;
		}
		return 1;
	}
}
/** valibot's records leave out a few names, such as `constructor`, without a word; no archive may get lost so. */
function refuseLostArchives(content, { archives }, file) {
	const written = typeof content === "object" && content !== null && "archives" in content ? content.archives : {};
	for (const name of Object.getOwnPropertyNames(written)) if (!Object.hasOwn(archives, name)) throw new DebproofError("POLICY", `${file}: archives: ${JSON.stringify(name)} is no name for an archive.`);
}
function toPlain(convert, file) {
	try {
		return convert();
	} catch (error) {
		throw new DebproofError("POLICY", `${file} cannot be read`, { cause: error });
	}
}
function explain(issue) {
	const last = issue.path?.at(-1);
	if (issue.type === "strict_object" && issue.expected === "never" && last !== void 0) {
		const known = knownKeys(issue);
		const suggestion = closest(String(last.key), known);
		if (suggestion !== void 0) return `is not known; did you mean ${suggestion}?`;
		return `is not known; here may stand: ${known.join(", ")}.`;
	}
	if (issue.input === void 0) return "is missing.";
	if (issue.type === "min_length") return "must not be empty.";
	if (issue.kind === "schema" && issue.message.startsWith("Invalid")) return `must be ${/[Ss]tring/.test(issue.expected ?? "") ? "text; put it in quotes" : issue.expected ?? "something else"}.`;
	return `${issue.message}.`;
}
/** The keys that the object schema of an issue knows. */
function knownKeys(issue) {
	const [first, , third] = (issue.path ?? []).slice(0, -1).map((item) => String(item.key));
	if (first === void 0) return Object.keys(policySchema.entries);
	if (first === "packages") return Object.keys(packageListSchema.entries);
	if (first === "exceptions") return Object.keys(exceptionSchema.entries);
	return Object.keys((third === "upstream" ? upstreamSchema : archiveSchema).entries);
}
function firstLine(text) {
	return text.split("\n")[0] ?? text;
}
// src/policy/variables.ts
/** What may stand in a URL or a path without leading elsewhere: a branch name from a fork could. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._~+-]*$/;
/**
* Replaces each `${name}` of a policy's text.
* @param where the place in the policy, for errors
* @throws DebproofError POLICY for a name that is unknown or has no value
*/
function substitute(text, variables, where) {
	return text.replaceAll(/\$\{([^}]*)\}/g, (_, name) => {
		const value = lookUp(name, variables, where);
		if (!HARMLESS.test(value)) throw new DebproofError("POLICY", `${where}: \${${name}} is ${JSON.stringify(value)}; only letters, digits and . _ ~ + - may be put into a policy.`);
		return value;
	});
}
function lookUp(name, { release, references, environment }, where) {
	const missing = (advice) => new DebproofError("POLICY", `${where}: \${${name}} has no value: ${advice}.`);
	if (name === "release") {
		if (release === void 0) throw missing("give it with --release");
		return release;
	}
	if (name.startsWith("reference:")) {
		const origin = name.slice(10);
		const reference = Object.hasOwn(references, origin) ? references[origin] : void 0;
		if (reference === void 0) throw missing(`no package list names a snapshot of the origin ${origin}`);
		return reference;
	}
	if (Object.hasOwn(environment, name)) {
		const value = environment[name];
		if (value === void 0) throw missing("this environment variable is not set");
		return value;
	}
	throw missing("it may be release, reference:ORIGIN, or an environment variable that `env:` names");
}
// src/policy/read-policy.ts
/** @throws DebproofError POLICY */
async function readPolicy(file, context) {
	const text = await readPolicyText(file);
	const raw = parsePolicy(text, file);
	const environment = Object.fromEntries((raw.env ?? []).map((name) => [name, context.environment[name]]));
	const variables = {
		...context.release === void 0 ? {} : { release: context.release },
		environment
	};
	const folder = path.dirname(path.resolve(file));
	return {
		lists: (raw.packages ?? []).map((list, index) => ({
			...list,
			path: substitute(list.path, {
				...variables,
				references: {}
			}, `${file}: packages.${index}.path`)
		})),
		folder,
		resolve: (references) => resolvePolicy(raw, file, {
			folder,
			sha256: sha256Of(text),
			variables: {
				...variables,
				references
			}
		})
	};
}
async function readPolicyText(file) {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (systemErrorCode(error) !== "ENOENT") throw new DebproofError("POLICY", `The policy ${file} cannot be read`, { cause: error });
		throw new DebproofError("POLICY", `There is no policy ${file}. Write one with \`debproof init\`, name another with --policy, or use --system.`);
	}
}
async function resolvePolicy(raw, file, { folder, sha256, variables }) {
	const architectures = Object.values(raw.archives).find((archive) => archive.architectures)?.architectures ?? [];
	const resolving = {
		folder,
		variables,
		anchors: new TrustAnchors(folder),
		architectures
	};
	const archives = [];
	for (const [name, archive] of Object.entries(raw.archives)) archives.push(await resolveArchive(name, archive, `${file}: archives.${name}`, resolving));
	refuseContradictions(archives, file);
	return {
		sha256,
		archives,
		exceptions: resolveExceptions(raw, archives, file)
	};
}
async function resolveArchive(name, raw, where, resolving) {
	if (name === "none") throw new DebproofError("POLICY", `${where}: \`none\` means no archive; choose another name.`);
	const upstreams = [];
	for (const [index, entry] of (raw.upstream ?? []).entries()) upstreams.push(await resolveUpstream({
		...raw,
		...defined(entry)
	}, `${where}.upstream.${index}`, resolving));
	if (raw.require === "identical" && upstreams.length === 0) throw new DebproofError("POLICY", `${where}: \`require: identical\` needs an upstream to be identical to.`);
	if (raw.require === "reproduced" && raw.url === void 0) throw new DebproofError("POLICY", `${where}.url is missing: what is reproduced is what the project itself serves.`);
	const [first] = upstreams;
	let served;
	if (raw.url === void 0) {
		if (first === void 0) throw new DebproofError("POLICY", `${where}.url is missing.`);
		if (raw["signed-by"] !== void 0) throw new DebproofError("POLICY", `${where}: signed-by belongs to url, which is missing; put it under upstream.`);
		served = first;
	} else {
		const signedBy = raw["signed-by"];
		if (signedBy === void 0) throw new DebproofError("POLICY", `${where}.signed-by is missing.`);
		served = await resolveUpstream({
			...raw,
			url: raw.url,
			"signed-by": signedBy
		}, where, resolving);
	}
	const lists = raw["apt-lists"];
	return {
		name,
		require: raw.require,
		served,
		servedByUpstream: raw.url === void 0,
		upstreams,
		...lists === void 0 ? {} : { aptLists: path.resolve(resolving.folder, substitute(lists, resolving.variables, `${where}.apt-lists`)) }
	};
}
/** An upstream inherits suites, components and architectures from its archive. */
async function resolveUpstream(raw, where, resolving) {
	const { variables, anchors } = resolving;
	const fill = (text) => substitute(text, variables, where);
	const signedBy = [raw["signed-by"]].flat().map(fill);
	return {
		area: resolveArea(raw, where, resolving, fill),
		keyring: await anchors.keyring(signedBy, where)
	};
}
function resolveArea(raw, where, resolving, fill) {
	const suites = (raw.suites ?? []).map(fill);
	for (const suite of suites) if (!/^[A-Za-z0-9._~+/-]+$/.test(suite) || suite.split("/").includes("..")) throw new DebproofError("POLICY", `${where}.suites: ${JSON.stringify(suite)} is no suite.`);
	const components = (raw.components ?? ["main"]).map(fill);
	const architectures = (raw.architectures ?? resolving.architectures).map((text) => checkedArchitecture(fill(text), where));
	if (architectures.length === 0) throw new DebproofError("POLICY", `${where}.architectures is missing: the build's own comes first.`);
	return {
		base: baseUrl(fill(raw.url), where, resolving.folder),
		suites,
		components,
		architectures
	};
}
function checkedArchitecture(text, where) {
	const architecture = parseArchitecture(text);
	if (architecture === void 0 || text === "x86-64" || text === "aarch64") throw new DebproofError("POLICY", `${where}.architectures: ${text} is no Debian architecture, such as amd64.`);
	return architecture;
}
/** `file:` may be followed by a path relative to the policy, as in `file:archive/`. */
function baseUrl(text, where, folder) {
	const relative = /^file:(?!\/)(.+)$/.exec(text)?.[1];
	const url = relative === void 0 ? text : pathToFileURL(path.resolve(folder, relative)).href;
	if (!URL.canParse(url)) throw new DebproofError("POLICY", `${where}.url: ${JSON.stringify(text)} is not a URL.`);
	const parsed = new URL(url);
	if (parsed.search !== "" || parsed.hash !== "") throw new DebproofError("POLICY", `${where}.url must not have a query or a fragment.`);
	if (parsed.username !== "" || parsed.password !== "") throw new DebproofError("POLICY", `${where}.url must not hold a login.`);
	return parsed.href.endsWith("/") ? parsed : new URL(`${parsed.href}/`);
}
/** apt refuses two sources of one archive with different Signed-By (sources.list(5)). */
function refuseContradictions(archives, file) {
	const seen = /* @__PURE__ */ new Map();
	for (const { name, served, servedByUpstream } of archives) {
		if (servedByUpstream) continue;
		const keys = [...served.keyring.certificates.map((certificate) => certificate.getFingerprint()), ...served.keyring.only.map(({ fingerprint, exact }) => `${fingerprint}${exact ? "!" : ""}`)].sort();
		for (const suite of served.area.suites) {
			const source = `${served.area.base.href} ${suite}`;
			const other = seen.get(source);
			if (other !== void 0 && other.keys !== keys.join()) throw new DebproofError("POLICY", `${file}: the archives ${other.name} and ${name} read the same suite (${source}) with different signed-by.`);
			seen.set(source, {
				name,
				keys: keys.join()
			});
		}
	}
}
function resolveExceptions(raw, archives, file) {
	return (raw.exceptions ?? []).map((exception, index) => {
		const { archive } = exception;
		if (archive !== void 0 && archive !== "none" && !archives.some(({ name }) => name === archive)) throw new DebproofError("POLICY", `${file}: exceptions.${index}.archive: there is no archive ${archive}.`);
		const { version: written, ...matcher } = defined(exception);
		if (written === void 0) return matcher;
		const version = parseVersion(written);
		if (version !== void 0) return {
			...matcher,
			version
		};
		throw new DebproofError("POLICY", `${file}: exceptions.${index}.version: ${JSON.stringify(written)} is no version.`);
	});
}
/** Without the keys that are there but undefined, so that they do not hide inherited ones. */
function defined(record) {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== void 0));
}
// src/report/report-schema.ts
/**
* The shape of `report.json`: an in-toto Statement v1 (in-toto attestation framework, spec/v1/statement.md) whose
* predicate is the report. The types that write it and the JSON Schema in schemas/ are made from this.
*/
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "urn:debproof:report:v1";
// src/report/output-folder.ts
/** In the order in which they are written: what makes a report whole comes last. */
const NAMES = {
	summary: "summary.md",
	report: "report.json",
	signature: "report.json.asc"
};
/**
* The folder that a report is written to. An earlier report there is removed at the start, so that a run that ends
* early leaves none that looks like its own.
*/
var OutputFolder = class OutputFolder {
	folder;
	constructor(folder) {
		this.folder = folder;
	}
	/**
	* Makes the folder and sees that it can be written, before any work is done.
	* @throws DebproofError OUTPUT
	*/
	static async prepare(folder) {
		const output = new OutputFolder(folder);
		try {
			await makeFolder(folder);
			await refuseForeignFiles(folder);
			for (const name of Object.values(NAMES).reverse()) await rm(path.join(folder, name), { force: true });
			await output.#write(".writable", "");
			await rm(path.join(folder, ".writable"));
		} catch (error) {
			throw error instanceof DebproofError ? error : cannotWrite(folder, error);
		}
		return output;
	}
	get reportPath() {
		return path.join(this.folder, NAMES.report);
	}
	get summaryPath() {
		return path.join(this.folder, NAMES.summary);
	}
	/** @throws DebproofError OUTPUT */
	async write({ report, signature, summary }) {
		try {
			await this.#write(NAMES.summary, summary);
			await this.#write(NAMES.report, report);
			if (signature !== void 0) await this.#write(NAMES.signature, signature);
		} catch (error) {
			throw cannotWrite(this.folder, error);
		}
	}
	/** A file is there whole or not at all. */
	async #write(name, content) {
		const temporary = path.join(this.folder, `.${name}.${process.pid}.part`);
		try {
			await writeFile(temporary, content, { flush: true });
			await rename(temporary, path.join(this.folder, name));
		} finally {
			await rm(temporary, { force: true });
		}
	}
};
/** An earlier report may be replaced; a file of the same name that somebody else wrote may not. */
async function refuseForeignFiles(folder) {
	const starts = {
		[NAMES.report]: `{\n "_type": "${STATEMENT_TYPE}"`,
		[NAMES.summary]: "# debproof: "
	};
	for (const [name, start] of Object.entries(starts)) {
		const file = path.join(folder, name);
		const text = await readFile(file, "utf8").catch(() => void 0);
		if (text !== void 0 && !text.startsWith(start)) throw new DebproofError("OUTPUT", `${file} is not debproof's and is not replaced; name another folder with --output.`);
	}
}
function cannotWrite(folder, cause) {
	return new DebproofError("OUTPUT", `The output folder ${folder} cannot be written; name another with --output`, { cause });
}
// src/report/sign.ts
/**
* Reads an armored private key and unlocks it.
*
* @param source names where it came from, for errors; never the key itself
* @throws DebproofError KEY
*/
async function readSigningKey(armored, passphrase, source) {
	const openpgp = await loadOpenPGP();
	if (armored.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----")) throw unusable(source, "is a public key; the private key is needed: gpg --armor --export-secret-keys KEYID");
	let key;
	try {
		key = await openpgp.readPrivateKey({ armoredKey: armored });
	} catch (error) {
		throw unusable(source, `cannot be read as an armored OpenPGP private key (${describeError(error)})`, error);
	}
	key = await unlock(key, passphrase, source);
	try {
		await key.getSigningKey();
	} catch (error) {
		throw unusable(source, `cannot sign (${describeError(error)})`, error);
	}
	return {
		fingerprint: key.getFingerprint().toUpperCase(),
		sign: async (bytes) => await openpgp.sign({
			message: await openpgp.createMessage({ binary: bytes }),
			signingKeys: key,
			detached: true,
			config: { nonDeterministicSignaturesViaNotation: false }
		})
	};
}
async function unlock(key, passphrase, source) {
	if (key.isDecrypted()) return key;
	if (passphrase === void 0 || passphrase === "") throw unusable(source, "is encrypted; give its passphrase in DEBPROOF_SIGNING_PASSPHRASE");
	const openpgp = await loadOpenPGP();
	try {
		return await openpgp.decryptKey({
			privateKey: key,
			passphrase
		});
	} catch (error) {
		throw unusable(source, `cannot be unlocked with this passphrase (${describeError(error)})`, error);
	}
}
function unusable(source, problem, cause) {
	return new DebproofError("KEY", `The signing key from ${source} ${problem}.`, { cause });
}
// src/report/trust.ts
/** An index may say one name and version, and its .deb another: a list of installed packages shows the .deb's. */
const TRUTHFUL = "And that no other .deb of the archive calls itself by this name and version against what its index says. Give the .debs, or a list with hashes, to be certain.";
/** What a reader of the report still has to believe, for each class of packages; classes without packages are left out. */
function remainingTrust({ packages, archives }) {
	const trust = [];
	const add = (count, of, trusts) => {
		if (count > 0) trust.push({
			packages: count,
			of,
			trusts
		});
	};
	const identical = packages.filter(({ verdict }) => verdict === "identical");
	add(identical.length, "identical", "That the upstream signed only what it meant to distribute, and that its keys were in its hands alone.");
	const from = (source) => identical.filter(({ hashFrom }) => hashFrom === source).length;
	add(from("archive"), "identical, known by the archive", `That the archive showed the build the same index as it shows now. ${TRUTHFUL}`);
	add(from("apt-lists"), "identical, known by the apt lists", `That the apt lists are those of the build. ${TRUTHFUL}`);
	add(from("list"), "identical, known by the package list", "That the package list states what the build used.");
	add(from("deb"), "identical, known by the .deb", "That the .debs that were hashed are those that the build used.");
	add(packages.filter(({ verdict }) => verdict === "excepted").length, "excepted", "The policy's exceptions.");
	const unread = archives.filter(({ facts }) => facts.failures.length > 0).map(({ archive }) => archive.name);
	if (unread.length > 0) add(packages.filter(({ hashFrom }) => hashFrom === "archive" || hashFrom === "apt-lists").length, "known by the archives", `That ${unread.join(", ")}, which could not be read, listed no other bytes under the same name and version.`);
	return trust;
}
// src/report/statement.ts
/** Makes the report: nothing in it depends on anything but the inputs and the clock that was given. */
function makeReport(result, context) {
	const packages = result.packages.map(reportPackage).sort(byIdentity);
	const subjects = context.images.length > 0 ? context.images : context.lists;
	return {
		_type: STATEMENT_TYPE,
		subject: subjects.map(({ name, sha256 }) => ({
			name,
			digest: { sha256 }
		})),
		predicateType: PREDICATE_TYPE,
		predicate: {
			verdict: result.verdict,
			release: context.release ?? null,
			at: formatTime(context.at),
			tool: {
				name: TOOL.name,
				version: TOOL.version
			},
			policy: { sha256: context.policy },
			lists: context.lists.map(({ name, format, sha256, content }) => ({
				name,
				format,
				sha256,
				packages: content.packages.length
			})),
			counts: result.counts,
			archives: result.archives.map(({ archive, facts }) => ({
				name: archive.name,
				require: archive.require,
				url: archive.served.area.base.href,
				suites: [...archive.served.area.suites],
				unread: facts.failures.map(({ what, error }) => ({
					what,
					code: error.code,
					reason: error.message
				})),
				notes: [...facts.notes]
			})),
			exceptions: result.exceptions.map(({ exception, status, packages: count }) => ({
				package: exception.package,
				version: exception.version ?? null,
				architecture: exception.architecture ?? null,
				archive: exception.archive ?? null,
				reason: exception.reason,
				until: exception.until ?? null,
				status,
				packages: count
			})),
			packages,
			evidence: collectEvidence(result.packages),
			trust: remainingTrust(result)
		}
	};
}
/** The bytes that are signed: JSON in UTF-8, one item a line, so that two reports can be compared by eye. */
function serializeReport(report) {
	return Buffer.from(`${JSON.stringify(report, null, 1)}\n`);
}
function reportPackage(judged) {
	const { use } = judged;
	return {
		name: use.name,
		version: use.version,
		architecture: use.kind === "source" ? "source" : judged.architecture ?? null,
		kind: use.kind,
		sha256: judged.sha256 ?? null,
		hashFrom: judged.hashFrom ?? null,
		archive: judged.archive ?? null,
		verdict: judged.verdict,
		reason: judged.reason,
		evidence: [...new Set(judged.evidence.map(evidenceName))].sort()
	};
}
function collectEvidence(packages) {
	const files = /* @__PURE__ */ new Map();
	for (const { evidence } of packages) for (const file of evidence) files.set(evidenceName(file), file);
	const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
	return Object.fromEntries(sorted.map(([name, { kind, url, size, date, signers }]) => [name, {
		kind,
		url,
		size,
		date: formatTime(date),
		signers: [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort()
	}]));
}
function evidenceName({ sha256 }) {
	return `sha256:${sha256}`;
}
/** RFC 3339, in whole seconds. */
function formatTime(time) {
	return time.toISOString().replace(/\.\d{3}Z$/, "Z");
}
function byIdentity(a, b) {
	const keys = (item) => [
		item.name,
		item.version,
		item.architecture ?? "",
		item.kind,
		item.sha256 ?? ""
	];
	const right = keys(b);
	for (const [index, left] of keys(a).entries()) {
		const other = right[index] ?? "";
		if (left !== other) return left < other ? -1 : 1;
	}
	return 0;
}
// src/report/summary.ts
/** Packages in the tables; a job summary may have 1 MiB. */
const MAX_ROWS = 200;
/** The report as Markdown: `summary.md`, and the job summary of a CI. */
function reportSummary(report) {
	const { predicate } = report;
	const lines = [
		`# debproof: ${predicate.verdict}`,
		"",
		plain(headline(report)),
		""
	];
	const packages = packagesToLookAt(report);
	const shown = packages.slice(0, MAX_ROWS);
	for (const verdict of new Set(shown.map((item) => item.verdict))) {
		const rows = shown.filter((item) => item.verdict === verdict);
		lines.push(`## ${verdict}`, "", ADVICE[verdict] ?? "", "");
		lines.push("| package | version | architecture | archive | reason |", "|---|---|---|---|---|");
		for (const { name, version, architecture, archive, reason } of rows) lines.push(`| ${[
			name,
			version,
			architecture ?? "",
			archive ?? "none",
			reason
		].map(plain).join(" | ")} |`);
		lines.push("");
	}
	if (packages.length > shown.length) lines.push(`${packages.length - shown.length} more packages are in report.json.`, "");
	const remarks = [
		...unreadParts(report).map((part) => `Not read: ${part}`),
		...archiveNotes(report).map((note) => `Not there: ${note}`),
		...staleExceptions(report)
	];
	if (remarks.length > 0) lines.push(...remarks.map((remark) => `- ${plain(remark)}`), "");
	lines.push("| verdict | packages |", "|---|---|");
	for (const [verdict, count] of Object.entries(predicate.counts)) if (count > 0) lines.push(`| ${verdict} | ${count} |`);
	lines.push("", "## What still has to be trusted", "");
	for (const { packages: count, of, trusts } of predicate.trust) lines.push(`- ${of} (${count}): ${trusts}`);
	lines.push("", `Judged at ${predicate.at} by ${predicate.tool.name} ${predicate.tool.version}.`, "");
	return lines.join("\n");
}
/** Plain text in a Markdown table: names and reasons come from outside. */
function plain(text) {
	return visible(text).replaceAll("\n", " ").replaceAll(/[\\`*_[\]<>|~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
// src/archive/index-entry.ts
/**
* Reads a stanza of a `Packages` index (Debian's repository format, "Packages" Indices).
* @throws DebproofError INDEX_MALFORMED when what identifies the package is missing or wrong
*/
function parseBinaryEntry(text) {
	const stanza = parseStanza(text);
	const architecture = parseArchitecture(required(stanza, "architecture"));
	if (architecture === void 0) throw malformed(stanza, "has no valid Architecture");
	return {
		kind: "binary",
		...parseNameAndVersion(stanza),
		architecture,
		file: {
			path: checkedPath(stanza, required(stanza, "filename").replace(/^\.\//, "")),
			size: checkedSize(stanza, required(stanza, "size")),
			sha256: checkedSha256(stanza, required(stanza, "sha256"))
		}
	};
}
/**
* Reads a stanza of a `Sources` index (Debian's repository format, "Sources" Indices; Debian Policy 5.6.21, 5.6.24).
* @throws DebproofError INDEX_MALFORMED, also when two entries for one file disagree
*/
function parseSourceEntry(text) {
	const stanza = parseStanza(text);
	const directory = (stanza.get("directory") ?? ".").replace(/^\.\//, "").replace(/\/$/, "");
	const prefix = directory === "." || directory === "" ? "" : `${directory}/`;
	const sizes = /* @__PURE__ */ new Map();
	const files = [];
	for (const [name, hash, size] of checksumRows(stanza, "checksums-sha256")) {
		if (name.includes("/")) throw malformed(stanza, `lists ${JSON.stringify(name)}, which is not a file name`);
		if (sizes.has(name)) throw malformed(stanza, `lists ${name} twice`);
		sizes.set(name, size);
		files.push({
			path: checkedPath(stanza, prefix + name),
			size,
			sha256: checkedSha256(stanza, ownText(hash))
		});
	}
	for (const section of [
		"files",
		"checksums-sha1",
		"checksums-sha512"
	]) for (const [name, , size] of checksumRows(stanza, section)) {
		const known = sizes.get(name);
		if (known === void 0) throw malformed(stanza, `lists ${name} without a SHA-256`);
		if (known !== size) throw malformed(stanza, `gives ${name} two sizes`);
	}
	const descriptions = files.filter(({ path }) => path.endsWith(".dsc"));
	const [file] = descriptions;
	if (file === void 0 || descriptions.length > 1) throw malformed(stanza, "does not list exactly one .dsc");
	files.sort((a, b) => a.path < b.path ? -1 : 1);
	return {
		kind: "source",
		...parseNameAndVersion(stanza),
		file,
		files
	};
}
function parseNameAndVersion(stanza) {
	const name = parsePackageName(required(stanza, "package"));
	if (name === void 0) throw malformed(stanza, "has a Package field that is no package name");
	const version = parseVersion(required(stanza, "version"));
	if (version === void 0) throw malformed(stanza, "has a Version field that is no version");
	return {
		name,
		version
	};
}
function* checksumRows(stanza, field) {
	for (const line of (stanza.get(field) ?? "").split("\n")) {
		if (line === "") continue;
		const [hash, size, name, ...rest] = line.split(/[ \t]+/);
		if (hash === void 0 || size === void 0 || name === void 0 || rest.length > 0) throw malformed(stanza, `has a bad row in ${field}: ${JSON.stringify(line.slice(0, 200))}`);
		yield [
			name,
			hash,
			checkedSize(stanza, size)
		];
	}
}
function required(stanza, field) {
	const value = stanza.get(field);
	if (value === void 0 || value === "") throw malformed(stanza, `has no ${field} field`);
	return ownText(value);
}
/**
* The same text in memory of its own. V8 makes a part of a string a reference into the whole, and each entry that
* is kept would keep its whole stanza, four times its size. Joining and cutting makes it copy.
*/
function ownText(text) {
	return ` ${text}`.slice(1);
}
function checkedPath(stanza, path) {
	if (!isPathBelow(path)) throw malformed(stanza, `has a path that leaves the archive: ${JSON.stringify(path)}`);
	return path;
}
function checkedSize(stanza, text) {
	if (!/^\d{1,15}$/.test(text)) throw malformed(stanza, `has a size that is no number: ${JSON.stringify(text)}`);
	return Number(text);
}
function checkedSha256(stanza, text) {
	const sha256 = parseSha256(text);
	if (sha256 === void 0) throw malformed(stanza, `has a SHA-256 that is none: ${JSON.stringify(text.slice(0, 80))}`);
	return sha256;
}
function malformed(stanza, problem) {
	const name = stanza.get("package") ?? "without a name";
	return new DebproofError("INDEX_MALFORMED", `The stanza of ${name} ${stanza.get("version") ?? ""} ${problem}.`);
}
// src/archive/stanza-scanner.ts
const NEWLINE = 10;
const BLANK_LINE = Buffer.from("\n\n");
const PACKAGE_FIELD = Buffer.from("Package: ");
/**
* What may be a Package field within a stanza, in any case: apt takes any white space before the colon, a line end
* included. Ten bytes long.
*/
const HIDDEN_PACKAGE = /.\npackage[\s:]/gi;
const HIDDEN_PACKAGE_LENGTH = 10;
/** Longer strings are allocated apart by the engine, which is slower than searching them. */
const SEARCH_PIECE = 16384;
/** The names that are looked for, with a table that rules out almost every other name by its bytes alone. */
var WantedNames = class {
	#names;
	#table = new Uint8Array(1 << 18);
	/** @param names package names in lower case */
	constructor(names) {
		this.#names = new Set(names);
		for (const name of this.#names) {
			let hash = 0;
			for (let index = 0; index < name.length; index++) hash = step(hash, name.charCodeAt(index));
			this.#table[hash & TABLE_MASK] = 1;
		}
	}
	has(name) {
		return this.#names.has(name.toLowerCase());
	}
	/** Whether a name with this `hashName` value may be wanted. */
	mayHave(hash) {
		return this.#table[hash & TABLE_MASK] === 1;
	}
};
const TABLE_MASK = (1 << 18) - 1;
/** Folds case: bit 0x20 tells upper from lower case letters and is set in every other byte of a name. */
function step(hash, byte) {
	return Math.imul(hash ^ (byte | 32), 16777619);
}
/**
* Finds the wanted stanzas of an index while it streams past, holding one stanza and one chunk at a time.
*
* Archives write `Package: name` as a stanza's first line, and then a stanza that is not wanted costs a search for
* its end and a hash of its name. A stanza that begins otherwise is parsed whole.
*
* Rules: stanzas are separated by empty lines (deb822(5)); no CR or NUL byte anywhere.
*/
var StanzaScanner = class {
	#options;
	/** The stanza that the last chunk ended in; the rest of a chunk is scanned where it is. */
	#held = Buffer.allocUnsafe(0);
	/** Bytes of it that are in use. */
	#used = 0;
	constructor(options) {
		this.#options = options;
	}
	/**
	* @param chunk may be written over afterwards: what is needed of it is copied
	* @throws DebproofError INDEX_MALFORMED
	*/
	push(chunk) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		if (bytes.indexOf(0) !== -1 || bytes.indexOf(13) !== -1) throw new DebproofError("INDEX_MALFORMED", "The index contains a NUL or a carriage return.");
		const scanned = this.#used === 0 ? 0 : this.#completeHeld(bytes);
		this.#hold(bytes.subarray(scanned + this.#scan(bytes.subarray(scanned), 0)));
		if (this.#used > 2097152) throw new DebproofError("INDEX_MALFORMED", `A stanza is larger than ${MAX_STANZA} bytes.`);
	}
	/** Takes what follows the last empty line as the last stanza: a final newline may be missing. */
	end() {
		this.push(BLANK_LINE);
	}
	/** Adds to what is held up to the first empty line of the next bytes, and returns how many were taken. */
	#completeHeld(bytes) {
		const end = bytes.indexOf(BLANK_LINE);
		const taken = end === -1 ? bytes.length : end + BLANK_LINE.length;
		const searched = this.#used;
		this.#hold(bytes.subarray(0, taken));
		const held = this.#held.subarray(0, this.#used);
		const consumed = this.#scan(held, searched - 1);
		if (consumed > 0) this.#held.copyWithin(0, consumed, this.#used);
		this.#used -= consumed;
		return taken;
	}
	#hold(bytes) {
		const needed = this.#used + bytes.length;
		if (this.#held.length < needed) {
			const larger = Buffer.allocUnsafe(needed * 2);
			this.#held.copy(larger, 0, 0, this.#used);
			this.#held = larger;
		}
		this.#held.set(bytes, this.#used);
		this.#used = needed;
	}
	/**
	* Handles every complete stanza of the bytes and returns where the incomplete one starts.
	*
	* @param searched how far the bytes are known to hold no empty line: a stanza that arrives byte by byte is
	*   searched once
	*/
	#scan(bytes, searched) {
		let start = 0;
		for (;;) {
			while (bytes[start] === NEWLINE) start++;
			const end = bytes.indexOf(BLANK_LINE, Math.max(start, searched));
			if (end === -1) break;
			this.#stanza(bytes, start, end);
			start = end + BLANK_LINE.length;
		}
		if (this.#options.refuseHidden) refuseHiddenPackages(bytes.subarray(0, start));
		return start;
	}
	#stanza(bytes, start, end) {
		const { wanted, onStanza } = this.#options;
		if (startsWithPackage(bytes, start)) {
			let position = start + PACKAGE_FIELD.length;
			let hash = 0;
			let byte = bytes[position] ?? NEWLINE;
			while (byte > 32) {
				hash = step(hash, byte);
				byte = bytes[++position] ?? NEWLINE;
			}
			if (byte === NEWLINE && bytes[position + 1] !== 32 && bytes[position + 1] !== 9) {
				if (!wanted.mayHave(hash)) return;
				if (!wanted.has(bytes.toString("latin1", start + PACKAGE_FIELD.length, position))) return;
				onStanza(bytes.toString("latin1", start, end));
				return;
			}
		}
		const text = bytes.toString("latin1", start, end);
		const name = parseStanza(text).get("package");
		if (name === void 0) throw new DebproofError("INDEX_MALFORMED", "A stanza of the index has no Package field.");
		if (this.#options.refuseHidden && parsePackageName(name) === void 0) {
			const written = JSON.stringify(name.slice(0, 80));
			throw new DebproofError("INDEX_MALFORMED", `A stanza of the index has a Package field that is no name: ${written}.`);
		}
		if (wanted.has(name)) onStanza(text);
	}
};
function startsWithPackage(bytes, start) {
	for (let index = 0; index < PACKAGE_FIELD.length; index++) if (bytes[start + index] !== PACKAGE_FIELD[index]) return false;
	return true;
}
/** Every stanza that does not begin with its Package field was parsed, which finds a field that is there twice. */
function refuseHiddenPackages(stanzas) {
	for (let start = 0; start < stanzas.length; start += SEARCH_PIECE) {
		const piece = stanzas.toString("latin1", start, Math.min(start + SEARCH_PIECE + HIDDEN_PACKAGE_LENGTH, stanzas.length));
		for (const found of piece.matchAll(HIDDEN_PACKAGE)) {
			if (beginsOtherwise(stanzas, start + found.index)) continue;
			const line = JSON.stringify(piece.slice(found.index + 2, found.index + 80).split("\n")[0]);
			throw new DebproofError("INDEX_MALFORMED", `A stanza of the index has a second Package field: ${line}.`);
		}
	}
}
/** Whether the stanza around `position` begins with another field than Package. */
function beginsOtherwise(stanzas, position) {
	const before = stanzas.lastIndexOf(BLANK_LINE, position);
	let start = before === -1 ? 0 : before + BLANK_LINE.length;
	while (stanzas[start] === NEWLINE) start++;
	return !startsWithPackage(stanzas, start);
}
// src/archive/read-index.ts
/** A form in which an index may be offered, the quickest to decode first; Node 20 has no zstd of its own. */
const FORMS$1 = [
	...typeof zlib.createZstdDecompress === "function" ? [{
		compression: "zst",
		suffix: ".zst"
	}] : [],
	{
		compression: "gz",
		suffix: ".gz"
	},
	{
		compression: "xz",
		suffix: ".xz"
	},
	{
		compression: "zst",
		suffix: ".zst"
	},
	{
		compression: "bz2",
		suffix: ".bz2"
	},
	{
		compression: "plain",
		suffix: ""
	}
];
const EMPTY = sha256Of("");
/** Whether the release file lists this index in any form that can be read. */
function listsIndex(release, path) {
	return FORMS$1.some(({ suffix }) => release.entries.has(path + suffix));
}
/** Whether it lists the index in a form that cannot be read or checked: another compression, a weaker hash. */
function hidesIndex(release, path) {
	return [...release.entries.keys(), ...release.unhashed].some((name) => name.startsWith(path) && /^(?:\.[A-Za-z0-9]+)?$/.test(name.slice(path.length)));
}
/**
* Downloads an index in the best form that is both listed and there, by hash where the archive offers it
* (`Acquire-By-Hash`), and scans it while it streams.
*
* @param directory the URL of the release file's directory, ending in `/`
* @param path the index's path in the release file, without suffix
* @throws DebproofError
*/
async function readIndex(downloads, directory, release, path, request) {
	const plain = release.entries.get(path);
	if (plain?.size === 0 && plain.sha256 === EMPTY) return {
		entries: [],
		sha256: plain.sha256,
		size: 0,
		url: urlBelow(directory, path).href
	};
	let absent;
	for (const { compression, suffix } of FORMS$1) {
		const entry = release.entries.get(path + suffix);
		if (entry === void 0) continue;
		if (entry.size > 536870912 && compression !== "plain") throw new DebproofError("TOO_LARGE", `${directory.href}${entry.path} has ${entry.size} bytes; that is too much.`);
		for (const url of urls(directory, release, entry)) try {
			return await downloads.stream(url, entry.size, (chunks) => scanIndex(chunks, compression, {
				file: entry,
				plain
			}, request, url.href));
		} catch (error) {
			if (isDebproofError(error, "TOO_LARGE")) throw mismatch(url.href, `has more than ${entry.size} bytes`);
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			absent ??= error;
		}
	}
	throw absent ?? new DebproofError("INDEX_UNLISTED", `${directory.href} lists no ${path}.`);
}
function urls(directory, release, entry) {
	const slash = entry.path.lastIndexOf("/") + 1;
	const byHash = `${entry.path.slice(0, slash)}by-hash/SHA256/${entry.sha256}`;
	const named = urlBelow(directory, entry.path);
	return release.acquireByHash ? [urlBelow(directory, byHash), named] : [named];
}
/**
* Decodes, hashes and scans one index. Nothing that was found is returned before size and hash were seen to match,
* of the file as read and of what it decompresses to.
*
* @param expected what the release file says of the file that is read (absent where only its content is known, in
*   apt's own lists) and of its decompressed content
* @throws DebproofError INDEX_MISMATCH, INDEX_MALFORMED, COMPRESSION
*/
async function scanIndex(chunks, compression, expected, request, url) {
	const { file: fileEntry, plain: plainEntry } = expected;
	const entries = [];
	const parse = request.kind === "Packages" ? parseBinaryEntry : parseSourceEntry;
	const scanner = new StanzaScanner({
		wanted: request.wanted,
		refuseHidden: request.refuseHidden,
		onStanza: (text) => entries.push(parse(text))
	});
	const plainSha512 = plainEntry?.sha512 !== void 0;
	const plain = compression === "plain" ? void 0 : new Digester(plainSha512);
	const file = new Digester(fileEntry?.sha512 !== void 0 || plain === void 0 && plainSha512);
	const limit = plainEntry?.size ?? 4294967296;
	let malformed;
	for await (const chunk of decompress(compression, digested(chunks, file))) {
		plain?.update(chunk);
		if ((plain ?? file).size > limit) throw mismatch(url, `decompresses to more than ${limit} bytes`);
		if (malformed !== void 0) continue;
		malformed = attempt(() => scanner.push(chunk));
	}
	const asRead = file.finish();
	if (fileEntry !== void 0) compare(url, asRead, fileEntry);
	if (plainEntry !== void 0) compare(url, plain?.finish() ?? asRead, plainEntry);
	malformed ??= attempt(() => scanner.end());
	if (malformed !== void 0) throw withUrl(malformed, url);
	return {
		entries,
		sha256: asRead.sha256,
		size: asRead.size,
		url
	};
}
/** The evidence that an index makes together with its release file. */
function indexEvidence(facts, kind, release) {
	return {
		sha256: facts.sha256,
		kind: kind === "Packages" ? "packages" : "sources",
		url: facts.url,
		size: facts.size,
		date: release.date,
		signers: release.signers
	};
}
async function* digested(chunks, digester) {
	for await (const chunk of chunks) {
		digester.update(chunk);
		yield chunk;
	}
}
function compare(url, found, entry) {
	if (found.size !== entry.size) throw mismatch(url, `has ${found.size} bytes instead of ${entry.size}`);
	if (found.sha256 !== entry.sha256) throw mismatch(url, `has SHA-256 ${found.sha256} instead of ${entry.sha256}`);
	if (entry.sha512 !== void 0 && found.sha512 !== void 0 && found.sha512 !== entry.sha512) throw mismatch(url, "has another SHA-512 than stated");
}
function attempt(step) {
	try {
		step();
		return;
	} catch (error) {
		return error;
	}
}
function mismatch(url, difference) {
	return new DebproofError("INDEX_MISMATCH", `${url} is not what the signed release file says: it ${difference}.`);
}
function withUrl(error, url) {
	return error instanceof DebproofError ? new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause }) : error;
}
// src/archive/read-release.ts
/**
* Reads and verifies the release file below `directory` (its URL, ending in `/`).
*
* Only the answer that no `InRelease` exists leads to `Release` and `Release.gpg` (apt-secure(8)): junk or another
* status must not let a server choose which of two files is judged.
*
* @throws DebproofError
*/
async function readRelease(downloads, directory, request) {
	return await judgeRelease(await fetchRelease(downloads, directory), request);
}
/** @throws DebproofError as `verifyRelease` does, naming the file */
async function judgeRelease(bytes, request) {
	let release;
	try {
		release = await verifyRelease(bytes.signed, request);
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError(error.code, `${bytes.files[0]?.url ?? "The release file"}: ${error.message}`, { cause: error.cause });
	}
	const evidence = bytes.files.map((file) => ({
		sha256: sha256Of(file.bytes),
		kind: file.kind,
		url: file.url,
		size: file.bytes.length,
		date: release.date,
		signers: release.signers
	}));
	return {
		release,
		evidence
	};
}
async function fetchRelease(downloads, directory) {
	const inRelease = urlBelow(directory, "InRelease");
	try {
		const bytes = await downloads.bytes(inRelease, MAX_RELEASE_FILE);
		return splitNamed(inRelease.href, bytes);
	} catch (error) {
		if (!isDebproofError(error, "NOT_FOUND")) throw error;
	}
	const release = urlBelow(directory, "Release");
	const signature = urlBelow(directory, "Release.gpg");
	const text = await downloads.bytes(release, MAX_RELEASE_FILE);
	try {
		return pairNamed(release.href, text, signature.href, await downloads.bytes(signature, MAX_RELEASE_FILE));
	} catch (error) {
		if (!isDebproofError(error, "NOT_FOUND")) throw error;
		throw new DebproofError("RELEASE_UNTRUSTED", `${directory.href} has neither InRelease nor Release.gpg: the archive is not signed.`, { cause: error });
	}
}
/** @throws DebproofError RELEASE_MALFORMED, naming the file */
function splitNamed(url, bytes) {
	return named(url, () => ({
		signed: splitInRelease(bytes),
		files: [{
			kind: "release",
			url,
			bytes
		}]
	}));
}
/** @throws DebproofError RELEASE_MALFORMED, naming the file */
function pairNamed(url, text, signatureUrl, signature) {
	return named(url, () => ({
		signed: pairRelease(text, signature),
		files: [{
			kind: "release",
			url,
			bytes: text
		}, {
			kind: "release-signature",
			url: signatureUrl,
			bytes: signature
		}]
	}));
}
function named(url, parse) {
	try {
		return parse();
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		throw new DebproofError(error.code, `${url}: ${error.message}`, { cause: error.cause });
	}
}
// src/archive/apt-lists.ts
/** apt stores an index plain, or recompressed under `Acquire::GzipIndexes`. */
const FORMS = [
	{
		suffix: "",
		compression: "plain"
	},
	{
		suffix: ".gz",
		compression: "gz"
	},
	{
		suffix: ".xz",
		compression: "xz"
	},
	{
		suffix: ".zst",
		compression: "zst"
	},
	{
		suffix: ".bz2",
		compression: "bz2"
	}
];
/**
* The release files and indexes that apt kept in `/var/lib/apt/lists`: what a build's own apt saw. They are judged
* like those of a server.
*
* Files are found by the name that apt makes of the archive's URL; where the build reached the archive under
* another URL, by being the one release file in the folder that is trusted and of the right suite.
*/
var AptLists = class {
	#folder;
	#downloads;
	#names;
	/** Where the files of a suite turned out to be: `base suite` to the common start of their names. */
	#prefixes = /* @__PURE__ */ new Map();
	constructor(folder, downloads) {
		this.#folder = folder;
		this.#downloads = downloads;
	}
	/** @throws DebproofError as `verifyRelease`, or NOT_FOUND */
	async readRelease(base, suite, request) {
		const prefix = listName(base, suite);
		const names = await this.#fileNames();
		const key = `${base.href} ${suite}`;
		if (names.has(`${prefix}InRelease`) || names.has(`${prefix}Release`)) {
			this.#prefixes.set(key, prefix);
			return await judgeRelease(await this.#releaseBytes(prefix, names), request);
		}
		const found = [];
		const refusals = [];
		for (const other of releasePrefixes(names)) try {
			found.push({
				prefix: other,
				facts: await judgeRelease(await this.#releaseBytes(other, names), request)
			});
		} catch (error) {
			if (!(error instanceof DebproofError)) throw error;
			refusals.push(describeError(error));
		}
		const [only] = found;
		if (only === void 0) throw new DebproofError("NOT_FOUND", `${this.#folder} holds no release file of ${suite} that is trusted.${refusals.map((why) => `\n  ${why}`).join("")}`);
		if (found.length > 1) throw new DebproofError("NOT_FOUND", `${this.#folder} holds several trusted release files of ${suite} and none is from ${base.href}: give the archive the URL that the build used.`);
		this.#prefixes.set(key, only.prefix);
		return only.facts;
	}
	/** Undefined where apt did not keep this index: the build did not use it. */
	async readIndex(base, suite, release, indexPath, request) {
		const prefix = this.#prefixes.get(`${base.href} ${suite}`) ?? listName(base, suite);
		const names = await this.#fileNames();
		const stored = prefix + quote(indexPath).replaceAll("/", "_");
		const plain = release.entries.get(indexPath);
		for (const { suffix, compression } of FORMS) {
			if (!names.has(stored + suffix)) continue;
			const file = release.entries.get(indexPath + suffix);
			if (plain === void 0 && file === void 0) break;
			const url = pathToFileURL(path.join(this.#folder, stored + suffix));
			const expected = plain === void 0 ? { file } : { plain };
			return await this.#downloads.stream(url, MAX_INDEX, (chunks) => scanIndex(chunks, compression, expected, request, url.href));
		}
		if (names.has(`${stored}.lz4`)) throw new DebproofError("COMPRESSION", `${path.join(this.#folder, stored)}.lz4: lz4 is not read; set Acquire::GzipIndexes "false" in the build, or unpack it with \`/usr/lib/apt/apt-helper cat-file\`.`);
	}
	async #fileNames() {
		this.#names ??= readdir(this.#folder).then((names) => new Set(names), (error) => {
			throw new DebproofError("NOT_FOUND", `The apt lists in ${this.#folder} cannot be read`, { cause: error });
		});
		return await this.#names;
	}
	async #releaseBytes(prefix, names) {
		const read = async (name) => {
			const url = pathToFileURL(path.join(this.#folder, prefix + name));
			return [url.href, await this.#downloads.bytes(url, MAX_RELEASE_FILE)];
		};
		if (names.has(`${prefix}InRelease`)) return splitNamed(...await read("InRelease"));
		const release = await read("Release");
		try {
			return pairNamed(...release, ...await read("Release.gpg"));
		} catch (error) {
			if (!isDebproofError(error, "NOT_FOUND")) throw error;
			throw new DebproofError("RELEASE_UNTRUSTED", `${release[0]} is not signed: there is no Release.gpg beside it.`);
		}
	}
};
/** The common start of a suite's file names in `/var/lib/apt/lists`: apt's URItoFileName (apt-pkg/contrib/strutl.cc). */
function listName(base, suite) {
	const directory = suite.endsWith("/") && !suite.startsWith("/") ? suite : suiteDirectory(suite);
	return quote(base.host + decoded(base.pathname) + directory).replaceAll("/", "_");
}
function decoded(pathname) {
	try {
		return decodeURI(pathname);
	} catch {
		return pathname;
	}
}
function quote(text) {
	return text.replaceAll(/[\\|{}[\]<>"^~_=!@#$%&*]|[^\x21-\x7e]/g, (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
function releasePrefixes(names) {
	const prefixes = [...names].flatMap((name) => /^(.*_)(?:In)?Release$/.exec(name)?.[1] ?? []);
	return [...new Set(prefixes)].sort();
}
// src/archive/archive-reader.ts
/** Reads archives for one run: one clock, one set of wanted names. */
var ArchiveReader = class {
	#options;
	constructor(options) {
		this.#options = options;
	}
	/** Never throws for what the archive does: what could not be read is among the facts. */
	async read(request) {
		const suites = await Promise.all(request.area.suites.map((suite) => this.#suite(request, suite)));
		return {
			listings: suites.flatMap(({ listings }) => listings),
			failures: suites.flatMap(({ failures }) => failures),
			notes: suites.flatMap(({ notes }) => notes)
		};
	}
	async #suite(request, suite) {
		const first = await this.#suiteOnce(request, suite);
		return first.failures.some(({ error }) => error.code === "INDEX_MISMATCH" || error.code === "NOT_FOUND") && request.area.base.protocol !== "file:" ? await this.#suiteOnce(request, suite) : first;
	}
	async #suiteOnce(request, suite) {
		const { area, keyring, aptLists } = request;
		const { at, downloads } = this.#options;
		const directory = urlBelow(area.base, suiteDirectory(suite));
		const expectation = {
			keyring,
			at,
			suite
		};
		let facts;
		try {
			facts = await (aptLists === void 0 ? readRelease(downloads, directory, expectation) : aptLists.readRelease(area.base, suite, expectation));
		} catch (error) {
			return {
				listings: [],
				failures: [failure(suite, error)],
				notes: []
			};
		}
		const reads = [];
		const notes = [];
		const failures = [];
		for (const kind of this.#options.kinds) for (const path of indexPaths(area, suite, facts.release, kind)) if (listsIndex(facts.release, path)) reads.push(this.#index(request, suite, directory, facts, path, kind));
		else if (hidesIndex(facts.release, path)) failures.push(hiddenIndex(suite, path));
		else if (!path.includes("/binary-all/")) notes.push(`${suite} at ${area.base.href} has no ${path}.`);
		if (reads.length + failures.length === 0) return {
			listings: [],
			failures: [{
				what: suite,
				error: new DebproofError("INDEX_UNLISTED", `${suite} at ${area.base.href} has none of the components and architectures that the policy names.`)
			}],
			notes
		};
		const read = await Promise.all(reads);
		return {
			listings: read.flatMap(({ listings }) => listings),
			failures: [...failures, ...read.flatMap((index) => index.failures)],
			notes: [...notes, ...read.flatMap((index) => index.notes)]
		};
	}
	async #index(request, suite, directory, { release, evidence }, path, kind) {
		const { wanted, downloads } = this.#options;
		const indexRequest = {
			kind,
			wanted,
			refuseHidden: request.refuseHidden
		};
		try {
			const facts = await (request.aptLists === void 0 ? readIndex(downloads, directory, release, path, indexRequest) : request.aptLists.readIndex(request.area.base, suite, release, path, indexRequest));
			if (facts === void 0) return {
				listings: [],
				failures: [],
				notes: [`The apt lists hold no ${path} of ${suite}.`]
			};
			const files = [...evidence, indexEvidence(facts, kind, release)];
			return {
				listings: facts.entries.map((entry) => ({
					entry,
					suite,
					notAutomatic: release.notAutomatic,
					evidence: files
				})),
				failures: [],
				notes: []
			};
		} catch (error) {
			return {
				listings: [],
				failures: [failure(`${suite} ${path}`, error)],
				notes: []
			};
		}
	}
};
function hiddenIndex(suite, path) {
	const error = new DebproofError("INDEX_UNLISTED", `The release file of ${suite} lists ${path} only in forms that cannot be read, or without its SHA-256.`);
	return {
		what: `${suite} ${path}`,
		error
	};
}
/** Bugs are not failures of an archive: they pass. */
function failure(what, error) {
	if (!(error instanceof DebproofError)) throw error;
	return {
		what,
		error
	};
}
// src/archive/pool.ts
/** Downloads a package's files from the pool and compares size and SHA-256 with the index. */
async function checkPool(downloads, base, entry) {
	for (const file of entry.kind === "source" ? entry.files : [entry.file]) {
		const answer = await checkFile(downloads, urlBelow(base, file.path), file);
		if (answer.outcome !== "same") return answer;
	}
	return { outcome: "same" };
}
async function checkFile(downloads, url, file) {
	try {
		const limit = Math.min(file.size + MAX_PACKAGE_EXCESS, MAX_PACKAGE_FILE);
		const found = await downloads.stream(url, limit, async (chunks) => {
			const digester = new Digester();
			for await (const chunk of chunks) digester.update(chunk);
			return digester.finish();
		});
		if (found.size === file.size && found.sha256 === file.sha256) return { outcome: "same" };
		return {
			outcome: "different",
			why: `${url.href} is ${found.sha256} (${found.size} bytes), but the index says ${file.sha256} (${file.size}).`
		};
	} catch (error) {
		if (!isDebproofError(error)) throw error;
		if (error.code === "TOO_LARGE" && file.size < 8589934592) return {
			outcome: "different",
			why: `${url.href} is far larger than the ${file.size} bytes that the index says.`
		};
		return {
			outcome: "unread",
			why: `${url.href} could not be hashed: ${describeError(error)}`
		};
	}
}
// src/identical/live-upstream.ts
/** Upstreams' archives as they are served now, over http(s) or from a folder. Each is read once in a run. */
var LiveUpstreams = class {
	#reader;
	#facts = /* @__PURE__ */ new Map();
	constructor(reader) {
		this.#reader = reader;
	}
	witness(upstream) {
		const { area, keyring } = upstream;
		return {
			name: `the upstream at ${area.base.href}`,
			testify: () => {
				let facts = this.#facts.get(upstream);
				if (facts === void 0) {
					facts = this.#reader.read({
						area,
						keyring,
						refuseHidden: false
					});
					this.#facts.set(upstream, facts);
				}
				return facts;
			}
		};
	}
};
// src/locate/located.ts
/** The build's own architecture, which lists that name none mean. */
function nativeOf({ served }) {
	return served.area.architectures[0];
}
// src/identical/claim.ts
/** The claim that a file listed by an archive is the upstream's. */
function claimOfListing(listing) {
	const { entry } = listing;
	return {
		sha256: entry.file.sha256,
		...entry.kind === "source" ? { files: entry.files } : {},
		find: (upstream) => upstream.sameIdentity(listing)
	};
}
/** The claim that a file whose hash is known by itself is the upstream's. */
function claimOfUse(use, sha256, native) {
	return {
		sha256,
		find: (upstream) => upstream.find(use, native)
	};
}
// src/archive/version-order.ts
/**
* Compares two versions as dpkg and apt do (Debian Policy 5.6.12; deb-version(7)): negative when `a` is older, 0 when
* they sort alike, as 1.0-1 and 1.0-01 do, positive when `a` is newer.
*/
function compareVersions(a, b) {
	const left = split(a);
	const right = split(b);
	return left.epoch - right.epoch || compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
}
function split(version) {
	const colon = version.indexOf(":");
	const rest = version.slice(colon + 1);
	const hyphen = rest.lastIndexOf("-");
	return {
		epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
		upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
		revision: hyphen === -1 ? "" : rest.slice(hyphen + 1)
	};
}
/** Parts that are no digits and parts that are, in turn. */
function compareParts(a, b) {
	const left = a.match(/\D+|\d+/g) ?? [];
	const right = b.match(/\D+|\d+/g) ?? [];
	if (/^\d/.test(a)) left.unshift("");
	if (/^\d/.test(b)) right.unshift("");
	for (let index = 0; index < Math.max(left.length, right.length); index++) {
		const order = index % 2 === 0 ? compareText(left[index] ?? "", right[index] ?? "") : compareNumbers(left[index] ?? "", right[index] ?? "");
		if (order !== 0) return order;
	}
	return 0;
}
/** Of any length: leading zeros do not count. */
function compareNumbers(a, b) {
	const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
	return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
function compareText(a, b) {
	for (let index = 0; index < Math.max(a.length, b.length); index++) {
		const order = weight$1(a[index]) - weight$1(b[index]);
		if (order !== 0) return order;
	}
	return 0;
}
/** A tilde before the end, the end before letters, letters before everything else. */
function weight$1(character) {
	if (character === "~") return -1;
	if (character === void 0) return 0;
	const code = character.charCodeAt(0);
	return /[A-Za-z]/.test(character) ? code : code + 256;
}
// src/locate/listing-table.ts
/** Listings by kind, name and version: what an archive says of each package. */
var ListingTable = class {
	#listings = /* @__PURE__ */ new Map();
	#byName = /* @__PURE__ */ new Map();
	constructor(listings) {
		for (const listing of listings) {
			const { kind, name, version } = listing.entry;
			append(this.#listings, key(kind, name, version), listing);
			append(this.#byName, key(kind, name), listing);
		}
	}
	/**
	* The listings of a package that a build used. Where the list does not name the architecture, the package is of
	* the build's own or for all; where it names one, an `all` package is taken only when there is none of that
	* architecture, because some logs show `all` as the native architecture.
	*/
	find(use, native) {
		const listings = this.#listings.get(key(use.kind, use.name, use.version)) ?? [];
		if (use.kind === "source") return listings;
		if (use.architecture === void 0) return listings.filter((listing) => {
			const architecture = architectureOf(listing);
			return architecture === native || architecture === "all";
		});
		const exact = listings.filter((listing) => architectureOf(listing) === use.architecture);
		return exact.length > 0 ? exact : listings.filter((listing) => architectureOf(listing) === "all");
	}
	/** The listings under the same name, version and architecture as another archive's listing. */
	sameIdentity({ entry }) {
		return (this.#listings.get(key(entry.kind, entry.name, entry.version)) ?? []).filter((listing) => listing.entry.kind === entry.kind && architectureOf(listing) === architectureOf({ entry }));
	}
	/**
	* Other listings under the name that apt would take for the used version, or prefer to it. An index says what it
	* likes of a .deb: the one that was installed under this version may be listed as one of these. None where the
	* package itself is not listed, and newer ones not from suites that apt takes from on demand only.
	*/
	rivals(use, native) {
		const own = this.find(use, native);
		if (own.length === 0) return [];
		return (this.#byName.get(key(use.kind, use.name)) ?? []).filter((listing) => {
			if (own.includes(listing)) return false;
			const order = compareVersions(listing.entry.version, use.version);
			return order === 0 || order > 0 && listing.notAutomatic !== true;
		});
	}
	/** The versions, with their architectures, under which the name is listed, sorted: for messages. */
	versions(use) {
		const written = (this.#byName.get(key(use.kind, use.name)) ?? []).map((listing) => [listing.entry.version, architectureOf(listing)].filter((part) => part !== void 0).join(" "));
		return [...new Set(written)].sort();
	}
};
function architectureOf({ entry }) {
	return entry.kind === "binary" ? entry.architecture : void 0;
}
/** No part of a key can hold a blank. */
function key(...parts) {
	return parts.join(" ");
}
function append(map, mapKey, value) {
	const values = map.get(mapKey);
	if (values === void 0) map.set(mapKey, [value]);
	else values.push(value);
}
// src/identical/prove.ts
/**
* Asks the witnesses in order until each claim is proven.
*
* A claim is a mismatch only when a witness signed other bytes and none signed these; a witness that could not be
* read leaves what nobody else decides undecided.
*/
async function proveIdentical(claims, witnesses) {
	const proofs = new Map(claims.map((claim) => [claim, { outcome: "unproven" }]));
	let open = claims;
	for (const witness of witnesses) {
		if (open.length === 0) break;
		const { listings, failures } = await witness.testify();
		const table = new ListingTable(listings);
		for (const claim of open) {
			const earlier = proofs.get(claim);
			const proof = proveOne(claim, claim.find(table), witness.name, failures);
			if (proof.outcome === "identical" || weight(proof) > weight(earlier)) proofs.set(claim, proof);
		}
		open = open.filter((claim) => proofs.get(claim)?.outcome !== "identical");
	}
	return proofs;
}
/** What outweighs what among witnesses of whom none signed these bytes. */
function weight(proof) {
	return [
		"unproven",
		"undecided",
		"mismatch"
	].indexOf(proof?.outcome ?? "unproven");
}
function proveOne(claim, listings, upstream, failures) {
	const same = listings.find(({ entry }) => difference(claim, entry) === void 0);
	if (same !== void 0) return {
		outcome: "identical",
		upstream,
		evidence: same.evidence
	};
	const [first] = listings;
	if (first !== void 0) {
		const why = first.entry.file.sha256 === claim.sha256 ? difference(claim, first.entry) : void 0;
		return {
			outcome: "mismatch",
			upstream,
			signed: [...new Set(listings.map(({ entry }) => entry.file.sha256))].sort(),
			...why === void 0 ? {} : { difference: why },
			evidence: listings.flatMap(({ evidence }) => evidence)
		};
	}
	const [failure] = failures;
	if (failure === void 0) return { outcome: "unproven" };
	const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
	return {
		outcome: "undecided",
		why: `${upstream} could not be read: ${failure.error.message}${more}`
	};
}
/** How the claimed bytes differ from a listed package; undefined when they do not. */
function difference(claim, entry) {
	if (entry.file.sha256 !== claim.sha256) return "another file";
	if (claim.files === void 0 || entry.kind !== "source") return void 0;
	const signed = new Map(entry.files.map((file) => [fileName(file), file]));
	for (const file of claim.files) {
		const other = signed.get(fileName(file));
		if (other === void 0) return `${fileName(file)} is not among its files`;
		if (other.sha256 !== file.sha256) return `${fileName(file)} is ${file.sha256}, signed was ${other.sha256}`;
	}
}
/** Archives lay out their pools as they like; a source package's files are known by their names. */
function fileName({ path }) {
	return path.slice(path.lastIndexOf("/") + 1);
}
// src/identical/prove-located.ts
/** Proves what each archive lists against those who can vouch for that archive. */
async function proveLocated(located, archives, upstreams) {
	const proofs = /* @__PURE__ */ new Map();
	for (const reading of archives) {
		const listings = new Set(located.filter((found) => found.reading === reading).map(({ listing }) => listing));
		const claims = new Map([...listings].map((listing) => [claimOfListing(listing), listing]));
		const answers = await proveIdentical([...claims.keys()], witnessesFor(reading, archives, upstreams));
		for (const [claim, listing] of claims) proofs.set(listing, answers.get(claim) ?? { outcome: "unproven" });
	}
	return proofs;
}
/** Bytes that are known by their hash and that no archive lists may still be what an upstream signed. */
async function proveUnlocated(uses, located, archives, upstreams) {
	const listed = new Set(located.map(({ use, listing }) => `${use.name} ${listing.entry.file.sha256}`));
	const native = archives.map(({ archive }) => nativeOf(archive)).find((architecture) => architecture !== void 0);
	const claims = /* @__PURE__ */ new Map();
	for (const use of uses) {
		if (use.hash === void 0 || listed.has(`${use.name} ${use.hash.sha256}`)) continue;
		claims.set(claimOfUse(use, use.hash.sha256, native), use);
	}
	const witnesses = archives.flatMap(upstreamsOf).map((upstream) => upstreams.witness(upstream));
	const answers = await proveIdentical([...claims.keys()], witnesses);
	return new Map([...claims].map(([claim, use]) => [use, answers.get(claim) ?? { outcome: "unproven" }]));
}
/**
* Who can vouch for an archive's files: its upstreams in the policy's order; for the project's own packages, then
* any other upstream, from which a package may have been imported unchanged.
*/
function witnessesFor({ archive, facts }, archives, upstreams) {
	if (archive.require === "absent") return [];
	const own = archive.upstreams.map((upstream) => upstreams.witness(upstream));
	if (archive.require === "reproduced") {
		const others = archives.filter((other) => other.archive !== archive).flatMap(upstreamsOf);
		own.push(...others.map((upstream) => upstreams.witness(upstream)));
	}
	if (!archive.servedByUpstream) return own;
	return [{
		name: `the upstream at ${archive.aptLists ?? archive.served.area.base.href}`,
		testify: async () => facts
	}, ...archive.aptLists === void 0 ? own.slice(1) : own];
}
/** An upstream of an archive from which nothing may come vouches for nothing. */
function upstreamsOf({ archive }) {
	return archive.require === "absent" ? [] : archive.upstreams;
}
// src/judge/verdict.ts
const PASSING = /* @__PURE__ */ new Set([
	"identical",
	"reproduced",
	"excepted"
]);
const FAILING = /* @__PURE__ */ new Set([
	"mismatch",
	"unproven",
	"unlisted",
	"forbidden"
]);
// src/judge/combine.ts
function countVerdicts(packages) {
	const counts = {
		total: packages.length,
		identical: 0,
		reproduced: 0,
		excepted: 0,
		mismatch: 0,
		unproven: 0,
		unlisted: 0,
		forbidden: 0,
		undecided: 0
	};
	for (const { verdict } of packages) counts[verdict] += 1;
	return counts;
}
/**
* The report's verdict: fail if any package fails, else undecided if any is, else pass.
*
* An archive that could not be read may have served the build other bytes under a name that another archive lists
* too. So as long as the hash of any package is known only from what archives list, a run that could not read all
* of them does not pass.
*
* @param unreadArchives whether an archive of the policy, or a part of one, could not be read
*/
function combineVerdicts(packages, unreadArchives) {
	if (packages.some(({ verdict }) => FAILING.has(verdict))) return "fail";
	if (packages.length === 0 || packages.some(({ verdict }) => verdict === "undecided")) return "undecided";
	const restsOnListings = packages.some(({ hashFrom }) => hashFrom !== "deb" && hashFrom !== "list");
	return unreadArchives && restsOnListings ? "undecided" : "pass";
}
// src/judge/exceptions.ts
/**
* Turns the verdict of a package that the policy excepts into `excepted`, and tells what became of each exception.
* Pure.
*
* @param at the clock: an exception excuses to the end of its last day, in UTC
*/
function applyExceptions(packages, exceptions, at) {
	const today = at.toISOString().slice(0, 10);
	const isExpired = ({ until }) => until !== void 0 && until < today;
	const uses = /* @__PURE__ */ new Map();
	return {
		packages: packages.map((item) => {
			if (PASSING.has(item.verdict)) return item;
			const exception = exceptions.find((candidate) => !isExpired(candidate) && excuses(candidate, item));
			if (exception === void 0) return item;
			uses.set(exception, (uses.get(exception) ?? 0) + 1);
			const reason = `Excepted by the policy: ${exception.reason} (otherwise ${item.verdict}: ${item.reason})`;
			return {
				...item,
				verdict: "excepted",
				reason
			};
		}),
		exceptions: exceptions.map((exception) => {
			const count = uses.get(exception) ?? 0;
			return {
				exception,
				status: isExpired(exception) ? "expired" : count > 0 ? "used" : "unused",
				packages: count
			};
		})
	};
}
function excuses(exception, { use, verdict, archive, architecture }) {
	if (exception.package.toLowerCase() !== use.name) return false;
	if (exception.version !== void 0 && exception.version !== use.version) return false;
	if (exception.architecture !== void 0 && exception.architecture !== architecture) return false;
	if (exception.archive === "none") return verdict === "unlisted";
	return exception.archive === void 0 || exception.archive === archive;
}
// src/judge/judge.ts
/** When the build may have used several files, the worst of them decides. */
const WORST_FIRST = [
	"mismatch",
	"forbidden",
	"unlisted",
	"unproven",
	"undecided",
	"identical"
];
/**
* Judges one package. Pure: no clock, no I/O, no environment.
*
* Identity is the hash, never name and version. Where the hash of what the build used is known, that file alone is
* judged. Where it is not, the build may have used any file that an archive lists, and each must pass.
*/
function judge(given) {
	const known = given.use.hash;
	const finding = known === void 0 ? judgeEveryFile(given) : judgeKnownFile(given, known.sha256);
	const { candidate, sha256 } = finding;
	const hashFrom = known?.from ?? candidate?.listedIn;
	const architecture = given.use.kind === "source" ? "source" : given.use.architecture ?? candidate?.architecture;
	return {
		use: given.use,
		verdict: finding.verdict,
		reason: finding.reason,
		evidence: finding.evidence,
		...candidate === void 0 ? {} : { archive: candidate.archive },
		...sha256 === void 0 ? {} : { sha256 },
		...hashFrom === void 0 || sha256 === void 0 ? {} : { hashFrom },
		...architecture === void 0 ? {} : { architecture }
	};
}
function judgeEveryFile(given) {
	const hashes = [...new Set(given.candidates.map(({ sha256 }) => sha256))].sort();
	if (hashes.length === 0) return judgeUnlisted(given);
	const findings = hashes.map((sha256) => judgeFile(given.candidates.filter((file) => file.sha256 === sha256)));
	const [worst] = [...findings].sort(bySeverity);
	if (worst === void 0) return judgeUnlisted(given);
	const rival = given.rivals?.find(({ proof }) => proof.outcome !== "identical");
	if (worst.verdict === "identical" && rival !== void 0) return outdone(worst, rival);
	if (hashes.length === 1) return worst;
	const others = hashes.filter((sha256) => sha256 !== worst.sha256).join(", ");
	return {
		...worst,
		reason: `${worst.reason} Ambiguous: ${others} is listed under the same name and version too.`,
		evidence: findings.flatMap(({ evidence }) => evidence)
	};
}
function outdone(finding, { archive, version, architecture, sha256 }) {
	const other = [version, architecture].filter((part) => part !== void 0).join(" ");
	return {
		...finding,
		verdict: "undecided",
		reason: `The archive ${archive} also lists ${other} under this name (${sha256}), which no upstream signed: whichever of the two was used may call itself by this version. Give the .debs, or a list with hashes.`
	};
}
function judgeKnownFile(given, sha256) {
	const files = given.candidates.filter((file) => file.sha256 === sha256);
	if (files.length > 0) return judgeFile(files);
	const { direct } = given;
	const listed = [...new Set(given.candidates.map((file) => file.sha256))].sort().join(", ");
	const notServed = listed === "" ? "No archive of the policy lists it" : `The archives list other bytes (${listed})`;
	switch (direct?.outcome) {
		case "identical": return {
			verdict: "identical",
			reason: `${notServed}, but ${direct.upstream} signed exactly these bytes.`,
			sha256,
			evidence: direct.evidence
		};
		case "mismatch": return {
			verdict: "mismatch",
			reason: `${mismatchReason(sha256, direct)} ${notServed}.`,
			sha256,
			evidence: direct.evidence
		};
		case "undecided": return {
			verdict: "undecided",
			reason: `${notServed}. ${direct.why}`,
			sha256,
			evidence: []
		};
		default: return {
			...judgeUnlisted(given),
			sha256
		};
	}
}
/** One file, in every archive that lists it: one archive whose requirement it meets is enough. */
function judgeFile(files) {
	const [best] = [...files.map(judgeInArchive)].sort((a, b) => bySeverity(b, a));
	if (best === void 0) throw new Error("a file is judged in at least one archive");
	return best;
}
function judgeInArchive(file) {
	const { proof, pool, sha256, evidence: listing } = file;
	const found = (verdict, reason, evidence = []) => ({
		verdict,
		reason,
		sha256,
		candidate: file,
		evidence: [...listing, ...evidence]
	});
	if (file.require === "absent") return found("forbidden", `The archive ${file.archive} lists it, and nothing may come from there.`);
	if (pool?.outcome === "different") return found("mismatch", pool.why);
	switch (proof.outcome) {
		case "mismatch": return found("mismatch", mismatchReason(sha256, proof), proof.evidence);
		case "undecided": return found("undecided", proof.why);
		case "unproven": return found("unproven", file.require === "reproduced" ? "No rebuilder vouches for it, and no upstream of the policy signed these bytes." : "No upstream of the policy lists it.");
		case "identical":
			if (pool?.outcome === "unread") return found("undecided", pool.why, proof.evidence);
			return found("identical", `${proof.upstream} signed exactly these bytes.`, proof.evidence);
	}
}
function judgeUnlisted({ use, candidates, unread, otherVersions }) {
	const versions = otherVersions.length === 0 ? "" : ` Listed versions: ${shorten(otherVersions)}.`;
	if (unread.length > 0) return {
		verdict: "undecided",
		reason: `No archive that could be read lists it; not read: ${shorten(unread)}.${versions}`,
		evidence: []
	};
	const other = [...new Set(candidates.map(({ sha256 }) => sha256))].sort();
	return {
		verdict: "unlisted",
		reason: use.hash !== void 0 && other.length > 0 ? `No archive of the policy lists these bytes; under this name and version they list ${other.join(", ")}.` : `No archive of the policy lists it.${versions}`,
		evidence: candidates.flatMap(({ evidence }) => evidence)
	};
}
function mismatchReason(used, proof) {
	const difference = proof.difference === void 0 ? "" : ` (${proof.difference})`;
	return `The bytes are ${used}, but ${proof.upstream} signed ${proof.signed.join(" and ")}${difference}.`;
}
function bySeverity(a, b) {
	return WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict);
}
function shorten(items) {
	const shown = items.slice(0, 5).join(", ");
	return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}
// src/verify.ts
/**
* The main job: read the archives, locate each package, prove it identical, judge it.
*
* Never throws for what archives do: what could not be found out is in the verdicts.
*/
async function verify(verification) {
	const { uses, policy, at, progress } = verification;
	const reader = new ArchiveReader({
		downloads: verification.downloads,
		at,
		wanted: new WantedNames(uses.map(({ name }) => name)),
		kinds: [...uses.some(({ kind }) => kind === "binary") ? ["Packages"] : [], ...uses.some(({ kind }) => kind === "source") ? ["Sources"] : []]
	});
	progress("Reading the archives of the build");
	const archives = await Promise.all(policy.archives.map((archive) => readServed(archive, reader, verification)));
	const tables = archives.map((reading) => ({
		reading,
		table: new ListingTable(reading.facts.listings)
	}));
	progress("Locating the packages");
	const located = uses.flatMap((use) => tables.flatMap(({ reading, table }) => table.find(use, nativeOf(reading.archive)).map((listing) => ({
		use,
		reading,
		listing
	}))));
	const rivals = uses.flatMap((use) => tables.filter(({ reading }) => mayLie(reading.archive)).flatMap(({ reading, table }) => use.hash !== void 0 ? [] : table.rivals(use, nativeOf(reading.archive)).map((listing) => ({
		use,
		reading,
		listing
	}))));
	progress("Comparing with what the upstreams signed");
	const upstreams = new LiveUpstreams(reader);
	const proofs = await proveLocated([...located, ...rivals], archives, upstreams);
	const direct = await proveUnlocated(uses, located, archives, upstreams);
	if (verification.deep) progress("Hashing the files in the pools");
	const pool = verification.deep ? await checkPools(located, verification.downloads) : /* @__PURE__ */ new Map();
	progress("Judging");
	const unread = archives.flatMap(({ archive, facts }) => facts.failures.map(({ what }) => `${archive.name} ${what}`));
	const candidates = groupByUse(located);
	const others = groupByUse(rivals);
	const { packages, exceptions } = applyExceptions(uses.map((use) => {
		const files = (candidates.get(use) ?? []).map((found) => toCandidate(found, proofs, pool));
		const proof = direct.get(use);
		return judge({
			use,
			candidates: files,
			rivals: (others.get(use) ?? []).map((found) => toCandidate(found, proofs, pool)),
			unread,
			otherVersions: files.length > 0 ? [] : versionsOf(use, tables),
			...proof === void 0 ? {} : { direct: proof }
		});
	}), policy.exceptions, at);
	return {
		verdict: combineVerdicts(packages, unread.length > 0),
		counts: countVerdicts(packages),
		packages,
		exceptions,
		archives
	};
}
async function readServed(archive, reader, { downloads }) {
	const { served, servedByUpstream, aptLists } = archive;
	return {
		archive,
		facts: await reader.read({
			area: served.area,
			keyring: served.keyring,
			refuseHidden: !servedByUpstream,
			...aptLists === void 0 ? {} : { aptLists: new AptLists(aptLists, downloads) }
		})
	};
}
/** An upstream's own index says of its .debs what they are; one that a project signs is under test. */
function mayLie({ servedByUpstream, require }) {
	return !servedByUpstream && require === "identical";
}
async function checkPools(located, downloads) {
	const checks = /* @__PURE__ */ new Map();
	for (const { listing, reading } of located) if (!checks.has(listing)) checks.set(listing, checkPool(downloads, reading.archive.served.area.base, listing.entry));
	return new Map(await Promise.all([...checks].map(async ([listing, check]) => [listing, await check])));
}
function toCandidate({ reading, listing }, proofs, pool) {
	const { archive } = reading;
	const { entry } = listing;
	const check = pool.get(listing);
	return {
		sha256: entry.file.sha256,
		version: entry.version,
		architecture: entry.kind === "binary" ? entry.architecture : "source",
		archive: archive.name,
		require: archive.require,
		listedIn: archive.aptLists === void 0 ? "archive" : "apt-lists",
		evidence: listing.evidence,
		proof: proofs.get(listing) ?? { outcome: "unproven" },
		...check === void 0 ? {} : { pool: check }
	};
}
function groupByUse(located) {
	const groups = /* @__PURE__ */ new Map();
	for (const found of located) {
		const group = groups.get(found.use);
		if (group === void 0) groups.set(found.use, [found]);
		else group.push(found);
	}
	return groups;
}
function versionsOf(use, tables) {
	return [...new Set(tables.flatMap(({ table }) => table.versions(use)))].sort();
}
// src/run.ts
/**
* One whole run of `verify`: what the command line and the GitHub Action both call.
*
* @throws DebproofError when the inputs are wrong; what archives do is in the report
*/
async function run(options, watcher) {
	const key = await signingKey(options);
	const output = await OutputFolder.prepare(options.output);
	const downloads = new Downloads({
		userAgent: USER_AGENT,
		offline: options.offline,
		...watcher.download === void 0 ? {} : { onDownload: watcher.download }
	});
	try {
		watcher.progress("Reading the policy and the package lists");
		const { policy, lists } = await readInputs(options, downloads, watcher);
		const images = await digestImages(options.images);
		const report = makeReport(await verify({
			uses: mergePackageUses(lists),
			policy,
			at: options.at,
			downloads,
			deep: options.deep,
			progress: watcher.progress
		}), {
			...options.release === void 0 ? {} : { release: options.release },
			at: options.at,
			policy: policy.sha256,
			lists,
			images
		});
		const bytes = serializeReport(report);
		const summary = reportSummary(report);
		await output.write({
			report: bytes,
			summary,
			...key === void 0 ? {} : { signature: await key.sign(bytes) }
		});
		return {
			report,
			summary,
			reportPath: output.reportPath,
			summaryPath: output.summaryPath,
			...key === void 0 ? {} : { signedBy: key.fingerprint }
		};
	} finally {
		await downloads.close();
	}
}
async function signingKey({ signing, unsigned }) {
	if (signing === void 0) {
		if (unsigned) return void 0;
		throw new DebproofError("KEY", "There is no key to sign the report with: give --signing-key FILE or DEBPROOF_SIGNING_KEY, or say --unsigned.");
	}
	if (unsigned) throw new DebproofError("USAGE", "--unsigned contradicts the signing key that was given.");
	return await readSigningKey(signing.armored, signing.passphrase, signing.source);
}
async function readInputs(options, downloads, { warn }) {
	const { system, root, packages } = options;
	const folder = process.cwd();
	if (system) {
		const policy = await systemPolicy({
			root,
			fromLists: options.offline,
			warn
		});
		const sources = packages.length > 0 ? packages : [{
			path: statusFile(path.resolve(root)),
			format: "dpkg-status"
		}];
		return {
			policy,
			lists: await readPackageLists(sources, folder, downloads)
		};
	}
	const file = await readPolicy(options.policy, options);
	const lists = packages.length > 0 ? await readPackageLists(packages, folder, downloads) : await readPackageLists(file.lists, file.folder, downloads);
	return {
		policy: await file.resolve(mergeReferences(lists)),
		lists
	};
}
/** The snapshots that the lists name; two lists that disagree would let one of them choose for the other. */
function mergeReferences(lists) {
	const references = /* @__PURE__ */ new Map();
	for (const { name, content } of lists) for (const [origin, reference] of Object.entries(content.references ?? {})) {
		const known = references.get(origin);
		if (known !== void 0 && known !== reference) throw new DebproofError("PACKAGE_LIST", `${name} takes ${origin} from snapshot ${reference}, another package list from ${known}.`);
		references.set(origin, reference);
	}
	return Object.fromEntries(references);
}
async function digestImages(patterns) {
	const images = [];
	for (const pattern of patterns) {
		const files = await findFiles(pattern, process.cwd());
		if (files.length === 0) throw new DebproofError("USAGE", `No image matches ${pattern}.`);
		for (const file of files) images.push(await digestImage(file));
	}
	return images;
}
async function digestImage(file) {
	const digester = new Digester();
	try {
		for await (const chunk of createReadStream(file, { highWaterMark: 1048576 })) digester.update(chunk);
	} catch (error) {
		throw new DebproofError("USAGE", `The image ${file} cannot be read`, { cause: error });
	}
	return {
		name: path.basename(file),
		sha256: digester.finish().sha256
	};
}
export { nameOf as a, unreadParts as c, headline as i, ADVICE as n, packagesToLookAt as o, archiveNotes as r, staleExceptions as s, run as t };
