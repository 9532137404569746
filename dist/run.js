import { a as __toESM } from "./rolldown-runtime.js";
import { E as MAX_COMMENT, h as MAX_API_ANSWER, r as describeError, s as API_TIMEOUT, t as DebproofError } from "./errors.js";
import { a as uninterrupted, o as whenInterrupted } from "./output-lock.js";
import { E as removeBundle, c as POLICY, d as serializeIndex, f as errorOf, g as deriveReport, h as keptChunks, i as certificatesFor, l as filesOf, m as keyOf, n as lastDaysOf, o as gpgvForms, p as failureOf, r as publicKeysDay, w as BUNDLE_FOLDER, y as asWritten } from "./surroundings.js";
import { a as ContentFolder, i as refuseSecrets, n as OutputFolder, o as shortSummary, r as writeChecker, t as reportFiles } from "./report-files.js";
import { A as string, D as safeParse, _ as nullable, b as optional, n as boolean, t as array, v as number, y as object } from "./dist.js";
import { f as limited, p as digestOf } from "./formats.js";
import { a as Cache } from "./verify-options.js";
import { n as USER_AGENT, t as TOOL } from "./tool.js";
import { n as detectPlatform } from "./policy-places.js";
import { a as openInput, t as ANYWHERE } from "./places.js";
import { E as Digester, c as filesWithin, l as hashedFiles, u as namedFiles } from "./shipped-keys.js";
import { i as Downloads } from "./read-list.js";
import { r as mergeReferences, t as readPolicy } from "./read-policy.js";
import { n as binaryKeyring, r as recordOfArchive } from "./system-record.js";
import { n as findFiles, t as readPackageLists } from "./find-lists.js";
import { i as systemPolicy, r as statusFile } from "./system-policy.js";
import { r as readReportKey } from "./sign.js";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
// src/ci/comment.ts
/**
* Writes the verdict as a comment, or over the one of an earlier run for the same purpose.
*
* @param purpose what the run is for: each has a comment of its own
* @param whereRest what to download, and where: `the whole report …`
*/
async function writeComment(thread, report, purpose, whereRest) {
	const marker = markerOf(purpose);
	const body = `${marker}\n${uncalled(shortSummary(report, MAX_COMMENT, whereRest))}\nDownload ${uncalled(whereRest)}\n`;
	try {
		const earlier = await thread.find(marker);
		return { url: earlier === void 0 ? await thread.create(body) : await thread.update(earlier, body) };
	} catch (error) {
		return { problem: describeError(error) };
	}
}
function markerOf(purpose) {
	return `<!-- debproof ${createHash("sha256").update(JSON.stringify(purpose)).digest("hex").slice(0, 16)} -->`;
}
/** Nobody is called by a name that stands in a package list: a word joiner parts the sign from it. */
function uncalled(markdown) {
	return markdown.replaceAll("@", "@&#8288;");
}
// src/ci/json-api.ts
/**
* Asks an API with a token. Redirects are not followed: they would carry the token elsewhere.
*
* @param headers what carries the token; it is in no error
* @throws DebproofError PUBLISH
*/
async function callApi(url, headers, { method, body }) {
	const { request, EnvHttpProxyAgent } = await import("./undici2.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const dispatcher = new EnvHttpProxyAgent({
		headersTimeout: API_TIMEOUT,
		bodyTimeout: API_TIMEOUT
	});
	const where = `${url.origin}${url.pathname}`;
	try {
		const answer = await request(url, {
			dispatcher,
			method,
			signal: AbortSignal.timeout(API_TIMEOUT),
			headers: {
				...headers,
				accept: "application/json",
				"user-agent": USER_AGENT,
				"content-type": "application/json"
			},
			...body === void 0 ? {} : { body: JSON.stringify(body) }
		});
		const text = await readText(answer.body, where);
		if (answer.statusCode < 200 || answer.statusCode > 299) throw new DebproofError("PUBLISH", `${where} answered HTTP ${answer.statusCode}${messageIn(text)}.`);
		const next = answer.headers["x-next-page"];
		return {
			json: JSON.parse(text),
			nextPage: typeof next === "string" ? next : ""
		};
	} catch (error) {
		if (error instanceof DebproofError) throw error;
		throw new DebproofError("PUBLISH", `${where} could not be asked: ${describeError(error)}.`, { cause: error });
	} finally {
		await dispatcher.destroy();
	}
}
async function readText(chunks, where) {
	const parts = [];
	let size = 0;
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size > 16777216) throw new DebproofError("PUBLISH", `${where} answered more than ${MAX_API_ANSWER} bytes.`);
		parts.push(chunk);
	}
	return Buffer.concat(parts).toString("utf8");
}
/** What the service says of a failure, as both write it. */
function messageIn(text) {
	const [, message = ""] = /"(?:message|error)"\s*:\s*"([^"]{1,300})"/.exec(text) ?? [];
	return message === "" ? "" : `: ${message}`;
}
// src/ci/github-comments.ts
const errors = optional(array(object({ message: string() })));
const page = object({ data: object({ repository: object({ pullRequest: object({
	id: string(),
	comments: object({
		nodes: array(object({
			id: string(),
			viewerDidAuthor: boolean(),
			body: string()
		})),
		pageInfo: object({
			hasPreviousPage: boolean(),
			startCursor: nullable(string())
		})
	})
}) }) }) });
const added = object({ data: object({ addComment: object({ commentEdge: object({ node: object({ url: string() }) }) }) }) });
const updated = object({ data: object({ updateIssueComment: object({ issueComment: object({ url: string() }) }) }) });
const COMMENTS = `query ($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id comments(last: 100, before: $before) {
    nodes { id viewerDidAuthor body } pageInfo { hasPreviousPage startCursor } } } } }`;
