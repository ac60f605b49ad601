"""Makes argon2id.txt: hashes by the reference implementation (argon2-cffi 25.1.0 over libargon2), a password and a hash a line."""
from argon2.low_level import Type, hash_secret

SALT = bytes(range(16))
for password, memory, passes, lanes in [
    ("correct horse battery staple", 19456, 2, 1),
    ("pässwörd mit ümlauten ☃", 19456, 2, 1),
    ("four lanes, less memory", 1024, 3, 4),
]:
    encoded = hash_secret(password.encode(), SALT, passes, memory, lanes, 32, Type.ID)
    print(password, encoded.decode(), sep="\t")
