import { a as __toESM } from "./rolldown-runtime.js";
import { Gt as PATIENCE, Jt as SERVICE_PATIENCE, Kt as PATIENCE_PER_DOWNLOAD, Wt as PACED_RETRY_DELAY, Y as MAX_LIST, Yt as SERVICE_PATIENCE_PER_DOWNLOAD, a as systemErrorCode, d as DOWNLOAD_TIMEOUT, i as isDebproofError, it as MAX_PACED_DELAY, qt as REQUEST_INTERVAL, r as describeError, t as DebproofError } from "./errors.js";
import { a as contentOfDebs, c as ListError, d as quote, f as limited, i as DEB_DIRECTORY, l as firstEntryLine, n as LIST_FORMATS, o as readDebDirectory, p as digestOf, t as FORMAT_NAMES, u as listError } from "./formats.js";
import { a as openInput, i as openFile, n as ElsewhereError, o as refuseKernelFile, t as ANYWHERE } from "./places.js";
import { s as parseSha256 } from "./deb822.js";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { stat } from "node:fs/promises";
import { BlockList, isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { lookup } from "node:dns";
import { setTimeout } from "node:timers/promises";
// src/net/address-kind.ts
/** IPv4 networks; each also stands for its forms in IPv6: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
const INSIDE_4 = [
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.168.0.0/16",
	"198.18.0.0/15",
	"224.0.0.0/3"
];
const INSIDE_6 = [
	"::/127",
	"fc00::/7",
	"fec0::/10",
	"ff00::/8"
];
/** All of link-local, where most clouds have it, and where Alibaba's, Azure's, Oracle's and Amazon's are besides. */
const METADATA_4 = [
	"169.254.0.0/16",
	"100.100.100.200/32",
	"168.63.129.16/32",
	"192.0.0.192/32"
];
const METADATA_6 = [
	"fe80::/10",
	"fd00:ec2::254/128",
	"fd00:42::42/128",
	"fd20:ce::254/128"
];
const INSIDE = blockList(INSIDE_4, INSIDE_6);
const METADATA = blockList(METADATA_4, METADATA_6);
/** @param address of IPv4 or IPv6, without brackets; an IPv6 one may end in a zone */
function addressKind(address) {
	const plain = address.replace(/%.*$/, "");
	const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
	if (METADATA.check(plain, family)) return "metadata";
	return INSIDE.check(plain, family) ? "inside" : "public";
}
/**
* The same of a URL's host, by its form alone; undefined for a name that must be looked up. The URL parser has written
* every form of an address, such as `0x7f.1`, in the usual one.
*/
function hostKind({ hostname }) {
	const host = hostname.replace(/\.$/, "");
	if (host === "localhost" || host.endsWith(".localhost")) return "inside";
	const address = host.replace(/^\[(.*)\]$/, "$1");
	return isIP(address) === 0 ? void 0 : addressKind(address);
}
function blockList(networks4, networks6) {
	const list = new BlockList();
	for (const [network = "", prefix] of networks4.map((written) => written.split("/"))) {
		list.addSubnet(network, Number(prefix));
		const hex = network.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
		const groups = `${hex.slice(0, 2).join("")}:${hex.slice(2).join("")}`;
		list.addSubnet(`::ffff:${groups}`, 96 + Number(prefix), "ipv6");
		list.addSubnet(`64:ff9b::${groups}`, 96 + Number(prefix), "ipv6");
		list.addSubnet(`2002:${groups}::`, 16 + Number(prefix), "ipv6");
	}
	for (const [network = "", prefix] of networks6.map((written) => written.split("/"))) list.addSubnet(network, Number(prefix), "ipv6");
	return list;
}
// src/net/connections.ts
/**
* Opens connections, sees where names lead at the very moment they are connected to, and remembers for each origin
* whether it is inside. Nobody is connected to where a cloud keeps its machine's keys; and who was led by a public
* server, not inside either. A proxy connects by itself: then only the form of a URL is known here.
*/
var Connections = class {
	#options;
	#inside = /* @__PURE__ */ new Set();
	#public = /* @__PURE__ */ new Set();
	constructor(options) {
		this.#options = options;
	}
	/** Whether this server is inside: by the form of its address, or since that is where its name always led. */
	isInside(url) {
		return hostKind(url) === "inside" || this.#inside.has(url.origin) && !this.#public.has(url.origin);
	}
	/** @param allowed the kinds of addresses that are connected to */
	connector(build, allowed) {
		const connect = build({
			timeout: this.#options.connectTimeout ?? 15e3,
			lookup: guarded(this.#options.lookup ?? lookup, allowed)
		});
		return (options, callback) => {
			try {
				if (isIP(options.hostname) !== 0) permit(options.hostname, options.hostname, allowed);
			} catch (error) {
				callback(error instanceof Error ? error : new Error(String(error)), null);
				return;
			}
			connect(options, (...result) => {
				if (result[0] === null) this.#remember(new URL(`${options.protocol}//${options.host ?? options.hostname}`), result[1].remoteAddress);
				callback(...result);
			});
		};
	}
	#remember({ origin }, address) {
		if (address !== void 0 && addressKind(address) !== "public") this.#inside.add(origin);
		else this.#public.add(origin);
	}
};
function guarded(look, allowed) {
	return (hostname, options, callback) => {
		look(hostname, {
			...options,
			all: true
		}, (error, found) => {
			const addresses = typeof found === "string" ? [{
				address: found,
				family: isIP(found)
			}] : found ?? [];
			try {
				if (error !== null) throw error;
				for (const { address } of addresses) permit(hostname, address, allowed);
			} catch (refusal) {
				callback(refusal instanceof Error ? refusal : new Error(String(refusal)), []);
				return;
			}
			const [first] = addresses;
			if (options.all === true || first === void 0) callback(null, addresses);
			else callback(null, first.address, first.family);
		});
	};
}
/** @throws DebproofError FETCH */
function permit(hostname, address, allowed) {
	const kind = addressKind(address);
	if (allowed.includes(kind)) return;
	const what = hostname === address ? address : `${hostname}, which is ${address},`;
	throw new DebproofError("FETCH", kind === "metadata" ? `${what} is not connected to: that is where a cloud keeps its machine's keys.` : `${what} is not connected to: a public server must not lead to an address inside.`);
}
// src/net/redirect.ts
/**
* Where a redirect leads: to http and https only, never from https down to http, and never from a public server to an
* address inside. What is read is kept as evidence, and a mirror must not have it read what it cannot reach itself.
* What a name stands for is looked at when it is connected to (`Connections`).
*
* @param inside whether the server that redirects is inside itself
* @throws DebproofError FETCH
*/
function redirectTarget(from, location, inside) {
	const refuse = (why) => new DebproofError("FETCH", `${from.href} redirects to ${JSON.stringify(location ?? "")}: ${why}.`);
	if (typeof location !== "string" || !/^[\x21-\x7e]+$/.test(location)) throw refuse("that is not a URL");
	const target = URL.canParse(location, from) ? new URL(location, from) : void 0;
	if (target === void 0) throw refuse("that is not a URL");
	if (target.protocol !== "http:" && target.protocol !== "https:") throw refuse("only http and https are followed");
	if (from.protocol === "https:" && target.protocol === "http:") throw refuse("https must not fall back to http");
	if (!inside && (hostKind(target) ?? "public") !== "public") throw refuse("a public server must not lead to an address inside");
	return target;
}
// src/net/retry-after.ts
/**
* Seconds that a server asks to wait (RFC 9110, 10.2.3): a number of seconds, or a date, counted from the server's own
* `Date:` where it has one, for its clock may be off. Undefined for anything else, and for a date that is past.
*/
function parseRetryAfter(value, serverDate, now) {
	if (typeof value !== "string") return void 0;
	if (/^\d{1,10}$/.test(value)) return Number(value);
	const until = parseHttpDate(value);
	if (until === void 0) return void 0;
	const from = (typeof serverDate === "string" ? parseHttpDate(serverDate) : void 0) ?? now;
	return until > from ? Math.ceil((until - from) / 1e3) : void 0;
}
/** RFC 9110, 5.6.7, the one form that is sent today: `Sun, 06 Nov 1994 08:49:37 GMT`. */
function parseHttpDate(text) {
	if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return void 0;
	const time = Date.parse(text);
	return Number.isNaN(time) ? void 0 : time;
}
// src/net/http-transport.ts
/** A server's answer that may be another one soon. */
var ServerBusyError = class extends DebproofError {
	/** Seconds that the server asks to wait (RFC 9110, 10.2.3), where it says so. */
	retryAfter;
	/** The HTTP status; undefined where there was no answer, or not all of it. */
	status;
	constructor(message, retryAfter, status) {
		super("FETCH", message);
		this.retryAfter = retryAfter;
		this.status = status;
	}
};
/** A server's answer that it will not give this: no trouble of the network's, and no other one soon (HTTP 4xx). */
var RequestRefusedError = class extends DebproofError {
	/** The HTTP status. */
	status;
	constructor(message, status) {
		super("FETCH", message);
		this.status = status;
	}
};
/**
* Downloads over http and https, by undici. Redirects are followed by hand (`redirectTarget`), a few at most, and from
* public servers to public ones alone. What comes is not trusted for having come over https, nor distrusted for http.
*/
var HttpTransport = class {
	#options;
	#connections;
	#client;
	constructor(options) {
		this.#options = options;
		this.#connections = new Connections(options);
	}
	async open(url, signal, turn) {
		let current = url;
		let led = "by the policy";
		for (let redirects = 0; redirects <= 5; redirects++) {
			const { statusCode, headers, body } = await this.#request(current, led, signal, turn);
			if (statusCode === 200) {
				const encoding = headers["content-encoding"];
				if (encoding !== void 0 && encoding !== "identity") {
					abandon(body);
					throw new DebproofError("FETCH", `${current.href} came with Content-Encoding ${String(encoding)}, unasked.`);
				}
				this.#tellTime(url, headers);
				return {
					url: current,
					chunks: explained$1(body, current)
				};
			}
			abandon(body);
			if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
				const inside = led === "by the policy" && this.#connections.isInside(current);
				if (!inside) led = "by a public server";
				current = redirectTarget(current, headers["location"], inside);
			} else if (statusCode === 404) throw new DebproofError("NOT_FOUND", `${current.href} does not exist (HTTP 404).`);
			else if (statusCode === 429 || statusCode >= 500) throw new ServerBusyError(`${current.href} is not served at the moment (HTTP ${statusCode}).`, parseRetryAfter(headers["retry-after"], headers["date"], Date.now()), statusCode);
			else throw new RequestRefusedError(`${current.href} was refused (HTTP ${statusCode}).`, statusCode);
		}
		throw new DebproofError("FETCH", `${url.href} redirects more than 5 times.`);
	}
	#tellTime(url, { date, age }) {
		const said = Date.parse(String(date));
		const kept = /^\d{1,9}$/.test(String(age)) ? Number(age) * 1e3 : 0;
		if (!Number.isNaN(said)) this.#options.onTime?.(url, new Date(said + kept));
	}
	async close() {
		const client = await this.#client;
		await Promise.all(Object.values(client?.dispatchers ?? {}).map((dispatcher) => dispatcher.destroy()));
	}
	async #request(url, led, signal, turn) {
		if (hostKind(url) === "metadata") throw new DebproofError("FETCH", `${url.href} is not asked: that is where a cloud keeps its machine's keys.`);
		this.#client ??= connect(this.#options, this.#connections);
		const { undici, dispatchers } = await this.#client;
		await turn?.();
		try {
			return await undici.request(url, {
				dispatcher: dispatchers[led],
				signal,
				headers: {
					"user-agent": this.#options.userAgent,
					"accept-encoding": "identity"
				}
			});
		} catch (error) {
			if (error instanceof DebproofError) throw error;
			throw new ServerBusyError(`${url.href} could not be fetched: ${describeError(error)}.`);
		}
	}
};
/** Loaded with the first request: a run on local files needs none of it. */
async function connect(options, connections) {
	const undici = await import("./undici2.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const idle = options.idleTimeout ?? 3e4;
	const dispatcher = (allowed) => new undici.EnvHttpProxyAgent({
		connections: 4,
		connect: connections.connector(undici.buildConnector, allowed),
		headersTimeout: idle,
		bodyTimeout: idle
	});
	return {
		undici,
		dispatchers: {
			"by the policy": dispatcher(["public", "inside"]),
			"by a public server": dispatcher(["public"])
		}
	};
}
async function* explained$1(body, url) {
	try {
		yield* body;
	} catch (error) {
		throw new ServerBusyError(`${url.href} broke off: ${describeError(error)}.`);
	}
}
/** Ends a body that nobody wants; an error in it is nobody's concern either. */
function abandon(body) {
	body.on("error", () => {});
	body.destroy();
}
// src/net/slots.ts
/** Lets so many tasks of one key run at once; the others wait in line. */
var Slots = class {
	#size;
	#lines = /* @__PURE__ */ new Map();
	constructor(size) {
		this.#size = size;
	}
	async run(key, task) {
		const line = this.#lines.get(key) ?? {
			running: 0,
			waiting: []
		};
		this.#lines.set(key, line);
		if (line.running < this.#size) line.running += 1;
		else await new Promise((resolve) => line.waiting.push(resolve));
		try {
			return await task();
		} finally {
			const next = line.waiting.shift();
			if (next === void 0) line.running -= 1;
			else next();
		}
	}
};
// src/net/file-transport.ts
const CHUNK = 1048576;
/** Reads `file:` URLs. */
var FileTransport = class {
	#places;
	constructor(places) {
		this.#places = places;
	}
	async open(url, signal) {
		try {
			const file = fileURLToPath(url);
			const handle = await this.#places.open(file, openIfFile);
			if (handle === void 0) throw new DebproofError("NOT_FOUND", `${url.href} is not a file.`);
			return {
				url,
				chunks: explained(handle.createReadStream({
					highWaterMark: CHUNK,
					signal
				}), url)
			};
		} catch (error) {
			throw explain(error, url);
		}
	}
	async close() {}
};
/** Undefined for what is no file, which is looked at before it is opened: to open a device may do something. */
async function openIfFile(file) {
	if (!(await stat(file)).isFile()) return void 0;
	await refuseKernelFile(file);
	return await openFile(file);
}
async function* explained(chunks, url) {
	try {
		yield* chunks;
	} catch (error) {
		throw explain(error, url);
	}
}
function explain(error, url) {
	if (error instanceof DebproofError) return error;
	if (error instanceof ElsewhereError) return new DebproofError("FETCH", `${url.href} could not be read: ${error.message}.`);
	const code = systemErrorCode(error);
	if (code === "ENOENT" || code === "ENOTDIR") return new DebproofError("NOT_FOUND", `${url.href} does not exist.`);
	return new DebproofError("FETCH", `${url.href} could not be read`, { cause: error });
}
// src/net/pace.ts
/** For a mirror: it answers, or another one is used. */
const MIRROR_RETRIES = {
	tries: 3,
	delay: 500,
	longest: 4e3,
	maxRetryAfter: 30
};
/** For a service of which there is one, and which turns away who asks too often. */
const SERVICE_RETRIES = {
	tries: 7,
	delay: PACED_RETRY_DELAY,
	longest: MAX_PACED_DELAY,
	maxRetryAfter: 900
};
/**
* Milliseconds to wait before the next try; undefined to give up.
*
* @param attempt the one that failed, from 1 on
* @param asked seconds that the server asked to wait (RFC 9110, 10.2.3)
*/
function delayBefore(attempt, asked, rules) {
	if (attempt >= rules.tries) return void 0;
	const delay = Math.min(rules.delay * 2 ** (attempt - 1), rules.longest);
	if (asked === void 0) return delay;
	return asked > rules.maxRetryAfter ? void 0 : Math.max(asked * 1e3, delay);
}
/** Asks one service gently: one request at a time, and some time between their starts. */
var Pace = class {
	#interval;
	#slots = new Slots(1);
	#next = 0;
	/** @param interval milliseconds between the starts of two requests */
	constructor(interval = REQUEST_INTERVAL) {
		this.#interval = interval;
	}
	get interval() {
		return this.#interval;
	}
	/** Runs a download when those before it are over, with all their waiting. */
	async run(task) {
		return await this.#slots.run("", task);
	}
	/** Waits until the next request may start; redirects are requests too. */
	turn = async () => {
		const now = performance.now();
		const start = Math.max(now, this.#next);
		this.#next = start + this.#interval;
		if (start > now) await setTimeout(start - now);
	};
};
// src/net/patience.ts
const USUAL = {
	failures: 8,
	total: PATIENCE,
	perDownload: PATIENCE_PER_DOWNLOAD
};
/** How long one place is asked that fails, or that is slow on purpose. */
var Patience = class {
	#place;
	#limits;
	#failures = 0;
	#isAway = false;
	#downloads = 0;
	/** Milliseconds. */
	#spent = 0;
	constructor(place, limits = USUAL) {
		this.#place = place;
		this.#limits = limits;
	}
	/** @throws DebproofError FETCH once it is lost */
	check(url) {
		const gaveUp = (why) => new DebproofError("FETCH", `${url.href} was not asked: at ${this.#place.href} ${why}.`);
		const { failures, total, perDownload } = this.#limits;
		if (this.#isAway) throw gaveUp("there was no answer before");
		if (this.#failures >= failures) throw gaveUp(`${this.#failures} downloads in a row failed`);
		if (this.#spent > total + this.#downloads * perDownload) throw gaveUp(`${this.#downloads} downloads took ${Math.round(this.#spent / 6e4)} minutes`);
	}
	/**
	* @param milliseconds that one download took, with all its tries
	* @param answered whether the server answered, if only that it has none
	* @param isAway whether this failure alone is enough not to ask again
	*/
	count(milliseconds, answered, isAway = false) {
		this.#downloads += 1;
		this.#spent += milliseconds;
		this.#failures = answered ? 0 : this.#failures + 1;
		this.#isAway = isAway;
	}
};
// src/net/downloads.ts
/**
* The one way in which bytes come into the program: with a size limit, a time limit, a few tries, and so many at
* once from one server. Bytes are transport; whoever reads them checks them against a signed hash.
*/
var Downloads = class Downloads {
	#options;
	#transports;
	#slots;
	/** By origin: a service has one pace and tries one patience, whoever asks it. */
	#services;
	#manner;
	constructor(options, shared, manner = { retries: MIRROR_RETRIES }) {
		this.#options = options;
		this.#manner = manner;
		if (shared !== void 0) {
			this.#slots = shared.#slots;
			this.#transports = shared.#transports;
			this.#services = shared.#services;
			return;
		}
		this.#services = /* @__PURE__ */ new Map();
		this.#slots = new Slots(4);
		const http = new HttpTransport(options);
		this.#transports = /* @__PURE__ */ new Map([
			["http:", http],
			["https:", http],
			["file:", new FileTransport(options.places ?? ANYWHERE)]
		]);
	}
	/**
	* The same downloads for one place that is asked again and again, such as a rebuilder: no longer once it has failed
	* too often in a row, or has taken far too long in all. Another place on the same server is not concerned: whoever
	* runs one must not silence the other.
	*/
	forPlace(place) {
		return new Downloads(this.#options, this, {
			retries: MIRROR_RETRIES,
			patience: new Patience(place)
		});
	}
	/**
	* The same downloads for a service of which there is one, such as a snapshot service: one request at a time, some
	* time between them, and many tries with growing waits, for it turns away who asks too often.
	*
	* @param onWait told before each wait between two tries
	*/
	paced(service, onWait) {
		let known = this.#services.get(service.origin);
		if (known === void 0) {
			const patience = new Patience(service, {
				failures: 3,
				total: SERVICE_PATIENCE,
				perDownload: SERVICE_PATIENCE_PER_DOWNLOAD
			});
			known = {
				pace: new Pace(this.#options.requestInterval),
				patience
			};
			this.#services.set(service.origin, known);
		}
		return new Downloads(this.#options, this, {
			retries: SERVICE_RETRIES,
			...known,
			onWait
		});
	}
	/** Milliseconds that a request to a service takes at least which is asked gently. */
	get interval() {
		return this.#manner.pace?.interval ?? 0;
	}
	/** Drops what an immutable URL once gave, for the next run: it proved to be wrong or incomplete. */
	async forget(url) {
		await this.#options.cache?.forget(url);
	}
	/**
	* Fetches `url` and hands its bytes to `read`, which is called again from the start when the download breaks off.
	* Ends with an error after `limit` bytes, or the `timeout` of one try.
	*
	* @throws DebproofError NOT_FOUND, FETCH, TOO_LARGE, OFFLINE, and whatever `read` throws
	*/
	async stream(url, limit, read, options = {}) {
		const { tape } = this.#options;
		if (tape === void 0) return await this.#fetch(url, limit, read, options);
		return await tape.stream({
			url,
			limit,
			look: options.look ?? 1
		}, read, (tapped) => this.#fetch(url, limit, tapped, options));
	}
	/**
	* Hashes a file that is too large to be kept.
	* @throws DebproofError as `stream`
	*/
	async digest(url, limit, look = 1) {
		const fetch = (read) => this.#fetch(url, limit, read, {});
		const { tape } = this.#options;
		return tape === void 0 ? await fetch(digestOf) : await tape.digest({
			url,
			limit,
			look
		}, fetch);
	}
	/**
	* What `list` says that a folder holds.
	* @param folder a `file:` URL, and behind a `#` what is looked for there
	* @throws whatever `list` throws
	*/
	async names(folder, list) {
		const { tape } = this.#options;
		const listed = async () => {
			await this.#checkPlace(folder);
			return await list();
		};
		return tape === void 0 ? await listed() : await tape.names(folder, listed);
	}
	async #checkPlace(folder) {
		const place = new URL(folder);
		place.hash = "";
		try {
			await this.#options.places?.check(place);
		} catch (error) {
			throw new DebproofError("FETCH", `${place.href} could not be read: ${describeError(error)}.`);
		}
	}
	async #fetch(url, limit, read, options) {
		const { cache } = this.#options;
		if (cache === void 0 || url.protocol === "file:") return await this.#download(url, limit, read, options);
		const { keptForOffline = false } = options;
		if (keptForOffline && this.#options.offline !== true) await cache.forget(url);
		const request = {
			url,
			limit,
			...options,
			immutable: options.immutable === true || keptForOffline
		};
		return await cache.stream(request, read, (kept) => this.#download(url, limit, kept, options));
	}
	async #download(url, limit, read, { timeout = DOWNLOAD_TIMEOUT }) {
		const transport = this.#transports.get(url.protocol);
		if (transport === void 0) throw new DebproofError("FETCH", `${url.href}: only http, https and file URLs can be read.`);
		if (this.#options.offline === true && url.protocol !== "file:") throw new DebproofError("OFFLINE", `${url.href} was not fetched: --offline forbids the network.`);
		const { patience, pace } = this.#manner;
		const download = async () => {
			patience?.check(url);
			const started = performance.now();
			const isHere = (error) => !(error instanceof ServerBusyError || error instanceof TimeoutError);
			try {
				const result = await this.#tries(transport, url, limit, read, this.#options.downloadTimeout ?? timeout);
				patience?.count(performance.now() - started, true);
				return result;
			} catch (error) {
				const isAway = pace !== void 0 && error instanceof ServerBusyError && error.status === void 0;
				patience?.count(performance.now() - started, isHere(error), isAway);
				throw error;
			}
		};
		return await (pace === void 0 ? this.#slots.run(url.host, download) : pace.run(download));
	}
	async #tries(transport, url, limit, read, timeout) {
		const { retries, onWait } = this.#manner;
		const rules = {
			...retries,
			delay: this.#options.retryDelay ?? retries.delay
		};
		for (let attempt = 1;; attempt++) try {
			return await this.#once(transport, url, limit, read, timeout);
		} catch (error) {
			if (!(error instanceof ServerBusyError)) throw error;
			const milliseconds = delayBefore(attempt, error.retryAfter, rules);
			if (milliseconds === void 0) throw error;
			onWait?.({
				milliseconds,
				why: error.status === void 0 ? "connection lost" : `HTTP ${error.status}`
			});
			await setTimeout(milliseconds);
		}
	}
	/** Fetches a small file whole. */
	async bytes(url, limit, options) {
		const join = async (chunks) => {
			const parts = [];
			for await (const chunk of chunks) parts.push(chunk);
			return Buffer.concat(parts);
		};
		return await this.stream(url, limit, join, options);
	}
	async close() {
		await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
	}
	async #once(transport, url, limit, read, timeout) {
		const signal = AbortSignal.timeout(timeout);
		this.#options.onDownload?.(url);
		try {
			const answer = await transport.open(url, signal, this.#manner.pace?.turn);
			return await read(limited(answer.chunks, limit, url));
		} catch (error) {
			if (signal.aborted && isDebproofError(error, "FETCH")) throw new TimeoutError(`${url.href} took longer than ${timeout / 1e3} s.`, error);
			throw error;
		}
	}
};
/** A download that took longer than it may in all. */
var TimeoutError = class extends DebproofError {
	constructor(message, cause) {
		super("FETCH", message, { cause });
	}
};
// src/packages/unread-formats.ts
const TAKE_STATUS = "pass the image's /var/lib/dpkg/status instead";
const UNREAD_FORMATS = [
	{
		detect: (start) => /^[a-z0-9][a-z0-9+._:-]*\t+(?:install|hold|deinstall|purge)$/m.test(start),
		hint: "the output of \"dpkg --get-selections\" has no versions: use \"dpkg-query -W\""
	},
	{
		detect: (start) => /^(?:Desired=Unknown\/|\|\|\/ Name |[a-z]i {2}\S)/m.test(start),
		hint: "the output of \"dpkg -l\" is cut off at the width of the terminal: use \"dpkg-query -W\""
	},
	{
		detect: (start, fileName) => /\.(?:contents|files)$/.test(fileName) || /^(?:total \d+|[d-][rwxsStT-]{9} )/m.test(start),
		hint: "this is a list of files, not of packages: pass live-build's .packages instead"
	},
	{
		detect: (_, fileName) => /(?:^|\/)versions-mirror[^/]*$/.test(fileName),
		hint: "SONiC's versions-mirror holds time stamps of mirrors: pass its versions-deb-* instead"
	},
	{
		detect: (start) => /^\s*[{[]/.test(start),
		hint: `JSON (mkosi manifests, SBOMs) is not read: ${TAKE_STATUS}`
	},
	{
		detect: (start) => /pkg:deb\//.test(start),
		hint: `package URLs are not read: ${TAKE_STATUS}`
	},
	{
		detect: (start) => /^[^|\n]+\|[^|\n]+\|[^|\n]+\|[^|\n]+$/m.test(start),
		hint: `ISAR's .manifest is not read: pass its .dpkg_status instead`
	},
	{
		detect: (start) => /^Installed-Build-Depends:/m.test(start),
		hint: "a .buildinfo says what one package was built with, not what an image is made of"
	},
	{
		detect: (start) => /^(?:Start-Date: |Log started: |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )/m.test(start),
		hint: `logs of apt and dpkg are not read: ${TAKE_STATUS}`
	},
	{
		detect: (start) => /^[a-z0-9][a-z0-9+._-]*$/.test(firstEntryLine(start) ?? ""),
		hint: "a list of names without versions says what was wished for, not what was used: use \"dpkg-query -W\""
	}
];
/** What to do instead of passing this file, where that is known. */
function hintForUnread(start, fileName) {
	return UNREAD_FORMATS.find((format) => format.detect(start, fileName))?.hint;
}
// src/packages/read-list.ts
/** Characters that a format is detected by. */
const START = 65536;
/**
* Reads a package list.
*
* @param path of a file, a pipe, or a directory with .debs
* @param format one of FORMAT_NAMES, or `auto` to detect it
* @param places where it may lie
* @throws DebproofError PACKAGE_LIST that names the file, where possible the line, and says what to do
*/
async function readPackageList(path, format, places = ANYWHERE) {
	if (format !== "auto" && !FORMAT_NAMES.includes(format)) throw unknownFormat(path, format);
	const list = {
		name: basename(path),
		path
	};
	try {
		const bytes = await readBytes(path, places);
		if (bytes === "directory") {
			if (format !== "auto" && format !== "deb-directory") throw listError(path, void 0, `this is a directory, which only the format ${DEB_DIRECTORY} reads`);
			return {
				...list,
				format: DEB_DIRECTORY,
				...await readDebDirectory(path, places)
			};
		}
		if (format === "deb-directory") throw listError(path, void 0, "this is a file, not a directory of .debs");
		return parsePackageList(bytes, path, format);
	} catch (error) {
		if (isDebproofError(error)) throw error;
		if (systemErrorCode(error) === "ENOENT") throw listError(path, void 0, "there is no such package list", error);
		throw listError(path, void 0, "this package list cannot be read", error);
	}
}
/**
* Reads a package list that is at hand, such as one that was downloaded.
*
* @param path what to call it: its last part is the list's name
* @throws DebproofError PACKAGE_LIST
*/
function parsePackageList(bytes, path, format) {
	if (format !== "auto" && !FORMAT_NAMES.includes(format)) throw unknownFormat(path, format);
	const text = plainText(bytes, path);
	const reader = findFormat(text, path, format);
	const content = readAs(reader, text, path);
	if (content.packages.length === 0) throw listError(path, void 0, `there is no package in this ${reader.name} list`);
	return {
		name: basename(path),
		path,
		format: reader.name,
		sha256: sha256(bytes),
		content,
		bytes
	};
}
/**
* A file that somebody says is a list may be any file that this job can read: of one that does not look like the list
* no line is quoted.
*/
function readAs(reader, text, path) {
	try {
		return reader.read(text, path);
	} catch (error) {
		if (!(error instanceof ListError) || reader.detect(text.slice(0, START), path)) throw error;
		if (error.line === void 0 && !error.message.includes("\"")) throw error;
		const problem = `this is not what a ${reader.name} list has here, and the file, of ${text.length} bytes, does not look like one`;
		throw listError(path, error.line, `${problem}: see which format it has`);
	}
}
/**
* Reads a list again from what was kept of it. Of a directory the hashes are known by its lines; what each .deb calls
* itself is taken as it was kept.
*
* @throws DebproofError PACKAGE_LIST
*/
function readKeptList({ path, format, bytes, debs }) {
	if (format !== "deb-directory") return parsePackageList(Buffer.from(bytes), path, format);
	const content = contentOfDebs(path, bytes, debs ?? []);
	return {
		name: basename(path),
		path,
		format,
		sha256: sha256(bytes),
		content,
		bytes,
		debs: debs ?? []
	};
}
async function readBytes(path, places) {
	const file = await places.open(path, async (place) => await openInput(place));
	try {
		return (await file.stat()).isDirectory() ? "directory" : await readLimited(file, path);
	} finally {
		await file.close();
	}
}
async function readLimited(file, path) {
	const chunks = [];
	for (let size = 0;;) {
		const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(1048576), 0, 1048576, null);
		if (bytesRead === 0) return Buffer.concat(chunks, size);
		chunks.push(buffer.subarray(0, bytesRead));
		size += bytesRead;
		if (size > 67108864) throw listError(path, void 0, `a package list may have ${MAX_LIST} bytes`);
	}
}
function sha256(bytes) {
	const hash = parseSha256(createHash("sha256").update(bytes).digest("hex"));
	if (hash === void 0) throw new Error("node:crypto gave no SHA-256");
	return hash;
}
/** What is often passed by mistake, by its first bytes. */
const BINARY_STARTS = [
	["", "this is compressed: pass it decompressed (gunzip)"],
	["ý7zXZ\0", "this is compressed: pass it decompressed (unxz)"],
	["(µ/ý", "this is compressed: pass it decompressed (unzstd)"],
	["BZh", "this is compressed: pass it decompressed (bunzip2)"],
	["!<arch>\n", "this is a .deb: pass the directory that it is in"],
	["ï»¿", "this starts with a byte order mark, which no package list has: remove it"]
];
/**
* One character per byte: all that is taken from a list is ASCII, and descriptions, which are not, may be in any
* encoding.
*/
function plainText(bytes, path) {
	if (bytes.length === 0) throw listError(path, void 0, "this package list is empty");
	const text = bytes.toString("latin1");
	const advice = BINARY_STARTS.find(([start]) => text.startsWith(start))?.[1];
	if (advice !== void 0) throw listError(path, void 0, advice);
	const control = text.search(CONTROL_CHARACTER);
	if (control === -1) return text;
	if (text.charAt(control) === "\0") throw listError(path, void 0, "this is a binary file, not a package list");
	let line = 1;
	for (let at = text.indexOf("\n"); at !== -1 && at < control; at = text.indexOf("\n", at + 1)) line += 1;
	const problem = text.charAt(control) === "\r" ? "has Windows line ends" : `has the control character ${quote(text.charAt(control))}`;
	throw listError(path, line, problem);
}
/** All but the tab and the line feed. */
const CONTROL_CHARACTER = /[\0-\x08\x0b-\x1f\x7f]/;
function findFormat(text, path, format) {
	const start = text.slice(0, START);
	const found = LIST_FORMATS.find((one) => format === "auto" ? one.detect(start, path) : one.name === format);
	if (found !== void 0) return found;
	if (firstEntryLine(text) === void 0) throw listError(path, void 0, "there is no package in this list, only comments and blank lines");
	const advice = hintForUnread(start, path) ?? `its format is not recognised: name it, as ${quote(`${path}:FORMAT`)} or with "format:" in the policy, where FORMAT is one of ${FORMAT_NAMES.join(", ")}`;
	throw listError(path, void 0, advice);
}
function unknownFormat(path, format) {
	const asked = format.toLowerCase();
	const close = FORMAT_NAMES.find((name) => name.split("-").some((part) => asked.includes(part)));
	const guess = close === void 0 ? "" : `, did you mean ${close}?`;
	const problem = `${quote(format)} is not a format of package lists${guess}: there are auto, ${FORMAT_NAMES.join(", ")}`;
	return listError(path, void 0, problem);
}
export { Slots as a, Downloads as i, readKeptList as n, RequestRefusedError as o, readPackageList as r, parsePackageList as t };