const ADD = `mutation ($subject: ID!, $body: String!) {
  addComment(input: { subjectId: $subject, body: $body }) { commentEdge { node { url } } } }`;
const UPDATE = `mutation ($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { url } } }`;
/** The comments of a pull request, by GitHub's GraphQL API: it alone says which are one's own. */
var GitHubComments = class {
	#environment;
	#token;
	#number;
	#pullRequest = "";
	constructor(environment, token, number) {
		this.#environment = environment;
		this.#token = token;
		this.#number = number;
	}
	async find(marker) {
		let before = null;
		for (let pages = 0; pages < 10; pages++) {
			const { id, comments } = await this.#page(before);
			this.#pullRequest = id;
			const own = comments.nodes.findLast(({ viewerDidAuthor, body }) => viewerDidAuthor && body.startsWith(marker));
			if (own !== void 0 || !comments.pageInfo.hasPreviousPage) return own?.id;
			before = comments.pageInfo.startCursor;
		}
	}
	async create(body) {
		const { data } = await this.#ask(added, ADD, {
			subject: this.#pullRequest,
			body
		});
		return data.addComment.commentEdge.node.url;
	}
	async update(id, body) {
		const { data } = await this.#ask(updated, UPDATE, {
			id,
			body
		});
		return data.updateIssueComment.issueComment.url;
	}
	/** The hundred comments before a cursor; the newest without one. */
	async #page(before) {
		const [owner = "", name = ""] = (this.#environment["GITHUB_REPOSITORY"] ?? "").split("/");
		const { data } = await this.#ask(page, COMMENTS, {
			owner,
			name,
			number: this.#number,
			before
		});
		return data.repository.pullRequest;
	}
	async #ask(schema, query, variables) {
		const { json } = await callApi(new URL(this.#environment["GITHUB_GRAPHQL_URL"] || "https://api.github.com/graphql"), { authorization: `Bearer ${this.#token}` }, {
			method: "POST",
			body: {
				query,
				variables
			}
		});
		const refused = safeParse(object({ errors }), json);
		const [first] = refused.success ? refused.output.errors ?? [] : [];
		if (first !== void 0) throw new DebproofError("PUBLISH", `GitHub refused it: ${first.message}`);
		const answer = safeParse(schema, json);
		if (!answer.success) throw new DebproofError("PUBLISH", "GitHub answered something else than was asked for.");
		return answer.output;
	}
};
// src/ci/gitlab-comments.ts
const user = object({ id: number() });
const note = object({ id: number() });
const notes = array(object({
	id: number(),
	body: string(),
	author: object({ id: number() })
}));
/** The notes of a merge request, by GitLab's REST API (docs.gitlab.com/api/notes). */
var GitLabComments = class {
	#environment;
	#token;
	#number;
	constructor(environment, token, number) {
		this.#environment = environment;
		this.#token = token;
		this.#number = number;
	}
	async find(marker) {
		const me = await this.#ask(user, "user", { method: "GET" });
		let page = "1";
		for (let pages = 0; pages < 10 && page !== ""; pages++) {
			const query = `${this.#notes}?per_page=100&sort=desc&order_by=created_at&page=${encodeURIComponent(page)}`;
			const { json, nextPage } = await this.#call(query, { method: "GET" });
			const own = parsed(notes, json).find(({ author, body }) => author.id === me.id && body.startsWith(marker));
			if (own !== void 0) return String(own.id);
			page = nextPage;
		}
	}
	async create(body) {
		return this.#url(await this.#ask(note, this.#notes, {
			method: "POST",
			body: { body }
		}));
	}
	async update(id, body) {
		return this.#url(await this.#ask(note, `${this.#notes}/${id}`, {
			method: "PUT",
			body: { body }
		}));
	}
	/** The merge request may belong to another project than the pipeline, which is then that of a fork. */
	get #notes() {
		const project = this.#environment["CI_MERGE_REQUEST_PROJECT_ID"] ?? this.#environment["CI_PROJECT_ID"] ?? "";
		return `projects/${encodeURIComponent(project)}/merge_requests/${this.#number}/notes`;
	}
	#url({ id }) {
		return `${this.#environment["CI_MERGE_REQUEST_PROJECT_URL"] ?? this.#environment["CI_PROJECT_URL"] ?? ""}/-/merge_requests/${this.#number}#note_${id}`;
	}
	async #ask(schema, path, request) {
		return parsed(schema, (await this.#call(path, request)).json);
	}
	async #call(path, request) {
		const base = this.#environment["CI_API_V4_URL"];
		if (base === void 0) throw new DebproofError("PUBLISH", "CI_API_V4_URL is not set, so GitLab cannot be asked.");
		return await callApi(new URL(`${base}/${path}`), { "private-token": this.#token }, request);
	}
};
function parsed(schema, json) {
	const answer = safeParse(schema, json);
	if (!answer.success) throw new DebproofError("PUBLISH", "GitLab answered something else than was asked for.");
	return answer.output;
}
// src/ci/comment-on.ts
const PERMISSION = {
	github: "The job needs `permissions: pull-requests: write`, which pull requests from forks do not get.",
	gitlab: "The token in DEBPROOF_COMMENT_TOKEN needs the scope `api` and the role Reporter or above."
};
/**
* Comments on the pull or merge request that the pipeline is for.
*
* @param purpose what the run is for: each has a comment of its own
* @param whereRest where the whole report is
*/
async function commentOn(report, environment, token, purpose, whereRest) {
	const platform = detectPlatform(environment);
	if (platform?.pullRequest === void 0) return { problem: "This pipeline is for no pull request or merge request." };
	if (token === "") return { problem: `There is no token. ${PERMISSION[platform.name]}` };
	const { name, pullRequest } = platform;
	const outcome = await writeComment(name === "github" ? new GitHubComments(environment, token, pullRequest) : new GitLabComments(environment, token, pullRequest), report, purpose, whereRest);
	return "problem" in outcome ? { problem: `${outcome.problem} ${PERMISSION[name]}` } : outcome;
}
// src/ci/purpose.ts
/** What a run is for, the same each time that a pipeline runs: by this it finds its own comment and its own cache. */
function purposeOf({ policy, release, shard, output }, environment) {
	return [
		...[
			"GITHUB_WORKFLOW",
			"GITHUB_JOB",
			"CI_JOB_NAME"
		].map((name) => environment[name] ?? ""),
		policy,
		release ?? "",
		shard === void 0 ? "" : `${shard.index}/${shard.of}`,
		output
	];
}
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
			if (known?.complete === true && known.kept) return await read(limited(keptChunks(this.#folder.pathOf(known.sha256), "OUTPUT"), look.limit, look.url));
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
	async #keepKeys(policy, evidence) {
		const keys = [];
		for (const { fingerprint, bytes } of certificatesFor(policy, evidence)) keys.push({
			fingerprint,
			...await this.#content.add(bytes)
		});
		return keys;
	}
	async #keepSigned(evidence) {
		const signed = [];
		for (const form of await gpgvForms(evidence, async (sha256) => await this.#content.read(sha256))) {
			const text = await this.#content.add(form.text);
			signed.push({
				document: form.document,
				text: text.sha256,
				signature: (await this.#content.add(form.signature)).sha256
			});
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
	const output = await OutputFolder.prepare(options.output);
	try {
		return await runInto(output, options, watcher);
	} finally {
		output.release();
	}
}
async function runInto(output, options, watcher) {
	await removeBundle(options.output);
	const key = await readReportKey(options.signing, options.unsigned, options.keyAdvice);
	const bundle = options.evidence === "none" ? void 0 : await BundleWriter.open(path.join(options.output, BUNDLE_FOLDER), options.evidence);
	const places = options.system ? ANYWHERE : options.places ?? ANYWHERE;
	const cache = options.cache === void 0 ? void 0 : new Cache(options.cache);
	const settled = whenInterrupted(() => {
		if (output.isOwn) rmSync(path.join(options.output, BUNDLE_FOLDER), {
			recursive: true,
			force: true
		});
	});
	const downloads = new Downloads({
		userAgent: USER_AGENT,
		offline: options.offline,
		places,
		...cache === void 0 ? {} : { cache },
		...bundle === void 0 ? {} : { tape: bundle.tape },
		...watcher.download === void 0 ? {} : { onDownload: watcher.download }
	});
	try {
		watcher.progress("Reading the policy and the package lists");
		const onDisk = filesWithin(places, options.policy);
		const { files, read } = hashedFiles(bundle?.recorded(onDisk, options.policy) ?? onDisk);
		const { policy, lists, environment, folder } = await readInputs({
			...options,
			places
		}, files, downloads, watcher);
		read.delete(options.policy);
		const { release, shard, deep, hashesRequired, offline, system } = options;
		const images = await digestImages(options.images);
		const keysDay = publicKeysDay(lastDaysOf(policy), policy.at, options.now);
		const inputs = {
			policy,
			lists,
			images,
			run: {
				system,
				offline,
				deep,
				variables: environment,
				files: namedFiles(read, folder)
			},
			hashesRequired,
			...release === void 0 ? {} : { release },
			...shard === void 0 ? {} : { shard },
			...keysDay === void 0 ? {} : { keysDay }
		};
		const derived = await deriveReport(inputs, downloads, watcher.progress);
		const run = {
			folder,
			release: release ?? null,
			at: derived.predicate.at,
			clock: options.at === void 0 ? "now" : "option",
			...keysDay === void 0 ? {} : { keysDay },
			environment,
			offline,
			deep,
			hashesRequired,
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
		await refuseSecrets(options.output, written.report, [...options.secrets ?? [], ...key?.secrets ?? []]);
		await uninterrupted(async () => {
			if (bundle !== void 0) await writeChecker(options.output);
			await output.write(written);
			settled();
		});
		return {
			report,
			summary: written.summary,
			reportPath: output.reportPath,
			summaryPath: output.summaryPath,
			cached: cache?.used ?? [],
			...key === void 0 ? {} : { signedBy: key.fingerprint }
		};
	} catch (error) {
		if (output.isOwn) await removeBundle(options.output).catch(() => {});
		throw error;
	} finally {
		key?.forget();
		settled();
		await downloads.close();
	}
}
async function readInputs(options, files, downloads, { warn }) {
	const { system, root, packages } = options;
	const folder = process.cwd();
	if (system) {
		const at = options.at ?? options.now;
		const clock = { from: options.at === void 0 ? "now" : "option" };
		const policy = await systemPolicy({
			root,
			fromLists: options.offline,
			warn,
			at,
			clock
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
	const lists = packages.length > 0 ? await readPackageLists(packages, folder, downloads) : await readPackageLists(file.lists, file.folder, downloads, options.places);
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
		const handle = await openInput(file, { blockDevice: true });
		for await (const chunk of handle.createReadStream({ highWaterMark: 1048576 })) digester.update(chunk);
	} catch (error) {
		throw new DebproofError("USAGE", `The image ${file} cannot be read`, { cause: error });
	}
	return {
		name: path.basename(file),
		sha256: digester.finish().sha256
	};
}
export { purposeOf as n, commentOn as r, run as t };
