// src/spelling.ts
/** The candidate that was probably meant, for a "did you mean"; undefined when none is near. */
function closest(word, candidates) {
	let best;
	let bestDistance = Math.floor(Math.max(word.length, 3) / 3) + 1;
	for (const candidate of candidates) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}
/** Levenshtein's distance, of words cut to 40 characters: what is typed wrong comes from outside. */
function editDistance(left, right) {
	const target = right.slice(0, 40);
	let previous = Array.from({ length: target.length + 1 }, (_, index) => index);
	for (const [row, letter] of [...left.slice(0, 40)].entries()) {
		const current = [row + 1];
		for (let column = 0; column < target.length; column++) {
			const substitution = (previous[column] ?? 0) + (target[column] === letter ? 0 : 1);
			current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
		}
		previous = current;
	}
	return previous.at(-1) ?? 0;
}
export { closest as t };
