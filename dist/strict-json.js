import { i as systemErrorCode, n as describeError, r as isDebproofError, t as DebproofError } from "./errors.js";
import { $ as parseArchitecture, A as MAX_POLICY, I as MAX_RELEASE_FILE, U as MAX_STANZA, W as MAX_STATEMENT, it as parseVersion, j as MAX_PUBLIC_KEY_FILE, nt as parseSha256, o as MAX_BUILDINFO, s as MAX_BUILDINFO_FILES, tt as parsePackageName, y as MAX_JSON_VALUES } from "./limits.js";
import { l as decompress, u as require_dist } from "./find-lists.js";
import { t as parseStanza } from "./deb822.js";
import { c as Digester, l as sha256Of, r as loadOpenPGP } from "./keyring.js";
import { t as closest } from "./spelling.js";
import { a as verifyRelease, c as urlBelow, i as splitInRelease, l as TrustAnchors, n as pairRelease, s as isPathBelow } from "./signed-text.js";
import { i as suiteDirectory, n as indexPaths } from "./make-folder.js";
import zlib from "node:zlib";
import { createPublicKey, verify } from "node:crypto";
import { pathToFileURL } from "node:url";
import { readFile } from "node:fs/promises";
import path from "node:path";
// src/packages/references.ts
/**
* The snapshots that the lists name, by origin; two lists that disagree would let one of them choose for the other.
*
* @throws DebproofError PACKAGE_LIST
*/
function mergeReferences(lists) {
	const references = /* @__PURE__ */ new Map();
	for (const { name, content } of lists) for (const [origin, reference] of Object.entries(content.references ?? {})) {
		const known = references.get(origin);
		if (known !== void 0 && known !== reference) throw new DebproofError("PACKAGE_LIST", `${name} takes ${origin} from snapshot ${reference}, another package list from ${known}.`);
		references.set(origin, reference);
	}
	return Object.fromEntries(references);
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
/* @__NO_SIDE_EFFECTS__ */
function getDotPath(issue) {
	if (issue.path) {
		let key = "";
		for (const item of issue.path) if (typeof item.key === "string" || typeof item.key === "number") if (key) key += `.${item.key}`;
		else key += item.key;
		else return null;
		return key;
	}
	return null;
}
/**
* [ISO 8601](https://en.wikipedia.org/wiki/ISO_8601) date regex.
*/
const ISO_DATE_REGEX = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[12]\d|0[1-9]|3[01])$/u;
/**
* [ISO 8601](https://en.wikipedia.org/wiki/ISO_8601) timestamp regex. Allows a
* space as a date/time separator and an optional space before the UTC offset.
*/
const ISO_TIMESTAMP_REGEX = /^\d{4}-(?:0[1-9]|1[0-2])-(?:[12]\d|0[1-9]|3[01])[T ](?:0\d|1\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?(?:Z| ?[+-](?:0\d|1\d|2[0-3])(?::?[0-5]\d)?)$/u;
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
function integer(message$1) {
	return {
		kind: "validation",
		type: "integer",
		reference: integer,
		async: false,
		expects: null,
		requirement: Number.isInteger,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "integer", dataset, config$1);
			return dataset;
		}
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
function isoTimestamp(message$1) {
	return {
		kind: "validation",
		type: "iso_timestamp",
		reference: isoTimestamp,
		async: false,
		expects: null,
		requirement: ISO_TIMESTAMP_REGEX,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "timestamp", dataset, config$1);
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
function maxValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_value",
		reference: maxValue,
		async: false,
		expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
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
function minValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_value",
		reference: minValue,
		async: false,
		expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
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
function boolean(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "boolean",
		reference: boolean,
		expects: "boolean",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "boolean") dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
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
function nullable(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "nullable",
		reference: nullable,
		expects: `(${wrapped.expects} | null)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === null) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === null) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function number(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "number",
		reference: number,
		expects: "number",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
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
const places = /* @__PURE__ */ pipe(/* @__PURE__ */ union([url, /* @__PURE__ */ pipe(/* @__PURE__ */ array(url), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(100))], "must be a URL or a list of URLs"), /* @__PURE__ */ description("Where the statements are: one URL or several, http(s) or file."));
const publicKeySchema = /* @__PURE__ */ strictObject({
	file: /* @__PURE__ */ pipe(text, /* @__PURE__ */ description("A PEM file with one or more PUBLIC KEY blocks.")),
	until: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ isoDate("must be a date such as 2027-03-01"), /* @__PURE__ */ description("The last day it counts, UTC.")))
});
const publicKeys = /* @__PURE__ */ pipe(/* @__PURE__ */ union([
	text,
	publicKeySchema,
	/* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ union([text, publicKeySchema])), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(100))
], "must be a PEM file, or a list of them"), /* @__PURE__ */ description("PEM files of Ed25519 or ECDSA P-256 public keys, each optionally with the last day it counts."));
const partySchema = /* @__PURE__ */ strictObject({
	buildinfo: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(places, /* @__PURE__ */ description("Clearsigned .buildinfo files; needs signed-by."))),
	"in-toto": /* @__PURE__ */ optional(/* @__PURE__ */ pipe(places, /* @__PURE__ */ description("in-toto links with OpenPGP signatures; needs signed-by."))),
	sha256sums: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(places, /* @__PURE__ */ description("A signed SHA256SUMS file, or its folder; needs signed-by."))),
	rebuilderd: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(places, /* @__PURE__ */ description("A rebuilderd service; needs public-key."))),
	dsse: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(places, /* @__PURE__ */ description("in-toto Statements in DSSE envelopes; needs public-key."))),
	"signed-by": /* @__PURE__ */ optional(signedBy),
	"public-key": /* @__PURE__ */ optional(publicKeys)
});
const layoutSchema = /* @__PURE__ */ strictObject({
	file: /* @__PURE__ */ pipe(text, /* @__PURE__ */ description("An in-toto layout: its keys for the step `rebuild` are parties.")),
	"signed-by": /* @__PURE__ */ pipe(signedBy, /* @__PURE__ */ description("Who may sign the layout: its owner.")),
	"in-toto": /* @__PURE__ */ pipe(places, /* @__PURE__ */ description("Where the links of its keys are."))
});
const rebuildersSchema = /* @__PURE__ */ strictObject({
	threshold: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ number("must be a number"), /* @__PURE__ */ integer("must be a whole number"), /* @__PURE__ */ minValue(1, "must be at least 1"), /* @__PURE__ */ maxValue(1e3, "must be at most 1000"), /* @__PURE__ */ description("How many different parties must have got exactly these bytes."))),
	parties: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ record(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is no name for a party")), partySchema), /* @__PURE__ */ description("A party counts once, however many keys, places and statements it has."))),
	layout: /* @__PURE__ */ optional(layoutSchema),
	builder: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ union([signedBy, /* @__PURE__ */ strictObject({
		"signed-by": /* @__PURE__ */ optional(signedBy),
		"public-key": /* @__PURE__ */ optional(publicKeys)
	})], "must be a keyring, or signed-by and public-key"), /* @__PURE__ */ description("The keys of who built what is served: their word on it does not count."))),
	source: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ picklist(["optional", "required"], "must be optional or required"), /* @__PURE__ */ description("required: a statement counts only where it names the source package that the archive serves. optional: one that names none counts too. One that was made from another source never counts.")))
});
const archiveSchema = /* @__PURE__ */ strictObject({
	require: /* @__PURE__ */ pipe(/* @__PURE__ */ picklist([
		"identical",
		"reproduced",
		"absent"
	], "must be identical, reproduced or absent"), /* @__PURE__ */ description("identical: every package is byte for byte what an upstream signed. reproduced: enough rebuilders got the same bytes; also satisfied by a package that is identical to what an upstream signed. absent: no package may come from here.")),
	url: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(url, /* @__PURE__ */ description("What the build was served from. Leave out where that is the upstream."))),
	suites,
	components: /* @__PURE__ */ optional(components),
	architectures: /* @__PURE__ */ optional(architectures),
	"apt-lists": /* @__PURE__ */ optional(/* @__PURE__ */ pipe(text, /* @__PURE__ */ description("The build's own /var/lib/apt/lists: what its apt saw, instead of what url says now."))),
	"signed-by": /* @__PURE__ */ optional(signedBy),
	upstream: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(upstreamSchema), /* @__PURE__ */ minLength(1), /* @__PURE__ */ maxLength(100))),
	rebuilders: /* @__PURE__ */ optional(rebuildersSchema)
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
		refuseLostNames(content, result.output, file);
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
/** valibot's records leave out a few names, such as `constructor`, without a word; nothing may get lost so. */
function refuseLostNames(content, { archives }, file) {
	const refuse = (written, kept, what) => {
		const lost = Object.getOwnPropertyNames(written ?? {}).find((name) => !Object.hasOwn(kept, name));
		if (lost === void 0) return;
		throw new DebproofError("POLICY", `${file}: ${what}: ${JSON.stringify(lost)} cannot be a name here; choose another.`);
	};
	const written = memberOf$1(content, "archives");
	refuse(written, archives, "archives");
	for (const [name, { rebuilders }] of Object.entries(archives)) refuse(memberOf$1(memberOf$1(memberOf$1(written, name), "rebuilders"), "parties"), rebuilders?.parties ?? {}, `archives.${name}.rebuilders.parties`);
}
function memberOf$1(value, name) {
	return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : void 0;
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
	const [first, , third, fourth] = (issue.path ?? []).slice(0, -1).map((item) => String(item.key));
	if (first === void 0) return Object.keys(policySchema.entries);
	if (first === "packages") return Object.keys(packageListSchema.entries);
	if (first === "exceptions") return Object.keys(exceptionSchema.entries);
	if (third === "upstream") return Object.keys(upstreamSchema.entries);
	if (third !== "rebuilders") return Object.keys(archiveSchema.entries);
	if (fourth === "layout") return Object.keys(layoutSchema.entries);
	return Object.keys((fourth === "parties" ? partySchema : rebuildersSchema).entries);
}
function firstLine(text) {
	return text.split("\n")[0] ?? text;
}
// src/policy/policy-url.ts
/**
* A URL as a policy writes it. `file:` may be followed by a path relative to the policy, as in `file:archive/`.
*
* @param where the place in the policy, for errors
* @throws DebproofError POLICY
*/
function policyUrl(text, where, folder) {
	const relative = /^file:(?!\/)(.+)$/.exec(text)?.[1];
	const slash = relative?.endsWith("/") === true ? "/" : "";
	const url = relative === void 0 ? text : pathToFileURL(path.resolve(folder, relative)).href + slash;
	if (!URL.canParse(url)) throw new DebproofError("POLICY", `${where}: ${JSON.stringify(text)} is not a URL.`);
	const parsed = new URL(url);
	if (parsed.search !== "" || parsed.hash !== "") throw new DebproofError("POLICY", `${where} must not have a query or a fragment.`);
	if (parsed.username !== "" || parsed.password !== "") throw new DebproofError("POLICY", `${where} must not hold a login.`);
	return parsed;
}
/** The same for a folder, whose URL ends in `/` whether that was written or not. */
function folderUrl(text, where, folder) {
	const url = policyUrl(text, where, folder);
	return url.href.endsWith("/") ? url : new URL(`${url.href}/`);
}
// src/archive/public-key.ts
/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
/** The same with the NULL parameters that RFC 8410 forbids and rebuilderd writes. */
const ED25519_PREFIX_WITH_NULL = Buffer.from("302c300706032b65700500032100", "hex");
/**
* Reads the public keys of a PEM file (`-----BEGIN PUBLIC KEY-----`, RFC 7468), one or more: Ed25519, or ECDSA on
* P-256.
*
* @param name the file, for errors
* @throws DebproofError KEY
*/
function readPublicKeys(file, name, until) {
	const unusable = (problem, cause) => new DebproofError("KEY", `The public key file ${name} ${problem}.`, { cause });
	if (file.length > 65536) throw unusable(`is larger than ${MAX_PUBLIC_KEY_FILE} bytes`);
	const text = Buffer.from(file).toString("latin1");
	if (text.includes("PRIVATE KEY")) throw unusable("holds a private key; give the public one");
	if (text.includes("BEGIN PGP")) throw unusable("is an OpenPGP key; name it with signed-by");
	const begun = text.split("-----BEGIN PUBLIC KEY-----").length - 1;
	const blocks = [...text.matchAll(/^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\r?$/gm)];
	if (blocks.length === 0) throw unusable("holds no PEM block of a PUBLIC KEY");
	if (blocks.length < begun) throw unusable(`begins ${begun} PEM blocks, of which only ${blocks.length} can be read`);
	return blocks.map(([, base64 = ""]) => {
		try {
			const key = publicKey(Buffer.from(base64, "base64"));
			if (key === void 0) throw unusable("holds a key that is neither Ed25519 nor ECDSA on P-256");
			return until === void 0 ? key : {
				...key,
				until
			};
		} catch (error) {
			if (error instanceof DebproofError) throw error;
			throw unusable("cannot be read as a public key", error);
		}
	});
}
function publicKey(written) {
	const der = written.length === 46 && written.subarray(0, 14).equals(ED25519_PREFIX_WITH_NULL) ? Buffer.concat([ED25519_PREFIX, written.subarray(14)]) : written;
	const read = createPublicKey({
		key: der,
		format: "der",
		type: "spki"
	});
	const key = isP256(read) ? createPublicKey({
		key: read.export({ format: "jwk" }),
		format: "jwk"
	}) : read;
	const spki = key.export({
		format: "der",
		type: "spki"
	});
	const fingerprint = sha256Of(spki);
	if (key.asymmetricKeyType === "ed25519") {
		const bytes = spki.subarray(ED25519_PREFIX.length);
		return {
			algorithm: "ed25519",
			fingerprint,
			bytes,
			material: bytes.toString("hex"),
			verify: (message, sig) => verify(null, message, key, sig)
		};
	}
	if (isP256(key)) return {
		algorithm: "ecdsa-p256",
		fingerprint,
		bytes: spki,
		material: spki.subarray(-65).toString("hex"),
		verify: (message, sig) => verify("sha256", message, key, sig)
	};
}
function isP256(key) {
	return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
}
/** Whether a key still counts at `at`. */
function isInForce({ until }, at) {
	return until === void 0 || at.toISOString().slice(0, 10) <= until;
}
// src/policy/key-ids.ts
/**
* All that tells whose keys these are, each with the fingerprint to name it by: of the keys that may sign, of the
* primary keys above them, and what the keys are made of: a key may be an OpenPGP certificate here and PEM there.
*/
function keyIdsOf({ keyring, publicKeys }) {
	const ids = /* @__PURE__ */ new Map();
	for (const { fingerprint, primaryFingerprint, material } of keyring?.signingKeys() ?? []) {
		ids.set(fingerprint, fingerprint);
		ids.set(primaryFingerprint, primaryFingerprint);
		if (material !== "") ids.set(material, fingerprint);
	}
	for (const { fingerprint, material } of publicKeys) ids.set(fingerprint, fingerprint).set(material, fingerprint);
	return ids;
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
// src/policy/resolve-rebuilders.ts
/** The formats, and the kind of key that each is signed with. */
const KEY_OF = {
	buildinfo: "signed-by",
	"in-toto": "signed-by",
	sha256sums: "signed-by",
	rebuilderd: "public-key",
	dsse: "public-key"
};
const FORMATS = [
	"buildinfo",
	"in-toto",
	"sha256sums",
	"rebuilderd",
	"dsse"
];
/**
* Resolves who must have rebuilt an archive's packages, and refuses what could never do what it seems to say: a
* threshold above the number of parties, a key without a place or a place without a key, one key under two names.
*
* @throws DebproofError POLICY, KEY
*/
async function resolveRebuilders(raw, where, resolving) {
	const parties = [];
	for (const [name, party] of Object.entries(raw.parties ?? {})) parties.push(await resolveParty(name, party, `${where}.parties.${name}`, resolving));
	const layout = raw.layout === void 0 ? void 0 : await resolveLayout(raw.layout, `${where}.layout`, resolving);
	if (parties.length === 0 && layout === void 0) throw new DebproofError("POLICY", `${where} names neither parties nor a layout.`);
	if (raw.threshold === void 0 && layout === void 0) throw new DebproofError("POLICY", `${where}.threshold is missing: how many parties must agree.`);
	if (layout === void 0 && raw.threshold !== void 0 && raw.threshold > parties.length) throw new DebproofError("POLICY", `${where}.threshold is ${raw.threshold}, but there are only ${parties.length} parties: it can never be met.`);
	const builder = await resolveBuilder(raw.builder, `${where}.builder`, resolving);
	refuseSharedKeys(parties, builder, where);
	return {
		...raw.threshold === void 0 ? {} : { threshold: raw.threshold },
		parties,
		...layout === void 0 ? {} : { layout },
		builder,
		sourceRequired: raw.source === "required"
	};
}
async function resolveParty(name, raw, where, resolving) {
	const { folder, variables, anchors } = resolving;
	const places = FORMATS.flatMap((format) => [raw[format] ?? []].flat().map((text) => {
		const url = substitute(text, variables, `${where}.${format}`);
		return {
			format,
			url: (format === "sha256sums" ? policyUrl : folderUrl)(url, `${where}.${format}`, folder)
		};
	}));
	if (places.length === 0) throw new DebproofError("POLICY", `${where} says nowhere where its statements are: ${FORMATS.join(", ")}.`);
	for (const key of ["signed-by", "public-key"]) {
		const [user] = places.filter(({ format }) => KEY_OF[format] === key).map(({ format }) => format);
		if (user !== void 0 && raw[key] === void 0) throw new DebproofError("POLICY", `${where}.${key} is missing: it signs what ${user} says.`);
		if (user === void 0 && raw[key] !== void 0) throw new DebproofError("POLICY", `${where}.${key} signs none of ${places.map(({ format }) => format).join(", ")}.`);
	}
	const signedBy = raw["signed-by"];
	return {
		name,
		places,
		...signedBy === void 0 ? {} : { keyring: await anchors.keyring(filled(signedBy, where, resolving), where) },
		publicKeys: await resolvePublicKeys(raw["public-key"], `${where}.public-key`, resolving)
	};
}
/** All keys of who built what is served. */
async function resolveBuilder(raw, where, resolving) {
	if (raw === void 0) return { publicKeys: [] };
	const keys = typeof raw === "string" || Array.isArray(raw) ? { "signed-by": raw } : raw;
	const signedBy = keys["signed-by"];
	const publicKeys = await resolvePublicKeys(keys["public-key"], `${where}.public-key`, resolving);
	if (signedBy === void 0 && publicKeys.length === 0) throw new DebproofError("POLICY", `${where} names no key: signed-by or public-key.`);
	if (signedBy === void 0) return { publicKeys };
	return {
		publicKeys,
		keyring: await resolving.anchors.keyring(filled(signedBy, where, resolving), where)
	};
}
async function resolvePublicKeys(raw, where, { folder, variables }) {
	const keys = [];
	for (const item of [raw ?? []].flat()) {
		const { file, until } = typeof item === "string" ? {
			file: item,
			until: void 0
		} : item;
		const name = path.resolve(folder, substitute(file, variables, where));
		keys.push(...readPublicKeys(await readKeyFile(name, where), name, until));
	}
	return keys;
}
async function resolveLayout(raw, where, resolving) {
	const { folder, variables, anchors } = resolving;
	const name = path.resolve(folder, substitute(raw.file, variables, `${where}.file`));
	const bytes = await readKeyFile(name, where);
	if (bytes.length > 4194304) throw new DebproofError("POLICY", `${where}: ${name} is larger than ${MAX_STATEMENT} bytes.`);
	return {
		file: pathToFileURL(name),
		bytes,
		owner: await anchors.keyring(filled(raw["signed-by"], where, resolving), where),
		places: [raw["in-toto"]].flat().map((text) => folderUrl(substitute(text, variables, `${where}.in-toto`), `${where}.in-toto`, folder))
	};
}
async function readKeyFile(file, where) {
	try {
		return await readFile(file);
	} catch (error) {
		throw new DebproofError("KEY", `${where}: ${file} cannot be read`, { cause: error });
	}
}
function filled(signedBy, where, { variables }) {
	return [signedBy].flat().map((text) => substitute(text, variables, where));
}
/**
* One key under two names would let one party count twice; the original builder's word on its own work counts for
* nothing. Subkeys of one certificate are one party's.
*/
function refuseSharedKeys(parties, builder, where) {
	const owners = /* @__PURE__ */ new Map();
	const claim = (owner, keys) => {
		for (const [id, key] of keyIdsOf(keys)) {
			const other = owners.get(id);
			if (other !== void 0 && other.owner !== owner) throw new DebproofError("POLICY", `${where}: ${other.owner} and ${owner} have the same key ${key}; they are one party, or the keyring holds too much: restrict it with fingerprints in signed-by.`);
			owners.set(id, {
				owner,
				key
			});
		}
	};
	claim("the builder", builder);
	for (const party of parties) claim(`the party ${party.name}`, party);
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
	if (raw.rebuilders !== void 0 && raw.require !== "reproduced") throw new DebproofError("POLICY", `${where}.rebuilders is for \`require: reproduced\`; leave it out.`);
	const lists = raw["apt-lists"];
	return {
		name,
		require: raw.require,
		served,
		servedByUpstream: raw.url === void 0,
		upstreams,
		...raw.rebuilders === void 0 ? {} : { rebuilders: await resolveRebuilders(raw.rebuilders, `${where}.rebuilders`, resolving) },
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
		base: folderUrl(fill(raw.url), `${where}.url`, resolving.folder),
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
const hex256 = /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[0-9a-f]{64}$/));
const evidenceName = /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^sha256:[0-9a-f]{64}$/));
const time = /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ isoTimestamp());
const count = /* @__PURE__ */ pipe(/* @__PURE__ */ number(), /* @__PURE__ */ integer(), /* @__PURE__ */ minValue(0));
const reportSchema = /* @__PURE__ */ strictObject({
	_type: /* @__PURE__ */ literal(STATEMENT_TYPE),
	subject: /* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ strictObject({
		name: /* @__PURE__ */ string(),
		digest: /* @__PURE__ */ strictObject({ sha256: hex256 })
	})), /* @__PURE__ */ description("The images, or the package lists where no image was named.")),
	predicateType: /* @__PURE__ */ literal(PREDICATE_TYPE),
	predicate: /* @__PURE__ */ strictObject({
		verdict: /* @__PURE__ */ picklist([
			"pass",
			"fail",
			"undecided"
		]),
		release: /* @__PURE__ */ nullable(/* @__PURE__ */ string()),
		at: /* @__PURE__ */ pipe(time, /* @__PURE__ */ description("The clock that every decision was made by.")),
		tool: /* @__PURE__ */ strictObject({
			name: /* @__PURE__ */ string(),
			version: /* @__PURE__ */ string()
		}),
		policy: /* @__PURE__ */ strictObject({ sha256: /* @__PURE__ */ pipe(hex256, /* @__PURE__ */ description("Of the policy file; of the apt sources for --system.")) }),
		lists: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
			name: /* @__PURE__ */ string(),
			format: /* @__PURE__ */ string(),
			sha256: hex256,
			packages: count
		})),
		counts: /* @__PURE__ */ strictObject({
			total: count,
			identical: count,
			reproduced: count,
			excepted: count,
			mismatch: count,
			unproven: count,
			unlisted: count,
			forbidden: count,
			undecided: count
		}),
		archives: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
			name: /* @__PURE__ */ string(),
			require: /* @__PURE__ */ picklist([
				"identical",
				"reproduced",
				"absent"
			]),
			url: /* @__PURE__ */ string(),
			suites: /* @__PURE__ */ array(/* @__PURE__ */ string()),
			rebuilders: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ strictObject({
				threshold: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(/* @__PURE__ */ pipe(/* @__PURE__ */ number(), /* @__PURE__ */ integer(), /* @__PURE__ */ minValue(1))), /* @__PURE__ */ description("How many parties the policy asks for; null where the layout alone says it.")),
				sourceRequired: /* @__PURE__ */ boolean(),
				parties: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
					name: /* @__PURE__ */ string(),
					keys: /* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ string()), /* @__PURE__ */ description("Fingerprints of the keys that count as its own.")),
					places: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
						format: /* @__PURE__ */ string(),
						url: /* @__PURE__ */ string()
					}))
				})),
				layout: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(/* @__PURE__ */ strictObject({
					sha256: hex256,
					places: /* @__PURE__ */ array(/* @__PURE__ */ string())
				})), /* @__PURE__ */ description("The in-toto layout whose keys are parties too."))
			}), /* @__PURE__ */ description("Who was asked to have rebuilt its packages."))),
			unread: /* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ strictObject({
				what: /* @__PURE__ */ string(),
				code: /* @__PURE__ */ string(),
				reason: /* @__PURE__ */ string()
			})), /* @__PURE__ */ description("What could not be read of it, and why.")),
			notes: /* @__PURE__ */ array(/* @__PURE__ */ string())
		})),
		exceptions: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
			package: /* @__PURE__ */ string(),
			version: /* @__PURE__ */ nullable(/* @__PURE__ */ string()),
			architecture: /* @__PURE__ */ nullable(/* @__PURE__ */ string()),
			archive: /* @__PURE__ */ nullable(/* @__PURE__ */ string()),
			reason: /* @__PURE__ */ string(),
			until: /* @__PURE__ */ nullable(/* @__PURE__ */ string()),
			status: /* @__PURE__ */ picklist([
				"used",
				"unused",
				"expired"
			]),
			packages: count
		})),
		packages: /* @__PURE__ */ array(/* @__PURE__ */ strictObject({
			name: /* @__PURE__ */ string(),
			version: /* @__PURE__ */ string(),
			architecture: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(/* @__PURE__ */ string()), /* @__PURE__ */ description("null where neither a list nor an archive says it.")),
			kind: /* @__PURE__ */ picklist(["binary", "source"]),
			sha256: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(hex256), /* @__PURE__ */ description("Of the .deb, or of the .dsc; null where it is not known.")),
			hashFrom: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(/* @__PURE__ */ picklist([
				"deb",
				"list",
				"apt-lists",
				"archive"
			])), /* @__PURE__ */ description("How the hash of what the build used is known, strongest first; null where it is not.")),
			archive: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(/* @__PURE__ */ string()), /* @__PURE__ */ description("The archive that lists it; null where none does.")),
			verdict: /* @__PURE__ */ picklist([
				"identical",
				"reproduced",
				"excepted",
				"mismatch",
				"unproven",
				"unlisted",
				"forbidden",
				"undecided"
			]),
			reason: /* @__PURE__ */ string(),
			evidence: /* @__PURE__ */ array(evidenceName)
		})),
		evidence: /* @__PURE__ */ record(evidenceName, /* @__PURE__ */ strictObject({
			kind: /* @__PURE__ */ picklist([
				"release",
				"release-signature",
				"packages",
				"sources",
				"buildinfo",
				"in-toto-link",
				"in-toto-layout",
				"rebuilderd-link",
				"sha256sums",
				"sha256sums-signature",
				"dsse"
			]),
			url: /* @__PURE__ */ string(),
			size: count,
			date: /* @__PURE__ */ pipe(/* @__PURE__ */ nullable(time), /* @__PURE__ */ description("The Date of the release file, or of the one that lists the index; when a statement was signed; null where nothing that is signed says it.")),
			signers: /* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ string()), /* @__PURE__ */ description("Fingerprints of the keys whose signatures count: primary keys, for OpenPGP.")),
			parties: /* @__PURE__ */ optional(/* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ string()), /* @__PURE__ */ description("The rebuilders whose statement it is, as the policy names them.")))
		})),
		trust: /* @__PURE__ */ pipe(/* @__PURE__ */ array(/* @__PURE__ */ strictObject({
			packages: count,
			of: /* @__PURE__ */ string(),
			trusts: /* @__PURE__ */ string()
		})), /* @__PURE__ */ description("What still has to be trusted, for each class of packages."))
	})
});
// src/report/sign.ts
/**
* Reads an armored private key and unlocks it.
*
* @param source names where it came from, for errors; never the key itself
* @throws DebproofError KEY
*/
async function readSigningKey(armored, passphrase, source) {
	const openpgp = await loadOpenPGP();
	const key = await readPrivateKey(armored, passphrase, source);
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
/** The same as the library has it, unlocked and able to sign. @throws DebproofError KEY */
async function readPrivateKey(armored, passphrase, source) {
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
	return key;
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
// src/archive/evidence.ts
/** The fingerprints of the primary keys, each once, sorted. */
function primaryFingerprints(signers) {
	return [...new Set(signers.map(({ primaryFingerprint }) => primaryFingerprint))].sort();
}
// src/archive/checksum-rows.ts
/**
* The rows ` hash size name` of a field such as `Checksums-Sha256` (Debian Policy 5.6.24). Names and hashes are as
* written: whoever reads them checks them.
*
* @param malformed makes the error for a row of another form
*/
function* checksumRows(stanza, field, malformed) {
	for (const line of (stanza.get(field) ?? "").split("\n")) {
		if (line === "") continue;
		const [hash, size, name, ...rest] = line.split(/[ \t]+/);
		if (hash === void 0 || size === void 0 || name === void 0 || rest.length > 0) throw malformed(`has a bad row in ${field}: ${JSON.stringify(line.slice(0, 200))}`);
		yield [
			name,
			hash,
			parseSize(size, malformed)
		];
	}
}
/** A size in bytes, in decimal digits. */
function parseSize(text, malformed) {
	if (!/^\d{1,15}$/.test(text)) throw malformed(`has a size that is no number: ${JSON.stringify(text)}`);
	return Number(text);
}
// src/archive/source-name.ts
/**
* Reads a `Source` field, `name` or `name (version)` (Debian Policy 5.6.1); undefined for anything else.
*
* @param version of what was built, which is the source's where none is written
*/
function parseSourceName(text, version) {
	const [, writtenName = "", writtenVersion] = /^([^\s()]+)(?:[ \t]+\(([^\s()]+)\))?$/.exec(text) ?? [];
	const name = parsePackageName(writtenName);
	const own = writtenVersion === void 0 ? version : parseVersion(writtenVersion);
	return name === void 0 || own === void 0 ? void 0 : {
		name,
		version: own
	};
}
// src/archive/index-entry.ts
/** The source package that a .deb was built from. */
function sourceOf({ source, name, version }) {
	return source ?? {
		name,
		version
	};
}
/**
* Reads a stanza of a `Packages` index (Debian's repository format, "Packages" Indices).
* @throws DebproofError INDEX_MALFORMED when what identifies the package is missing or wrong
*/
function parseBinaryEntry(text) {
	const stanza = parseStanza(text);
	const architecture = parseArchitecture(required(stanza, "architecture"));
	if (architecture === void 0) throw malformed(stanza, "has no valid Architecture");
	const binary = parseNameAndVersion(stanza);
	const source = parseForeignSource(stanza, binary);
	return {
		kind: "binary",
		...binary,
		...source === void 0 ? {} : { source },
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
	for (const [name, hash, size] of rows(stanza, "checksums-sha256")) {
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
	]) for (const [name, , size] of rows(stanza, section)) {
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
function rows(stanza, field) {
	return checksumRows(stanza, field, (problem) => malformed(stanza, problem));
}
/** Undefined where it says nothing that the package does not say itself; no proof of identity rests on it. */
function parseForeignSource(stanza, binary) {
	const written = stanza.get("source");
	return written === void 0 || written === binary.name ? void 0 : parseSourceName(ownText(written), binary.version);
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
	return parseSize(text, (problem) => malformed(stanza, problem));
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
const FORMS = [
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
	return FORMS.some(({ suffix }) => release.entries.has(path + suffix));
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
	for (const { compression, suffix } of FORMS) {
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
		signers: primaryFingerprints(release.signers)
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
		signers: primaryFingerprints(release.signers)
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
	const error = new DebproofError("INDEX_UNREADABLE", `The release file of ${suite} lists ${path} only in forms that cannot be read, or without its SHA-256.`);
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
// src/archive/detached-string.ts
/**
* The same text, apart from the one that it was cut out of: V8 keeps all of a text in memory for as long as any piece
* of it is held, and a file name would hold megabytes.
*/
function detached(text) {
	return Buffer.from(text).toString();
}
// src/archive/buildinfo.ts
/**
* Reads a `.buildinfo` (deb-buildinfo(5), format 1.0): one paragraph, without the signature around it. What is
* returned does not hold the text in memory.
*
* @param text never more than what a signature covers, where there is one
* @param what names it in errors, such as its URL
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseBuildinfo(text, what) {
	if (text.length > 4194304) throw new DebproofError("TOO_LARGE", `${what} is larger than ${MAX_BUILDINFO} bytes.`);
	const malformed = (problem) => new DebproofError("STATEMENT", `${what} ${problem}.`);
	let stanza;
	try {
		stanza = parseStanza(text);
	} catch (error) {
		throw new DebproofError("STATEMENT", `${what} is no .buildinfo`, { cause: error });
	}
	const format = stanza.get("format");
	if (format === void 0 || !/^1\.\d+$/.test(format)) throw malformed("is no .buildinfo of format 1");
	const version = parseVersion(detached(stanza.get("version") ?? ""));
	if (version === void 0) throw malformed("has no valid Version");
	const source = parseSourceName(detached(stanza.get("source") ?? ""), version);
	if (source === void 0) throw malformed("has no valid Source");
	const buildArchitecture = parseArchitecture(detached(stanza.get("build-architecture") ?? ""));
	if (buildArchitecture === void 0) throw malformed("has no valid Build-Architecture");
	const files = /* @__PURE__ */ new Map();
	for (const [name, hash, size] of checksumRows(stanza, "checksums-sha256", malformed)) {
		if (files.size >= 5e3) throw new DebproofError("TOO_LARGE", `${what} lists more than ${MAX_BUILDINFO_FILES} files.`);
		const sha256 = parseSha256(detached(hash));
		if (sha256 === void 0) throw malformed(`has a SHA-256 that is none: ${JSON.stringify(hash.slice(0, 80))}`);
		if (name.includes("/") || !isPathBelow(name)) throw malformed(`lists ${JSON.stringify(name)}, which is not a file name`);
		if (files.has(name)) throw malformed(`lists ${name} twice`);
		files.set(detached(name), {
			size,
			sha256
		});
	}
	if (files.size === 0) throw malformed("lists no file with a SHA-256");
	return {
		source,
		version,
		buildArchitecture,
		files
	};
}
// src/reproduced/canonical-json.ts
/**
* Canonical JSON as OLPC defined it and as in-toto 0.9 signs it (securesystemslib, `encode_canonical`): names sorted
* by code points, no blanks, integers only, and in strings nothing escaped but `\` and `"`. A line feed stands there
* as it is, so the result need not be JSON.
*/
function canonicalOlpc(value) {
	return Buffer.from(canonical(value, quotedOlpc));
}
/**
* What rebuilderd signs (in-toto-rs): names sorted by UTF-8 bytes, no blanks, integers only, strings as JSON escapes
* them and no further; in the whole of it, each `\` with an `n` behind it then becomes a line feed.
*/
function canonicalRebuilderd(value) {
	return Buffer.from(canonical(value, (text) => JSON.stringify(text)).replaceAll("\\n", "\n"));
}
function quotedOlpc(text) {
	return /[\\"]/.test(text) ? `"${text.replaceAll(/[\\"]/g, "\\$&")}"` : `"${text}"`;
}
function canonical(value, quoted) {
	const parts = [];
	write(value);
	return parts.join("");
	function write(part) {
		if (typeof part === "string") parts.push(quoted(part));
		else if (typeof part === "number") {
			if (!Number.isSafeInteger(part)) throw new RangeError(`canonical JSON cannot write the number ${part}`);
			parts.push(String(part));
		} else if (part === null || typeof part === "boolean") parts.push(String(part));
		else if (part instanceof Map) {
			parts.push("{");
			for (const [index, name] of sortedNames(part).entries()) {
				parts.push(index === 0 ? "" : ",", quoted(name), ":");
				write(part.get(name) ?? null);
			}
			parts.push("}");
		} else if (Array.isArray(part)) {
			parts.push("[");
			for (const [index, item] of part.entries()) {
				if (index > 0) parts.push(",");
				write(item);
			}
			parts.push("]");
		} else throw new TypeError("canonical JSON is made of parsed values only");
	}
}
/** In the order of their UTF-8 bytes, which is that of their code points; JavaScript compares UTF-16. */
function sortedNames(object) {
	/** By what they are sorted by, those names that are not their own. */
	const names = /* @__PURE__ */ new Map();
	return [...object.keys()].map((name) => {
		if (!/[^ -~]/.test(name)) return name;
		const bytes = Buffer.from(name).toString("latin1");
		names.set(bytes, name);
		return bytes;
	}).sort().map((key) => names.get(key) ?? key);
}
// src/reproduced/strict-json.ts
/**
* Parses JSON (RFC 8259) that may be hostile. Where readers of JSON differ it takes neither side and refuses, as
* I-JSON asks (RFC 7493, 2): UTF-8 that is none, a byte order mark, half a surrogate pair, a number out of range,
* and a name that an object has twice, of which `JSON.parse` silently keeps the last.
*
* @param what names the text in errors, such as its URL
* @throws DebproofError STATEMENT, TOO_LARGE
*/
function parseStrictJson(bytes, what, { limit, numbers }) {
	if (bytes.length > limit) throw new DebproofError("TOO_LARGE", `${what} is larger than ${limit} bytes.`);
	let text;
	try {
		text = new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
	} catch (error) {
		throw new DebproofError("STATEMENT", `${what} is not UTF-8, as JSON must be.`, { cause: error });
	}
	return new Parser(text, what, numbers).parse();
}
/** The object, where the value is one. */
function asObject(value) {
	return value instanceof Map ? value : void 0;
}
/** The array, where the value is one. */
function asArray(value) {
	return Array.isArray(value) ? value : void 0;
}
/** The string, where the value is one. */
function asString(value) {
	return typeof value === "string" ? value : void 0;
}
/** The number, where the value is one without a fraction that a double holds exactly. */
function asInteger(value) {
	return typeof value === "number" && Number.isSafeInteger(value) ? value : void 0;
}
/** What stands at the end of a path of member names, where each on the way is an object that has the next. */
function memberOf(value, ...path) {
	return path.reduce((at, name) => asObject(at)?.get(name), value);
}
const WORDS = [
	["true", true],
	["false", false],
	["null", null]
];
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
/** Sticky: it begins where it is told to. */
const NUMBER_CHARACTERS = /[-+.0-9eE]*/y;
var Parser = class {
	#text;
	#what;
	#numbers;
	#position = 0;
	#values = 0;
	constructor(text, what, numbers) {
		this.#text = text;
		this.#what = what;
		this.#numbers = numbers;
	}
	parse() {
		const value = this.#value(0);
		this.#skipBlanks();
		if (this.#position < this.#text.length) throw this.#malformed("there is something after its end");
		return value;
	}
	#value(depth) {
		this.#values += 1;
		if (this.#values > 2e5) throw this.#malformed(`there are more than ${MAX_JSON_VALUES} values`);
		this.#skipBlanks();
		const first = this.#text[this.#position];
		if (first === void 0) throw this.#malformed("it ends too early");
		if (first === "{" || first === "[") {
			if (depth >= 64) throw this.#malformed(`it is more than 64 levels deep`);
			return first === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
		}
		if (first === "\"") return this.#string();
		if (first === "-" || first >= "0" && first <= "9") return this.#number();
		for (const [word, value] of WORDS) {
			if (!this.#text.startsWith(word, this.#position)) continue;
			this.#position += word.length;
			return value;
		}
		throw this.#malformed("a value is expected");
	}
	#object(depth) {
		const members = /* @__PURE__ */ new Map();
		this.#position += 1;
		if (this.#takes("}")) return members;
		do {
			this.#skipBlanks();
			if (this.#text[this.#position] !== "\"") throw this.#malformed("the name of a member is expected");
			const name = this.#string();
			if (!this.#takes(":")) throw this.#malformed("a colon is expected");
			const before = members.size;
			members.set(name, this.#value(depth));
			if (members.size === before) throw this.#malformed(`an object has two members ${JSON.stringify(name.slice(0, 80))}`);
		} while (this.#takes(","));
		if (!this.#takes("}")) throw this.#malformed("a comma or the end of the object is expected");
		return members;
	}
	#array(depth) {
		const items = [];
		this.#position += 1;
		if (this.#takes("]")) return items;
		do
			items.push(this.#value(depth));
		while (this.#takes(","));
		if (!this.#takes("]")) throw this.#malformed("a comma or the end of the array is expected");
		return items;
	}
	#string() {
		const text = this.#text;
		const begin = this.#position;
		let end = begin + 1;
		let isEscaped = false;
		for (;; end++) {
			const code = text.charCodeAt(end);
			if (code === QUOTE) break;
			if (code === BACKSLASH) {
				isEscaped = true;
				end += 1;
			} else if (code < SPACE || Number.isNaN(code)) {
				this.#position = Math.min(end, text.length);
				const problem = end < text.length ? "a control character stands unescaped in a string" : "it ends inside a string";
				throw this.#malformed(problem);
			}
		}
		this.#position = end + 1;
		if (!isEscaped) return text.slice(begin + 1, end);
		const string = this.#unescape(text.slice(begin, end + 1));
		if (/\p{Surrogate}/u.test(string)) throw this.#malformed("a string has half a surrogate pair");
		return string;
	}
	/** The string is whole here, so all that can be wrong with it is an escape. */
	#unescape(written) {
		try {
			return String(JSON.parse(written));
		} catch (error) {
			throw this.#malformed("a string has an escape that JSON does not know", error);
		}
	}
	#number() {
		NUMBER_CHARACTERS.lastIndex = this.#position;
		const [written = ""] = NUMBER_CHARACTERS.exec(this.#text) ?? [];
		if (written.length > 1e3) throw this.#malformed("a number is too long");
		this.#position += written.length;
		if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written)) throw this.#malformed("a number is malformed");
		const number = Number(written);
		if (!Number.isFinite(number)) throw this.#malformed("a number is out of range");
		if (this.#numbers === "integers" && String(number) !== written) throw this.#malformed(`the number ${written} is no integer that canonical JSON can write`);
		if (this.#numbers === "integers" && !Number.isSafeInteger(number)) throw this.#malformed("an integer is too large");
		return number;
	}
	/** Whether the next character beside blanks is this one; it is then passed. */
	#takes(character) {
		this.#skipBlanks();
		if (this.#text[this.#position] !== character) return false;
		this.#position += 1;
		return true;
	}
	#skipBlanks() {
		for (;;) {
			const code = this.#text.charCodeAt(this.#position);
			if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
			this.#position += 1;
		}
	}
	#malformed(problem, cause) {
		const at = `at character ${this.#position + 1}`;
		return new DebproofError("STATEMENT", `${this.#what} is not usable as JSON: ${problem}, ${at}.`, { cause });
	}
};
export { reportSchema as C, getDotPath as D, isInForce as E, safeParse as O, STATEMENT_TYPE as S, keyIdsOf as T, sourceOf as _, memberOf as a, readSigningKey as b, canonicalRebuilderd as c, ArchiveReader as d, judgeRelease as f, WantedNames as g, scanIndex as h, asString as i, mergeReferences as k, parseBuildinfo as l, splitNamed as m, asInteger as n, parseStrictJson as o, pairNamed as p, asObject as r, canonicalOlpc as s, asArray as t, detached as u, primaryFingerprints as v, readPolicy as w, PREDICATE_TYPE as x, readPrivateKey as y };
