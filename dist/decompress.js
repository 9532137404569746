import { a as __toESM } from "./rolldown-runtime.js";
import { It as MAX_ZSTD_FRAMES, S as MAX_BURST, t as DebproofError } from "./errors.js";
import { Readable, pipeline } from "node:stream";
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
	async *#frame() {
		const end = new FrameEnd();
		while (!end.isReached) {
			if (!await this.#has(1)) throw new Error("the stream ends too early");
			const used = end.push(this.#rest);
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
var FrameEnd = class {
	#part = "magic";
	#hasChecksum = false;
	/** Bytes that are to be passed over before the part begins. */
	#skip = 0;
	/** What has come of the part. */
	#bytes = [];
	get isReached() {
		return this.#part === "end" && this.#skip === 0;
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
			if (this.#part !== "end" && this.#bytes.length === SIZE[this.#part]) this.#complete(littleEndian(Uint8Array.from(this.#bytes.splice(0))));
		}
		return at;
	}
	#complete(value) {
		switch (this.#part) {
			case "magic":
				this.#part = "descriptor";
				return;
			case "descriptor":
				this.#hasChecksum = (value & 4) !== 0;
				this.#skip = headerSize(value);
				this.#part = "block";
				return;
			case "block":
				this.#skip = (value >> 1 & 3) === 1 ? 1 : value >> 3;
				if ((value & 1) !== 0) this.#part = this.#hasChecksum ? "checksum" : "end";
				return;
			case "checksum": this.#part = "end";
		}
	}
};
/** Bytes of each part. */
const SIZE = {
	magic: 4,
	descriptor: 1,
	block: 3,
	checksum: 4
};
/** Bytes of the frame's header behind its descriptor: of the window, of the dictionary's ID, of the content's size. */
function headerSize(descriptor) {
	const isSingleSegment = (descriptor & 32) !== 0;
	const contentSize = [
		isSingleSegment ? 1 : 0,
		2,
		4,
		8
	][descriptor >> 6] ?? 0;
	const dictionary = [
		0,
		1,
		2,
		4
	][descriptor & 3] ?? 0;
	return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
function littleEndian(bytes) {
	return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
// src/archive/decompress.ts
/** Large chunks: Node's default of 16 kB makes decoding an index almost twice as slow. */
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
	const guarded = growth.compressed(remember(input, source));
	try {
		yield* growth.plain(await decode(compression, guarded));
	} catch (error) {
		if (source.failure !== void 0) throw source.failure.error;
		throw new DebproofError("COMPRESSION", `The ${compression} data ${problem(error)}.`, { cause: error });
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
		case "gz": return gunzip(input);
		case "xz": {
			const { default: xz } = await import("./xz-decompress.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
			return gather(new xz.XzReadableStream(webStream(input)));
		}
		case "zst": return zstandard(input);
		case "bz2": return bzip2(input);
	}
}
/** Pipes into one of Node's decoders and reads it; whichever side fails or stops first ends the other. */
async function* through(input, decoder) {
	pipeline(Readable.from(input, { objectMode: true }), decoder, () => {});
	for await (const chunk of decoder) yield chunk;
}
/**
* Node takes zeros after a member for the end of the file, whatever follows them, in silence. Readers of gzip do not
* agree on that: it is refused.
*/
async function* gunzip(input) {
	let received = 0;
	const counted = async function* () {
		for await (const chunk of input) {
			received += chunk.length;
			yield chunk;
		}
	};
	const decoder = zlib.createGunzip({ chunkSize: CHUNK });
	yield* through(counted(), decoder);
	if (decoder.bytesWritten !== received) throw new Error("there is more after the end of the stream");
}
async function* zstandard(input) {
	const frames = new ZstdFrames(input);
	try {
		let frame = await frames.next();
		if (frame === void 0) throw new Error("there is no data");
		for (; frame !== void 0; frame = await frames.next()) {
			yield* typeof zlib.createZstdDecompress === "function" ? through(frame, zlib.createZstdDecompress({ chunkSize: CHUNK })) : zstandardFrame(frame);
			if ((await frame.next()).done !== true) throw new Error("the frame has more than its blocks");
		}
	} finally {
		frames.close();
	}
}
async function* zstandardFrame(frame) {
	const { Decompress } = await import("./esm.js");
	let output = [];
	let ended = false;
	let burst = 0;
	const decoder = new Decompress((chunk, final) => {
		burst += chunk.length;
		if (burst > 33554432) throw new GrowthError();
		output.push(chunk);
		ended ||= final === true;
	});
	for await (const chunk of frame) {
		decoder.push(chunk);
		yield* output;
		output = [];
		burst = 0;
	}
	decoder.push(/* @__PURE__ */ new Uint8Array(), true);
	yield* output;
	if (!ended) throw new Error("the stream ends too early");
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
