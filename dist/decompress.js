import { a as __toESM } from "./rolldown-runtime.js";
import { Ht as MAX_ZSTD_FRAMES, S as MAX_BURST, t as DebproofError } from "./errors.js";
import zlib from "node:zlib";
// src/archive/growth.ts
/** Compressed data that grows as neither an index nor the control data of a package does. */
var GrowthError = class extends Error {
	constructor() {
		super("it grows beyond all measure");
	}
};
/** Sees to it that what was compressed does not grow beyond all measure. */
var Growth = class {
	#compressed = 0;
	#plain = 0;
	/** Counts what goes in. */
	async *compressed(chunks) {
		for await (const chunk of chunks) {
			this.#compressed += chunk.length;
			yield chunk;
		}
	}
	/** @throws GrowthError */
	async *plain(chunks) {
		for await (const chunk of chunks) {
			this.#plain += chunk.length;
			if (this.#plain > 33554432 && this.#plain > this.#compressed * 100) throw new GrowthError();
			yield chunk;
		}
	}
};
// src/archive/bzip2.ts
/** What a decoder may look at before it knows a block's size, and beyond what the block may have as it is. */
const SLACK = 25e3;
/** Bytes of a block to begin with; most have no more. */
const USUAL_BLOCK = 1048576;
/**
* Decodes bzip2, block by block: the package's own stream gathers the bytes of a block in an array of numbers, eight
* bytes each, and forty bytes may be a block of 45 million.
*
* @throws Error for what is damaged or cut short
*/
async function* bzip2(input) {
	const { default: decoder } = await import("./bzip2.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const { default: bitIterator } = await import("./bit_iterator.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const waiting = [];
	let received = 0;
	let bits;
	/** In 100 000 bytes; 0 between two streams. */
	let blockSize = 0;
	let memory = /* @__PURE__ */ new Int32Array(0);
	let checksum = 0;
	const block = (reader) => {
		if (blockSize === 0) {
			blockSize = decoder.header(reader);
			checksum = 0;
			if (memory.length !== blockSize * 1e5) memory = new Int32Array(blockSize * 1e5);
			return;
		}
		const output = new Block();
		const sum = decoder.decompress(reader, (byte) => output.push(byte), memory, memory.length, checksum);
		if (sum === null) blockSize = 0;
		else checksum = sum;
		return sum === null ? void 0 : output.bytes();
	};
	for await (const chunk of input) {
		if (chunk.length === 0) continue;
		waiting.push(chunk);
		received += chunk.length;
		bits ??= bitIterator(() => waiting.shift());
		while (received - bits.bytesRead >= SLACK + 1e5 * blockSize) {
			const output = block(bits);
			if (output !== void 0) yield output;
		}
	}
	if (bits === void 0) throw new Error("there is no data");
	while (received > bits.bytesRead) {
		const output = block(bits);
		if (output !== void 0) yield output;
	}
	if (blockSize !== 0) throw new Error("the stream ends too early");
}
/** The bytes of one block, as many as may come at once. */
var Block = class {
	#bytes = Buffer.alloc(0);
	#size = 0;
	push(byte) {
		if (this.#size === this.#bytes.length) this.#grow();
		this.#bytes[this.#size++] = byte;
	}
	bytes() {
		return this.#bytes.subarray(0, this.#size);
	}
	#grow() {
		if (this.#size >= 33554432) throw new GrowthError();
		const larger = Buffer.allocUnsafe(Math.min(Math.max(this.#size * 2, USUAL_BLOCK), MAX_BURST));
		this.#bytes.copy(larger);
		this.#bytes = larger;
	}
};
// src/archive/even-pieces.ts
/** Large enough that a decoder is called seldom, small enough that what comes of one piece fits into memory. */
const PIECE = 65536;
/**
* Cuts a stream into pieces of one size, of which only the last may be shorter. How far a decoder comes before it
* stumbles depends on where its input is cut: a run reads from a network, and whoever checks its report from a disk.
*/
async function* evenPieces(input) {
	let pending = [];
	let size = 0;
	for await (const chunk of input) {
		let at = 0;
		if (size > 0) {
			at = Math.min(PIECE - size, chunk.length);
			pending.push(chunk.subarray(0, at));
			size += at;
			if (size < PIECE) continue;
			yield Buffer.concat(pending, PIECE);
		}
		for (; chunk.length - at >= PIECE; at += PIECE) yield chunk.subarray(at, at + PIECE);
		pending = at < chunk.length ? [chunk.subarray(at)] : [];
		size = chunk.length - at;
	}
	if (size > 0) yield Buffer.concat(pending, size);
}
// src/archive/node-decoder.ts
/**
* How a decoder of Node's is made for `decodeWith`: it waits until each of its chunks was taken. Node's default of 16 kB
* for a chunk makes decoding an index almost twice as slow.
*/
const DECODER_OPTIONS = {
	chunkSize: 262144,
	readableHighWaterMark: 1
};
/**
* Yields what one of Node's decoders makes of the input. All that came out before a failure comes first: Node's own
* pipeline throws away what was not read yet, so that the outcome would depend on who is faster. The decoder is given
* a piece only when nothing of the last one is left in it, and works on it while the caller looks at what came out.
*
* @param decoder made with DECODER_OPTIONS
* @throws as the input and the decoder do, and Error where the decoder takes the end to be before that of the input
*/
async function* decodeWith(decoder, input) {
	const pieces = input[Symbol.asyncIterator]();
	const news = new News();
	let isHungry = true;
	let isAtEnd = false;
	let given = 0;
	let failure;
	const fail = (error) => {
		failure ??= { error };
		news.arrive();
	};
	const feed = async () => {
		isHungry = false;
		try {
			const { done, value } = await pieces.next();
			if (done === true) {
				isAtEnd = true;
				decoder.end();
				return;
			}
			given += value.length;
			decoder.write(value, (error) => {
				if (error !== null && error !== void 0) return fail(error);
				isHungry = true;
				news.arrive();
			});
		} catch (error) {
			fail(error);
		}
	};
	for (const event of ["readable", "end"]) decoder.on(event, () => news.arrive());
	decoder.on("error", fail);
	try {
		while (!decoder.readableEnded) {
			const chunk = decoder.read();
			if (failure === void 0 && isHungry && decoder.readableLength === 0) await feed();
			if (chunk !== null) yield chunk;
			else if (failure !== void 0) throw failure.error;
			else await news.come();
		}
		if (decoder.bytesWritten !== given || !isAtEnd) throw new Error("there is more after the end of the stream");
	} finally {
		decoder.destroy();
		pieces.return?.().catch(() => {});
	}
}
/** That something happened, also where it did before anybody waited for it. */
var News = class {
	#isThere = false;
	#tell = () => {};
	arrive() {
		this.#isThere = true;
		this.#tell();
	}
	async come() {
		if (!this.#isThere) await new Promise((resolve) => this.#tell = resolve);
		this.#isThere = false;
	}
};
// src/archive/zstd-decoder.ts
/**
* Decodes one frame in JavaScript, for a Node without zstd (20). The decoder passes over what the frame says of the size
* and the checksum of its content; libzstd does not, and a frame is judged alike on every Node.
*
* @throws Error for what is damaged or cut short; GrowthError
*/
async function* decodeFrame(frame) {
	const [{ Decompress }, { default: xxhash }] = await Promise.all([import("./esm.js"), import("./xxhash-wasm.js")]);
	const digest = (await xxhash()).create64();
	let output = [];
	let ended = false;
	let burst = 0;
	let size = 0;
	const decoder = new Decompress((chunk, final) => {
		burst += chunk.length;
		size += chunk.length;
		if (burst > 33554432) throw new GrowthError();
		output.push(chunk);
		digest.update(chunk);
		ended ||= final === true;
	});
	for await (const piece of frame.pieces) {
		decoder.push(piece);
		yield* output;
		output = [];
		burst = 0;
	}
	decoder.push(/* @__PURE__ */ new Uint8Array(), true);
	yield* output;
	if (!ended) throw new Error("the stream ends too early");
	if (frame.contentSize !== void 0 && frame.contentSize !== size) throw new Error(`the content has ${size} bytes instead of ${frame.contentSize}`);
	if (frame.checksum !== void 0 && frame.checksum !== Number(digest.digest() & 4294967295n)) throw new Error("the content has another checksum than stated");
}
// src/archive/zstd-frames.ts
const MAGIC = 4247762216;
/** Of frames that hold nothing of the content, but for their last four bits (RFC 8878, 3.1.2). */
const SKIPPABLE = 407710288;
/**
* Splits Zstandard data into its frames (RFC 8878, 3.1): the content of the data is that of one frame after the other,
* as apt and zstd(1) read it. Decoders take the end of a frame for the end of the file, or not, by how the bytes happen
* to arrive; so each frame is given to a decoder of its own. apt-ftparchive(1) ends its files with an empty second one.
*
* Each frame must be read to its end before the next one is asked for.
*/
var ZstdFrames = class {
	#chunks;
	#rest = /* @__PURE__ */ new Uint8Array();
	#seen = 0;
	constructor(chunks) {
		this.#chunks = chunks[Symbol.asyncIterator]();
	}
	/**
	* The next frame with content; undefined at the end of the data.
	* @throws Error for what is no frame, and for more frames than anybody writes
	*/
	async next() {
		while (await this.#has(1)) {
			if (++this.#seen > 1e3) throw new Error(`there are more than ${MAX_ZSTD_FRAMES} frames`);
			if (!await this.#has(4)) throw new Error("the stream ends too early");
			const magic = littleEndian(this.#rest.subarray(0, 4));
			if (magic === MAGIC) return this.#frame();
			if ((magic & -16) !== SKIPPABLE) throw new Error("there is something else than a frame");
			await this.#skip();
		}
	}
	/** Lets go of the data. Nobody waits for that: whoever gives it may be waiting for a network. */
	close() {
		this.#chunks.return?.().catch(() => {});
	}
	#frame() {
		const layout = new FrameLayout();
		return {
			pieces: this.#pieces(layout),
			get isAtEnd() {
				return layout.isReached;
			},
			get contentSize() {
				return layout.contentSize;
			},
			get checksum() {
				return layout.checksum;
			}
		};
	}
	async *#pieces(layout) {
		while (!layout.isReached) {
			if (!await this.#has(1)) throw new Error("the stream ends too early");
			const used = layout.push(this.#rest);
			const part = this.#rest.subarray(0, used);
			this.#rest = this.#rest.subarray(used);
			yield part;
		}
	}
	/** @throws Error for one that is cut short */
	async #skip() {
		if (!await this.#has(8)) throw new Error("the stream ends too early");
		let size = 8 + littleEndian(this.#rest.subarray(4, 8));
		while (size > 0) {
			if (!await this.#has(1)) throw new Error("the stream ends too early");
			const used = Math.min(size, this.#rest.length);
			this.#rest = this.#rest.subarray(used);
			size -= used;
		}
	}
	/** Whether as many bytes are left; then they are in `#rest`. */
	async #has(size) {
		while (this.#rest.length < size) {
			const { done, value } = await this.#chunks.next();
			if (done === true) return false;
			this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
		}
		return true;
	}
};
/** Follows a frame from block to block to its end; what is in them is the decoder's concern. */
var FrameLayout = class {
	#part = "magic";
	#descriptor = 0;
	#contentSize;
	#checksum;
	/** Bytes that are to be passed over before the part begins. */
	#skip = 0;
	/** What has come of the part. */
	#bytes = [];
	get isReached() {
		return this.#part === "end" && this.#skip === 0;
	}
	get contentSize() {
		return this.#contentSize;
	}
	get checksum() {
		return this.#checksum;
	}
	/** @returns how many of these bytes are of the frame */
	push(chunk) {
		let at = 0;
		while (at < chunk.length && !this.isReached) {
			if (this.#skip > 0) {
				const skipped = Math.min(this.#skip, chunk.length - at);
				this.#skip -= skipped;
				at += skipped;
				continue;
			}
			this.#bytes.push(chunk[at] ?? 0);
			at += 1;
			if (this.#part !== "end" && this.#bytes.length === this.#size(this.#part)) this.#complete(this.#bytes.splice(0));
		}
		return at;
	}
	#size(part) {
		return part === "header" ? headerSize(this.#descriptor) : SIZE[part];
	}
	#complete(bytes) {
		const value = littleEndian(bytes);
		switch (this.#part) {
			case "magic":
				this.#part = "descriptor";
				return;
			case "descriptor":
				this.#descriptor = value;
				this.#part = "header";
				return;
			case "header":
				this.#contentSize = this.#readHeader(bytes);
				this.#part = "block";
				return;
			case "block":
				this.#skip = (value >> 1 & 3) === 1 ? 1 : value >> 3;
				if ((value & 1) !== 0) this.#part = (this.#descriptor & 4) !== 0 ? "checksum" : "end";
				return;
			case "checksum":
				this.#checksum = value;
				this.#part = "end";
		}
	}
	/**
	* @returns the size of the content, where it is stated
	* @throws Error for what libzstd refuses, and decoders in other languages do not
	*/
	#readHeader(bytes) {
		const descriptor = this.#descriptor;
		const isSingleSegment = (descriptor & 32) !== 0;
		const windowed = isSingleSegment ? 0 : 1;
		const dictionary = DICTIONARY[descriptor & 3] ?? 0;
		const size = bytes.slice(windowed + dictionary);
		const contentSize = size.length === 0 ? void 0 : littleEndian(size) + (size.length === 2 ? 256 : 0);
		if ((isSingleSegment ? contentSize ?? 0 : windowSize(bytes[0] ?? 0)) > 134217728) throw new Error("the frame requires too much memory for decoding");
		if ((descriptor & 8) !== 0) throw new Error("a bit is set that is reserved");
		if (littleEndian(bytes.slice(windowed, windowed + dictionary)) !== 0) throw new Error("a dictionary is needed");
		return contentSize;
	}
};
/** Bytes of each part. */
const SIZE = {
	magic: 4,
	descriptor: 1,
	block: 3,
	checksum: 4
};
const DICTIONARY = [
	0,
	1,
	2,
	4
];
/** Bytes of the frame's header behind its descriptor: of the window, of the dictionary's ID, of the content's size. */
function headerSize(descriptor) {
	const isSingleSegment = (descriptor & 32) !== 0;
	const contentSize = [
		isSingleSegment ? 1 : 0,
		2,
		4,
		8
	][descriptor >> 6] ?? 0;
	return (isSingleSegment ? 0 : 1) + (DICTIONARY[descriptor & 3] ?? 0) + contentSize;
}
/** Bytes that a decoder must keep (RFC 8878, 3.1.1.1.2). */
function windowSize(descriptor) {
	const base = 2 ** (10 + (descriptor >> 3));
	return base + base / 8 * (descriptor & 7);
}
function littleEndian(bytes) {
	return [...bytes].reduceRight((value, byte) => value * 256 + byte, 0);
}
// src/archive/decompress.ts
/** Small chunks are joined up to this size. */
const CHUNK = 262144;
/**
* Decompresses a stream chunk by chunk, holding no more than a few chunks in memory. The caller limits how much
* it takes: a bomb costs only what is read of it. Errors of `input` pass through as they are.
*
* @throws DebproofError COMPRESSION for data that is damaged or cut short
*/
async function* decompress(compression, input) {
	if (compression === "plain") {
		yield* input;
		return;
	}
	const source = {};
	const growth = new Growth();
	const guarded = growth.compressed(evenPieces(remember(input, source)));
	try {
		yield* growth.plain(await decode(compression, guarded));
	} catch (error) {
		if (source.failure !== void 0) throw source.failure.error;
		const cause = error instanceof GrowthError ? {} : { cause: error };
		throw new DebproofError("COMPRESSION", `The ${compression} data ${problem(error)}.`, cause);
	}
}
function problem(error) {
	if (error instanceof GrowthError) return "grows beyond all measure";
	return error instanceof Error && /error code 4$|requires too much memory/.test(error.message) ? "needs more memory than may be spent on it" : "is damaged or cut short";
}
async function* remember(input, source) {
	try {
		yield* input;
	} catch (error) {
		source.failure = { error };
		throw error;
	}
}
async function decode(compression, input) {
	switch (compression) {
		case "gz": return decodeWith(zlib.createGunzip(DECODER_OPTIONS), input);
		case "xz": {
			const { default: xz } = await import("./xz-decompress.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
			return gather(new xz.XzReadableStream(webStream(input)));
		}
		case "zst": return zstandard(input);
		case "bz2": return bzip2(input);
	}
}
async function* zstandard(input) {
	const frames = new ZstdFrames(input);
	try {
		let frame = await frames.next();
		if (frame === void 0) throw new Error("there is no data");
		for (; frame !== void 0; frame = await frames.next()) {
			yield* typeof zlib.createZstdDecompress === "function" ? decodeWith(zlib.createZstdDecompress(DECODER_OPTIONS), frame.pieces) : decodeFrame(frame);
			if (!frame.isAtEnd) throw new Error("the frame has more than its blocks");
		}
	} finally {
		frames.close();
	}
}
function webStream(input) {
	const chunks = input[Symbol.asyncIterator]();
	return new ReadableStream({
		async pull(controller) {
			const next = await chunks.next();
			if (next.done === true) controller.close();
			else controller.enqueue(next.value);
		},
		async cancel() {
			await chunks.return?.(void 0);
		}
	});
}
/** Joins small chunks, so that whoever scans them is called seldom. */
async function* gather(input) {
	let pending = [];
	let size = 0;
	for await (const chunk of input) {
		pending.push(chunk);
		size += chunk.length;
		if (size >= CHUNK) {
			yield Buffer.concat(pending, size);
			pending = [];
			size = 0;
		}
	}
	if (size > 0) yield Buffer.concat(pending, size);
}
export { decompress as t };
