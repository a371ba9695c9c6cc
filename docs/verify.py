#!/usr/bin/env python3
"""verify.py FOLDER [ANCHOR…]: verifies an archive of licensewatch. Exit 1: something is wrong."""
import hashlib, json, os, re, sys
if not os.path.isdir("".join(sys.argv[1:2])):
    sys.exit(print("usage:", __doc__, file=sys.stderr) or 2)
root, anchors, wrong, sealed, named = sys.argv[1], [a.lower() for a in sys.argv[2:]], [], {}, set()
for a in anchors:
    if not re.fullmatch("[0-9a-f]{8,64}", a):
        sys.exit(print("an anchor is 8 to 64 of the digits 0-9 and a-f, not", ascii(a), file=sys.stderr) or 2)
sys.stdout.reconfigure(errors="backslashreplace") # a name may be of any bytes
RECORD = re.compile(r"\d{4}/\d\d/\d\d/\d{6}Z-[0-9a-f]{6}/")
KEYS = "format account site run_id at program mode files missing previous".split()
def read(path):
    with open(path, "rb") as file: return file.read()
def check(account, record, files, hashes, told, followed):
    raw = read(files.pop("manifest.json"))
    hashes[record] = hashlib.sha256(raw).hexdigest()
    m = json.loads(raw)
    text = json.dumps(m, ensure_ascii=False, separators=(",", ":")) + "\n"
    name = re.sub("[-T]", "/", m["at"]).replace(":", "") + "-" + m["run_id"]
    if (list(m), m["format"], text.encode(), m["account"], name) != (KEYS, 1, raw, account, record) or len(raw) > 1 << 20:
        raise ValueError
    for f in m["files"]:
        path = files.pop(f["name"], None)
        if path is None or os.path.getsize(path) != f["size"] or hashlib.sha256(read(path)).hexdigest() != f["sha256"]:
            wrong.append(f"{account}/{record}/{f['name']}: missing" if path is None else path + ": changed")
        if (account[:5], f["name"]) == ("fleet", "accounts.json") and path is not None:
            named.update((f"{a['account']}/{a['record']}", a["sha256"]) for a in json.loads(read(path))["accounts"] if a["record"])
    wrong.extend(path + ": added" for path in files.values())
    told.update(missing["name"] for missing in m["missing"])
    before = (m["previous"] or {}).get("record")
    if before in followed:
        wrong.append(f"{account}/{record}: forked, two records follow {before}")
    followed.add(before)
    if before is not None and hashes.get(before) != m["previous"]["sha256"]:
        wrong.append(f"{account}/{before}: " + ("changed" if before in hashes else "missing or out of order"))
for account in sorted(name for name in os.listdir(root) if not re.match(r"probe$|\.tmp-", name) or os.path.isdir(os.path.join(root, name))):
    found, hashes, told, followed = {}, {}, set(), set()
    walk = os.walk(os.path.join(root, account)) if os.path.isdir(os.path.join(root, account)) else [(root, [], [account])]
    for path in (os.path.join(folder, name) for folder, _, names in walk for name in names):
        name = os.path.relpath(path, os.path.join(root, account)).replace(os.sep, "/")
        if RECORD.match(name) and not os.path.islink(path):
            found.setdefault(name[:25], {})[name[26:]] = path
        else:
            wrong.append(path + ": added")
    for record in sorted(record for record in found if "manifest.json" in found[record]):
        try:
            check(account, record, found[record], hashes, told, followed)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            wrong.append(f"{account}/{record}/manifest.json: changed")
        except OSError as e:
            wrong.append(f"{account}/{record}: unreadable: {e}")
    wrong.extend(f"{account}/{record}: not sealed" for record in found if record not in hashes and record not in told)
    sealed.update((f"{account}/{record}", h) for record, h in hashes.items())
wrong += [f"{record}: changed or missing, a record of the fleet names it" for record, h in sorted(named, key=str) if sealed.get(record) != h]
wrong += [f"no record has the hash {a}" for a in anchors if not any(h.startswith(a) for h in sealed.values())]
wrong += [] if sealed else ["no records; the folder to name is the one that holds the folders of the accounts"]
sys.exit(print("\n".join(wrong) or f"{len(sealed)} records are as they were sealed") or bool(wrong))
