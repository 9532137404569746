import { Et as MAX_SHARDS, t as DebproofError } from "./errors.js";
import { createHash, randomBytes } from "node:crypto";
// src/parts/shard.ts
/** Of letters and digits, so that it can be a name of a file and an argument, and of nothing that a shell reads. */
const PLAN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** 128 bits that nobody has used before, nor will. */
function newPlanId() {
	return randomBytes(16).toString("hex");
}
/**
* @param option where it was given, for errors
* @throws DebproofError USAGE
*/
function parsePlanId(text, option = "--plan-id") {
	if (!PLAN_ID.test(text) || text.length > 64) throw new DebproofError("USAGE", `${option} ${JSON.stringify(text.slice(0, 200))} is no name of a plan: it begins with a letter or a digit and has only letters, digits and . _ -, at most 64 in all.`);
	return text;
}
/**
* Parses `i/n`, as test runners write it.
*
* @param option where it was given, for errors
* @throws DebproofError USAGE
*/
function parseShard(text, option = "--shard") {
	const [, first = "", second = ""] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
	const [index, of] = [Number(first), Number(second)];
	if (first === "" || index > of || of > 1e3) throw new DebproofError("USAGE", `${option} ${JSON.stringify(text)} is no part: write 2/4 for the second of four, with at most ${MAX_SHARDS} parts.`);
	return {
		index,
		of
	};
}
/** `2/4`, which parseShard reads. */
function formatShard({ index, of }) {
	return `${index}/${of}`;
}
/** All parts, in order. */
function shards(of) {
	return Array.from({ length: of }, (_, index) => ({
		index: index + 1,
		of
	}));
}
/**
* The packages of one part, in the order in which they were given. Each package is in exactly one part.
*
* The SHA-256 of the name alone decides: so every machine comes to the same parts, whatever the order of its lists,
* all versions of a name are judged together, and a package that is added moves no other.
*/
function partOf(uses, { index, of }) {
	return uses.filter(({ name }) => shardOfName(name, of) === index);
}
/** From 1 to `of`. The first 48 bits of a hash are a number that a double holds exactly. */
function shardOfName(name, of) {
	return createHash("sha256").update(name).digest().readUIntBE(0, 6) % of + 1;
}
export { partOf as a, parseShard as i, newPlanId as n, shardOfName as o, parsePlanId as r, shards as s, formatShard as t };
