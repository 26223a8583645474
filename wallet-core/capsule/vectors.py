"""Known answers for the capsule, by an implementation that shares nothing with ours: Python's cryptography and argon2-cffi.

pip install cryptography argon2-cffi; python3 vectors.py > src/vectors.json
"""
import hashlib, json, struct, unicodedata
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def hkdf(salt, secret, info, length):
    return HKDF(SHA256(), length, salt, info).derive(secret)


def passcode(text, k):
    salt = hkdf(None, k, b"pass-salt/v1", 32)
    w = hash_secret_raw(unicodedata.normalize("NFC", text).encode(), salt, 2, 19 * 1024, 1, 32, Type.ID)
    return hkdf(None, w, b"pass-auth/v1", 32), hkdf(None, w, b"pass-key/v1", 32)


def bucket(length):
    size = 4096
    while True:
        for room in (size, size * 3 // 2):
            if length <= room:
                return room
        size *= 2


def capsule(body, k, seed, salt, seq, end, p=None):
    manage = Ed25519PrivateKey.from_private_bytes(seed)
    public = manage.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    flags = bytes([1 if p else 0])
    out = hkdf(salt, k + (p or bytes(32)), b"badge-wallet/capsule/v1" + flags, 76)
    id = hashlib.sha256(b"link-id/v1" + public).digest()[:16]
    header = b"BWCP\x01" + flags + salt + id + struct.pack(">QQ", seq, end) + public + out[44:]
    text = struct.pack(">I", len(body)) + body
    text += bytes(bucket(len(text)) - len(text))
    sealed = AESGCM(out[:32]).encrypt(out[32:44], text, header)
    signature = manage.sign(b"badge-wallet/capsule-sig/v1" + header + hashlib.sha256(sealed).digest())
    return header + signature + sealed


def manage(seed, origin, action, id, seq, end, auth_hash, body):
    part = hashlib.sha256((b"\x01" + auth_hash if auth_hash else b"\x00") + body).digest()
    message = b"badge-wallet/manage/v1\0" + struct.pack(">H", len(origin)) + origin.encode() + bytes([action]) + id + struct.pack(">QQ", seq, end) + part
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


k, seed, salt = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
auth, key = passcode("Zes fietsen e\u0301n", k)
plain = capsule(b"een badge", k, seed, salt, 1, 0)
locked = capsule(b"b" * 5000, k, seed, salt, 7, 1800000000, key)
hash = hashlib.sha256(auth).digest()
print(json.dumps({
    "plain_sha256": hashlib.sha256(plain).hexdigest(), "plain_header": plain[:134].hex(), "plain_length": len(plain),
    "locked_sha256": hashlib.sha256(locked).hexdigest(), "locked_header": locked[:134].hex(), "locked_length": len(locked),
    "auth": auth.hex(), "auth_hash": hash.hex(), "pass_key": key.hex(),
    "create": manage(seed, "https://delen.example", 1, plain[38:54], 1, 0, hash, plain).hex(),
    "stop": manage(seed, "https://delen.example", 3, plain[38:54], 8, 0, None, b"").hex(),
}, indent=2))
