// src/packages/merge.ts
/**
* The packages of several lists, each once.
*
* - A known hash wins over none, and one computed from a .deb over the same one stated by a list.
* - Two hashes under one name, version and architecture are two packages: the hash is the identity.
* - An entry without architecture is the package that another entry names with one, where that is certain
*   (foldUnqualified). Elsewhere both are kept: to judge a package twice does no harm, to lose one would.
*
* @param lists PackageLists, of which only the content matters
* @returns sorted by name, version, architecture, kind and hash in code units; what is absent comes first
*/
function mergePackageUses(lists) {
	const packages = /* @__PURE__ */ new Map();
	const architectures = /* @__PURE__ */ new Set();
	for (const { content } of lists) for (const { hash, ...use } of content.packages) {
		const key = `${use.kind} ${use.name} ${use.version}`;
		const entries = packages.get(key) ?? /* @__PURE__ */ new Map();
		packages.set(key, entries);
		const entry = entries.get(use.architecture) ?? {
			use,
			hashes: /* @__PURE__ */ new Map()
		};
		entries.set(use.architecture, entry);
		if (hash !== void 0) addHash(entry, hash.sha256, hash.from);
		if (use.architecture !== void 0 && use.architecture !== "all") architectures.add(use.architecture);
	}
	const [native] = architectures.size === 1 ? architectures : [];
	for (const entries of packages.values()) foldUnqualified(entries, native);
	return [...packages.values()].flatMap((entries) => [...entries.values()].flatMap(usesOf)).sort((a, b) => compare(sortKey(a), sortKey(b)));
}
function addHash(entry, sha256, from) {
	if (from === "deb" || !entry.hashes.has(sha256)) entry.hashes.set(sha256, from);
}
/**
* dpkg leaves the architecture out for a package of the native one or `all`. So the entry without architecture is
* the only one with it, if that is `all`, or of the only architecture that occurs in the lists at all: a second one
* could be foreign, and the native package would be lost in it. Hashes that differ also tell two packages apart.
*/
function foldUnqualified(entries, native) {
	const unqualified = entries.get(void 0);
	if (unqualified === void 0 || entries.size !== 2) return;
	for (const [architecture, entry] of entries) {
		if (architecture === void 0 || architecture !== "all" && architecture !== native) continue;
		if ((/* @__PURE__ */ new Set([...entry.hashes.keys(), ...unqualified.hashes.keys()])).size > 1) continue;
		for (const [sha256, from] of unqualified.hashes) addHash(entry, sha256, from);
		entries.delete(void 0);
	}
}
function usesOf({ use, hashes }) {
	return hashes.size === 0 ? [use] : [...hashes].map(([sha256, from]) => ({
		...use,
		hash: {
			sha256,
			from
		}
	}));
}
function sortKey({ name, version, architecture, kind, hash }) {
	return [
		name,
		version,
		architecture ?? "",
		kind,
		hash?.sha256 ?? ""
	];
}
function compare(a, b) {
	for (const [index, part] of a.entries()) {
		const other = b[index] ?? "";
		if (part !== other) return part < other ? -1 : 1;
	}
	return 0;
}
export { mergePackageUses as t };
