import { c as Digester } from "./keyring.js";
import { a as detachedForm, i as deriveReport, n as failureOf, r as keyOf, t as errorOf } from "./outcome.js";
import { t as DebproofError } from "./errors.js";
import { a as BUNDLE_FOLDER, i as serializeIndex, n as filesOf, o as removeBundle, t as POLICY, u as asWritten } from "./bundle-index.js";
import { i as ContentFolder, n as OutputFolder, r as writeChecker, t as reportFiles } from "./report-files.js";
import { d as digestOf, f as limited } from "./formats.js";
import { n as recordOfArchive, t as binaryKeyring } from "./system-record.js";
import { n as USER_AGENT, t as TOOL } from "./tool.js";
import { n as findFiles, t as readPackageLists } from "./find-lists.js";
import { a as Cache } from "./verify-options.js";
import { i as Downloads } from "./read-list.js";
import { r as mergeReferences, t as readPolicy } from "./read-policy.js";
import { r as filesOnDisk } from "./trust.js";
import { i as systemPolicy, r as statusFile } from "./system-policy.js";
import { n as readReportKey } from "./sign.js";
import path from "node:path";
import { createReadStream } from "node:fs";
// src/net/recording.ts
/**
* Keeps everything that a run reads, under its SHA-256, and what came of each look at a URL. Each look is taken once:
* all who ask see the same, as they will when it is played back.
*/
var Recording = class {
	#folder;
	#keepAll;
	#looks = /* @__PURE__ */ new Map();
	#names = /* @__PURE__ */ new Map();
	/** @param keepAll also the package files that are only hashed */
	constructor(folder, { keepAll }) {
		this.#folder = folder;
		this.#keepAll = keepAll;
	}
	async stream(look, read, fetch) {
		const key = keyOf(look.url, look.look);
		for (let pending = this.#looks.get(key); pending !== void 0; pending = this.#looks.get(key)) {
			const known = await pending;
			if (known !== void 0 && "code" in known) throw errorOf(known);
			if (known?.complete === true && known.kept) return await read(limited(createReadStream(this.#folder.pathOf(known.sha256)), look.limit, look.url));
			if (this.#looks.get(key) === pending) break;
		}
		return await this.#take(key, look, read, fetch);
	}
	async digest(look, fetch) {
		if (this.#keepAll) return await this.stream(look, digestOf, fetch);
		const settle = this.#begin(keyOf(look.url, look.look));
		try {
			const found = await fetch(digestOf);
			settle({
				url: look.url.href,
				look: look.look,
				...found,
				complete: true,
				kept: false
			});
			return found;
		} catch (error) {
			settle(error instanceof DebproofError ? {
				url: look.url.href,
				look: look.look,
				...failureOf(error)
			} : void 0);
			throw error;
		}
	}
	async names(folder, list) {
		let pending = this.#names.get(folder.href);
		if (pending === void 0) {
			pending = namesOf(folder, list);
			this.#names.set(folder.href, pending);
		}
		const { names, failure } = await pending;
		if (failure !== null) throw errorOf(failure);
		return names ?? [];
	}
	/** What came of every look, in an order that depends on nothing else. */
	async outcomes() {
		const settled = [...await Promise.all(this.#looks.values()), ...await Promise.all(this.#names.values())];
		const order = (outcome) => "folder" in outcome ? `1 ${outcome.folder}` : `0 ${outcome.url} ${outcome.look}`;
		return settled.filter((outcome) => outcome !== void 0).sort((a, b) => order(a) < order(b) ? -1 : 1);
	}
	#begin(key) {
		let settle = () => {};
		this.#looks.set(key, new Promise((resolve) => settle = resolve));
		return settle;
	}
	async #take(key, look, read, fetch) {
		const settle = this.#begin(key);
		const { url } = look;
		let spool;
		try {
			const result = await fetch(async (chunks) => {
				await spool?.discard();
				spool = await this.#folder.spool();
				return await read(spool.tee(chunks));
			});
			settle(spool === void 0 ? void 0 : {
				url: url.href,
				look: look.look,
				...await spool.keep(),
				kept: true
			});
			return result;
		} catch (error) {
			if (spool !== void 0 && !spool.brokeOff) settle({
				url: url.href,
				look: look.look,
				...await spool.keep(),
				kept: true
			});
			else {
				await spool?.discard();
				settle(error instanceof DebproofError ? {
					url: url.href,
					look: look.look,
					...failureOf(error)
				} : void 0);
			}
			throw error;
		}
	}
};
async function namesOf(folder, list) {
	try {
		return {
			folder: folder.href,
			names: [...await list()],
			failure: null
		};
	} catch (error) {
		if (!(error instanceof DebproofError)) throw error;
		const { code, message, cause } = failureOf(error);
		return {
			folder: folder.href,
			names: null,
			failure: {
				code,
				message,
				cause
			}
		};
	}
}
// src/evidence/keyrings-of.ts
/** All OpenPGP keyrings that a policy trusts for anything. */
function keyringsOf({ archives }) {
	return archives.flatMap(({ served, upstreams, rebuilders }) => [
		served.keyring,
		...upstreams.map(({ keyring }) => keyring),
		...(rebuilders?.parties ?? []).flatMap(({ keyring }) => keyring ?? []),
		...rebuilders?.layout === void 0 ? [] : [rebuilders.layout.owner]
	]);
}
// src/evidence/bundle-writer.ts
/** Keeps, below the output folder, everything that a run reads: its inputs, and what archives and rebuilders served. */
var BundleWriter = class BundleWriter {
	tape;
	#folder;
	#kept;
	#content;
	#inputs = /* @__PURE__ */ new Map();
	constructor(folder, kept, content) {
		this.#folder = folder;
		this.#kept = kept;
		this.#content = content;
		this.tape = new Recording(content, { keepAll: kept === "all" });
	}
	/** @throws DebproofError OUTPUT */
	static async open(folder, kept) {
		return new BundleWriter(folder, kept, await ContentFolder.open(path.join(folder, "sha256")));
	}
	/**
	* The same files, each kept when it is read.
	* @param policy the policy itself, which is kept by no name: where it lay changes no verdict
	*/
	recorded(files, policy) {
		return { read: async (file) => {
			const bytes = await files.read(file);
			const name = file === policy ? POLICY : file;
			this.#inputs.set(name, {
				path: name,
				...await this.#content.add(bytes)
			});
			return bytes;
		} };
	}
	/**
	* Writes the index, after everything else.
	* @throws DebproofError OUTPUT
	*/
	async finish(facts) {
		const { run, lists, images, evidence } = facts;
		const index = {
			version: 1,
			tool: {
				name: TOOL.name,
				version: TOOL.version
			},
			run: {
				...run,
				system: facts.system ? await this.#keepSystem(facts.policy) : null
			},
			inputs: [...this.#inputs.values()].sort((a, b) => a.path < b.path ? -1 : 1),
			lists: await Promise.all(lists.map(async (list) => await this.#keepList(list))),
			images: [...images],
			fetched: (await this.tape.outcomes()).map((outcome) => "folder" in outcome ? {
				...outcome,
				names: outcome.names === null ? null : [...outcome.names]
			} : outcome),
			keys: await this.#keepKeys(facts.policy, evidence),
			signed: await this.#keepSigned(evidence)
		};
		const bytes = serializeIndex(index);
		const { sha256 } = await this.#content.add(bytes);
		const files = filesOf(index);
		let size = bytes.length;
		for (const file of files.keys()) size += await this.#content.sizeOf(file);
		await this.#content.moveOut(sha256, path.join(this.#folder, "index.json"));
		return {
			index: `sha256:${sha256}`,
			kept: this.#kept,
			files: files.size + 1,
			size
		};
	}
	async #keepList({ path: name, format, bytes, debs }) {
		return {
			path: name,
			format,
			...await this.#content.add(bytes),
			...debs === void 0 ? {} : { debs: [...debs] }
		};
	}
	async #keepSystem(policy) {
		const archives = [];
		for (const archive of policy.archives) {
			const { suites, components, architectures, only, ...record } = recordOfArchive(archive);
			if (record.keyring !== null) await this.#content.add(binaryKeyring(archive.served.keyring));
			archives.push({
				...record,
				suites: [...suites],
				components: [...components],
				architectures: [...architectures],
				only: [...only]
			});
		}
		return { archives };
	}
	/** The certificates of all who signed, as gpgv takes them. */
	async #keepKeys(policy, evidence) {
		const signers = new Set(Object.values(evidence).flatMap((file) => file.signers));
		const keys = /* @__PURE__ */ new Map();
		for (const keyring of keyringsOf(policy)) for (const certificate of keyring.certificates) {
			const fingerprint = certificate.getFingerprint().toUpperCase();
			if (!signers.has(fingerprint) || keys.has(fingerprint)) continue;
			keys.set(fingerprint, {
				fingerprint,
				...await this.#content.add(certificate.write())
			});
		}
		return [...keys.values()].sort((a, b) => a.fingerprint < b.fingerprint ? -1 : 1);
	}
	/** The links of in-toto 0.9, whose OpenPGP signatures only its own libraries read, once more in a form for gpgv. */
	async #keepSigned(evidence) {
		const signed = [];
		for (const [name, { kind, url }] of Object.entries(evidence)) {
			if (kind !== "in-toto-link") continue;
			const document = name.slice(7);
			try {
				const form = detachedForm({
					url: new URL(url),
					bytes: await this.#content.read(document)
				});
				const text = await this.#content.add(form.text);
				signed.push({
					document,
					text: text.sha256,
					signature: (await this.#content.add(form.signature)).sha256
				});
			} catch (error) {
				if (!(error instanceof DebproofError) || error.code !== "STATEMENT") throw error;
			}
		}
		return signed;
	}
};
// src/run.ts
/**
* One whole run of `verify`: what the command line and the GitHub Action both call.
*
* @throws DebproofError when the inputs are wrong; what archives do is in the report
*/
async function run(options, watcher) {
	const key = await readReportKey(options.signing, options.unsigned);
	const output = await OutputFolder.prepare(options.output);
	await removeBundle(options.output);
	const bundle = options.evidence === "none" ? void 0 : await BundleWriter.open(path.join(options.output, BUNDLE_FOLDER), options.evidence);
	const downloads = new Downloads({
		userAgent: USER_AGENT,
		offline: options.offline,
		...options.cache === void 0 ? {} : { cache: new Cache(options.cache) },
		...bundle === void 0 ? {} : { tape: bundle.tape },
		...watcher.download === void 0 ? {} : { onDownload: watcher.download }
	});
	try {
		watcher.progress("Reading the policy and the package lists");
		const { policy, lists, environment, folder } = await readInputs(options, bundle?.recorded(filesOnDisk, options.policy) ?? filesOnDisk, downloads, watcher);
		const { release, shard, deep, offline, system } = options;
		const images = await digestImages(options.images);
		const inputs = {
			policy,
			lists,
			images,
			deep,
			...release === void 0 ? {} : { release },
			...shard === void 0 ? {} : { shard }
		};
		const derived = await deriveReport(inputs, downloads, watcher.progress);
		const run = {
			folder,
			release: release ?? null,
			at: derived.predicate.at,
			environment,
			offline,
			deep,
			shard: shard ?? null
		};
		const kept = await bundle?.finish({
			run,
			system,
			policy,
			lists,
			images,
			evidence: derived.predicate.evidence
		});
		const report = asWritten(derived, kept ?? null, key === void 0 ? options.unsigned : void 0);
		const written = await reportFiles(report, key);
		if (bundle !== void 0) await writeChecker(options.output);
		await output.write(written);
		return {
			report,
			summary: written.summary,
			reportPath: output.reportPath,
			summaryPath: output.summaryPath,
			...key === void 0 ? {} : { signedBy: key.fingerprint }
		};
	} catch (error) {
		await removeBundle(options.output);
		throw error;
	} finally {
		await downloads.close();
	}
}
async function readInputs(options, files, downloads, { warn }) {
	const { system, root, packages } = options;
	const folder = process.cwd();
	if (system) {
		const at = options.at ?? options.now;
		const policy = await systemPolicy({
			root,
			fromLists: options.offline,
			warn,
			at
		});
		const sources = packages.length > 0 ? packages : [{
			path: statusFile(path.resolve(root)),
			format: "dpkg-status"
		}];
		return {
			policy,
			lists: await readPackageLists(sources, folder, downloads),
			environment: {},
			folder
		};
	}
	const file = await readPolicy(options.policy, {
		...options,
		files
	});
	const lists = packages.length > 0 ? await readPackageLists(packages, folder, downloads) : await readPackageLists(file.lists, file.folder, downloads);
	return {
		policy: await file.resolve(mergeReferences(lists)),
		lists,
		environment: file.environment,
		folder: file.folder
	};
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
export { run as t };
