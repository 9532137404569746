import { A as string, O as strictObject, S as pipe, T as regex, _ as nullable, b as optional, c as isoDate, f as maxLength, h as minValue, i as description, l as isoTimestamp, n as boolean, o as integer, t as array, u as literal, v as number, w as record, x as picklist } from "./dist.js";
import { t as STATEMENT_TYPE } from "./statement-type.js";
// src/report/report-schema.ts
/**
* The shape of `report.json`: an in-toto Statement v1 (in-toto attestation framework, spec/v1/statement.md) whose
* predicate is the report. The types that write it and the JSON Schema in schemas/ are made from this.
*/
const PREDICATE_TYPE = "urn:debproof:report:v1";
const hex256 = pipe(string(), regex(/^[0-9a-f]{64}$/));
const evidenceName = pipe(string(), regex(/^sha256:[0-9a-f]{64}$/));
const time = pipe(string(), isoTimestamp());
const count = pipe(number(), integer(), minValue(0));
const verdict = picklist([
	"identical",
	"reproduced",
	"excepted",
	"mismatch",
	"unproven",
	"unlisted",
	"forbidden",
	"undecided"
]);
const excusable = picklist([
	"mismatch",
	"forbidden",
	"unproven",
	"unlisted",
	"undecided"
]);
const reportedPackage = strictObject({
	name: string(),
	version: string(),
	architecture: pipe(nullable(string()), description("null where neither a list nor an archive says it.")),
	kind: picklist(["binary", "source"]),
	sha256: pipe(nullable(hex256), description("Of the .deb, or of the .dsc; null where it is not known.")),
	expected: optional(pipe(array(hex256), description("For a mismatch: what the upstream signed, or rebuilders got, instead; absent where none is known."))),
	hashFrom: pipe(nullable(picklist([
		"deb",
		"list",
		"apt-lists",
		"archive"
	])), description("How the hash of what the build used is known, strongest first; null where it is not.")),
	archive: pipe(nullable(string()), description("The archive that lists it; null where none does.")),
	vouchedBy: optional(pipe(array(string()), description("Of one that is proven: the archives of the policy on whose word that rests. With several, each of them lists a file under this name and vouches for its own, and which of these was used is open."))),
	vouchedAt: optional(pipe(time, description("For an identical one: the Date of the release file that vouches for it, of the oldest if several."))),
	verdict,
	selfVouched: optional(pipe(array(string()), description("The archives on whose own word alone it rests: nobody else vouches for a file that the build may have used. Absent where somebody else does, and for what did not pass."))),
	excepted: optional(pipe(strictObject({
		verdict: excusable,
		reason: string(),
		until: optional(string())
	}), description("With the verdict excepted: which verdict the exception hides, why that is accepted, and the last day of it."))),
	reason: string(),
	evidence: array(evidenceName)
});
const unprovenFile = strictObject({
	name: string(),
	version: string(),
	architecture: string(),
	sha256: pipe(nullable(hex256), description("null where its stanza does not state it once and in the usual form.")),
	index: pipe(string(), description("The index that lists it: suite and path."))
});
const evidence = strictObject({
	kind: picklist([
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
	url: string(),
	size: count,
	date: pipe(nullable(time), description("The Date of the release file, or of the one that lists the index; when a statement was signed; null where nothing that is signed says it.")),
	signers: pipe(array(string()), description("Fingerprints of the keys whose signatures count: primary keys, for OpenPGP.")),
	parties: optional(pipe(array(string()), description("The rebuilders whose statement it is, as the policy names them.")))
});
const reportSchema = strictObject({
	_type: literal(STATEMENT_TYPE),
	subject: pipe(array(strictObject({
		name: string(),
		digest: strictObject({ sha256: hex256 })
	})), description("The images, or the package lists where no image was named.")),
	predicateType: literal(PREDICATE_TYPE),
	predicate: strictObject({
		verdict: picklist([
			"pass",
			"fail",
			"undecided"
		]),
		release: nullable(string()),
		at: pipe(time, description("The clock that every decision was made by.")),
		clock: optional(pipe(strictObject({
			from: picklist([
				"option",
				"policy",
				"list",
				"now"
			]),
			lists: optional(array(string()))
		}), description("Where the clock comes from: it was given, or the policy says it, or lets a package list say it (lists: which ones), or the machine."))),
		keysDay: optional(pipe(string(), isoDate(), description("The day by which the last days (`until`) of public keys were judged, where one that counted at the clock was over when the run was made: what such a key signs has no date of its own."))),
		tool: strictObject({
			name: string(),
			version: string()
		}),
		unsigned: optional(pipe(picklist(["requested", "pull-request"]), description("Why it was written without a signature: somebody asked for that, or the pipeline of a pull or merge request had no key. Absent where it was signed when it was written."))),
		policy: strictObject({ sha256: pipe(hex256, description("Of the policy file; of the apt sources for --system.")) }),
		run: optional(pipe(strictObject({
			system: pipe(boolean(), description("Whether the policy was made of a system's apt sources (--system).")),
			offline: pipe(boolean(), description("Whether the network was left alone (--offline).")),
			deep: pipe(boolean(), description("Whether package files were downloaded and hashed (--deep).")),
			variables: pipe(record(string(), string()), description("The environment variables that the policy uses, by name.")),
			files: pipe(array(strictObject({
				name: string(),
				sha256: hex256
			})), description("What the policy names and was read, such as keys: relative to the policy where it is below it, else the last part of its name; sorted."))
		}), description("What the run was given beside policy and lists, as far as a verdict can depend on it."))),
		lists: array(strictObject({
			name: string(),
			format: string(),
			sha256: hex256,
			packages: count
		})),
		counts: strictObject({
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
		archives: array(strictObject({
			name: string(),
			require: picklist([
				"identical",
				"reproduced",
				"absent"
			]),
			url: string(),
			suites: array(string()),
			upstreams: optional(pipe(array(strictObject({
				kind: picklist([
					"live",
					"snapshots",
					"store"
				]),
				place: string(),
				keys: pipe(array(string()), description("Fingerprints of the primary keys that may sign for it.")),
				at: optional(pipe(time, description("Of snapshots and store: the instant around which states were asked for."))),
				lists: optional(pipe(array(string()), description("The package lists that told `at`; absent where none did.")))
			})), description("Who is trusted to say what its packages are, in the order of the policy."))),
			rebuilders: optional(pipe(strictObject({
				threshold: pipe(nullable(pipe(number(), integer(), minValue(1))), description("How many parties the policy asks for; null where the layout alone says it.")),
				sourceRequired: boolean(),
				parties: array(strictObject({
					name: string(),
					keys: pipe(array(string()), description("Fingerprints of the keys that count as its own.")),
					places: array(strictObject({
						format: string(),
						url: string()
					})),
					cosigned: optional(pipe(literal(true), description("The policy says that it built what the sums list that it signs with others.")))
				})),
				layout: pipe(nullable(strictObject({
					sha256: hex256,
					places: array(string())
				})), description("The in-toto layout whose keys are parties too."))
			}), description("Who was asked to have rebuilt its packages."))),
			unproven: optional(pipe(strictObject({
				listed: pipe(count, description("How many different .debs its indexes list.")),
				count: pipe(count, description("How many of them nobody vouches for.")),
				files: pipe(array(unprovenFile), description("The first hundred of these, sorted by name.")),
				unread: pipe(array(string()), description("What could not be read of those who might vouch for them.")),
				action: pipe(picklist(["report", "fail"]), description("What the policy makes of them (`unproven-files`)."))
			}), description("What it lists and nobody vouches for, whether or not it was used. Absent where the archive is its own upstream, and where no binary package was used."))),
			selfVouched: optional(pipe(strictObject({
				keys: pipe(array(string()), description("Fingerprints of the primary keys that sign what it serves and vouch for that too.")),
				packages: count
			}), description("How many packages rest on its own word alone, and by which keys; absent where it has no such key. The keys that come with debproof are none."))),
			unread: pipe(array(strictObject({
				what: string(),
				code: string(),
				reason: string()
			})), description("What could not be read of it, and why.")),
			notes: array(string())
		})),
		hashes: optional(pipe(literal("required"), description("Where a package whose hash no list states was to be undecided, by the policy or on request."))),
		otherArchives: optional(pipe(strictObject({
			action: picklist(["fail", "ignore"]),
			reason: pipe(nullable(string()), description("Why the policy ignores them.")),
			found: array(strictObject({
				folder: string(),
				files: array(string())
			}))
		}), description("Release files and indexes among apt's lists that no archive of the policy reads, where any are."))),
		upstreams: optional(pipe(array(strictObject({
			name: string(),
			unread: array(strictObject({
				what: string(),
				code: string(),
				reason: string()
			})),
			notes: array(string())
		})), description("Of which states of the upstreams something is to be known: what was not read, keys, gaps."))),
		exceptions: array(strictObject({
			package: string(),
			version: nullable(string()),
			architecture: nullable(string()),
			archive: nullable(string()),
			sha256: optional(pipe(hex256, description("The very file that it excuses; absent where it names none."))),
			verdict: optional(pipe(excusable, description("The one verdict that it excuses; absent for unproven and unlisted."))),
			reason: string(),
			until: nullable(string()),
			status: picklist([
				"used",
				"unused",
				"expired"
			]),
			packages: count,
			unexcused: optional(pipe(array(excusable), description("Verdicts of packages that it names and does not excuse; absent where there are none.")))
		})),
		packages: array(reportedPackage),
		evidence: record(evidenceName, evidence),
		shard: optional(pipe(strictObject({
			index: pipe(number(), integer(), minValue(1)),
			of: pipe(number(), integer(), minValue(1)),
			total: count,
			plan: optional(pipe(string(), regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), maxLength(64), description("The id that all parts of one plan have; only such parts are merged.")))
		}), description("Which part of the packages this is, of how many parts, and how many packages all have together."))),
		bundle: optional(pipe(nullable(strictObject({
			index: evidenceName,
			kept: picklist(["needed", "all"]),
			files: count,
			size: count
		})), description("The evidence that the verdicts can be derived from again: the SHA-256 of evidence/index.json, which names all files, how many they are, and their bytes together. null where none was kept."))),
		trust: pipe(array(strictObject({
			packages: count,
			of: string(),
			trusts: string()
		})), description("What still has to be trusted, for each class of packages."))
	})
});
export { reportSchema as n, PREDICATE_TYPE as t };
