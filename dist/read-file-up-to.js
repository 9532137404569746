import { a as openInput, t as ANYWHERE } from "./places.js";
// src/read-file-up-to.ts
/**
* Reads a whole file. It may say that it has another size than it has, and a pipe says none.
*
* @param limit bytes that it may have
* @param opened where it may lie
* @returns undefined where it has more
* @throws as openInput does
*/
async function readFileUpTo(file, limit, opened = ANYWHERE.open) {
	const handle = await opened(file, async (place) => await openInput(place));
	try {
		const chunks = [];
		for (let size = 0;;) {
			const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
			if (bytesRead === 0) return Buffer.concat(chunks, size);
			chunks.push(buffer.subarray(0, bytesRead));
			size += bytesRead;
			if (size > limit) return void 0;
		}
	} finally {
		await handle.close();
	}
}
const CHUNK = 65536;
export { readFileUpTo as t };
